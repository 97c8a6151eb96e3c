"""A worked example of a source for each platform, as it stands in luister.toml.

Secrets stand in environment variables: docs/connectors.md names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_LINES: Final[Mapping[str, str]] = {
    "appstore": 'accounts = ["1234567890"]\noptions = { countries = ["nl", "be"] }',
    "archives": 'urls = ["/data/twitter-2026-01-31.zip"]\naccounts = ["zonneveld"]',
    "bluesky": 'accounts = ["zonneveld.bsky.social"]',
    "discourse": 'urls = ["https://forum.example.org"]\naccounts = ["zonneveld@forum.example.org"]',
    "facebook": 'accounts = ["104412345678901"]          # the number of your page',
    "feed": 'urls = ["https://example.org/feed.xml"]\noptions = { search = ["bing-news"] }',
    "gdelt": 'language = "nl"',
    "github": 'accounts = ["zonneveld"]\noptions = { repositories = ["zonneveld/app"] }',
    "googlebusiness": 'accounts = ["accounts/123/locations/456"]',
    "googleplay": 'accounts = ["nl.zonneveld.app"]         # the name of your app\'s package',
    "hackernews": 'accounts = ["zonneveld"]',
    "hyves": 'urls = ["/data/krabbels.csv"]\naccounts = ["zonneveld"]',
    "instagram": 'accounts = ["17841400000000000"]\ntags = ["zonneveld"]',
    "isso": 'server = "https://comments.example.org"\nurls = ["https://www.example.org/blog/1"]',
    "lemmy": 'server = "https://lemmy.world"\naccounts = ["zonneveld@lemmy.world"]',
    "linkedin": 'accounts = ["12345678"]                 # the number of your page',
    "mastodon": 'server = "https://mastodon.nl"\ntags = ["zonneveld"]',
    "reddit": 'accounts = ["zonneveld"]\noptions = { subreddits = ["thenetherlands"] }',
    "stackexchange": 'tags = ["zonneveld-api"]\noptions = { sites = ["stackoverflow"] }',
    "table": (
        'urls = ["/data/calls.csv"]\n'
        'options = { timezone = "Europe/Amsterdam", map = { text = "Message" } }'
    ),
    "threads": 'accounts = ["17841400000000001"]\ntags = ["zonneveld"]',
    "tiktok": 'accounts = ["zonneveld"]',
    "trustpilot": 'accounts = ["zonneveld.nl"]',
    "tumblr": 'accounts = ["zonneveld"]\ntags = ["zonneveld"]',
    "wikimedia": 'language = "nl"\nurls = ["https://nl.wikipedia.org/wiki/Zonneveld"]',
    "wordpress": 'urls = ["https://www.example.org"]',
    "x": (
        'accounts = ["zonneveld"]\n'
        "window_days = 1                         # what is read again is paid for again\n"
        "refresh_per_source = 0\n"
        "options = { compliance = true }         # one job tells which posts are gone"
    ),
    "youtube": 'accounts = ["UC0000000000000000000000"]\nlanguage = "nl"',
}
PLATFORMS: Final = tuple(_LINES)


def example(platform: str) -> str:
    """The block for a platform."""
    head = f'[[source]]\nname = "{platform}"\nplatform = "{platform}"'
    return f"{head}\n{_LINES[platform]}".rstrip()


def commented(platforms: Iterable[str]) -> str:
    """Blocks as comments, an empty line between them."""
    blocks = (example(each).splitlines() for each in platforms)
    return "\n\n".join("\n".join(f"# {line}" for line in block) for block in blocks)
