"""How a post is shown to somebody who reads: platforms by their names, mentions without a code.

In the published file a person is a pseudonym of 32 digits, in texts too. To a reader that is noise:
the accounts of the company and its competitors get their name back, all others are left open. What
was taken out of a text (a name, a phone number) is told in the language of the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pipeline.report.words import Words, clean, later, named

PLATFORMS: Final[Mapping[str, str]] = {
    "appstore": "App Store",
    "bluesky": "Bluesky",
    "discourse": "Discourse",
    "facebook": "Facebook",
    "gdelt": "GDELT",
    "github": "GitHub",
    "googlebusiness": "Google Business",
    "googleplay": "Google Play",
    "hackernews": "Hacker News",
    "hyves": "Hyves",
    "instagram": "Instagram",
    "isso": "Isso",
    "lemmy": "Lemmy",
    "linkedin": "LinkedIn",
    "mastodon": "Mastodon",
    "reddit": "Reddit",
    "stackexchange": "Stack Exchange",
    "threads": "Threads",
    "tiktok": "TikTok",
    "trustpilot": "Trustpilot",
    "tumblr": "Tumblr",
    "twitter": "Twitter",
    "wikimedia": "Wikipedia",
    "wordpress": "WordPress",
    "x": "X",
    "youtube": "YouTube",
}
SOMEBODY: Final = "@…"
MASKS: Final = (
    later("[name]"),
    later("[mail]"),
    later("[phone]"),
    later("[address]"),
    later("[iban]"),
    later("[bsn]"),
    later("[number]"),
    later("[date]"),
    later("[link]"),
)
"""What stands in a text for what was taken out of it (``scrub``, ``naming`` and the SQL masks)."""
_MASK: Final = re.compile("|".join(re.escape(mask) for mask in MASKS))
_PSEUDONYM: Final = re.compile(r"@([0-9a-f]{32})(?![0-9a-f])")


def platform(name: str, words: Words) -> str:
    """What readers call a platform; one that has no name of its own as it is."""
    ours = {
        "feed": words.say("news and blogs"),
        "archives": words.say("archives"),
        "table": words.say("tables"),
    }
    return ours.get(name) or PLATFORMS.get(name) or named(name)


def mentions(text: str, accounts: Mapping[str, str]) -> str:
    """A text in which each pseudonym is the organisation it speaks for, or somebody.

    Args:
        text: as it stands in the published file.
        accounts: organisations by the pseudonyms of their accounts.
    """

    def name(found: re.Match[str]) -> str:
        organisation = accounts.get(found[1])
        return f"@{named(organisation)}" if organisation else SOMEBODY

    return _PSEUDONYM.sub(name, text)


def told(text: str, accounts: Mapping[str, str], words: Words) -> str:
    """What somebody said, in full: mentions without a code, masks in the reader's language."""
    masked = _MASK.sub(lambda found: words.say(found[0]), mentions(text, accounts))
    return clean(masked)


def quoted(text: str, longest: int, accounts: Mapping[str, str], words: Words) -> str:
    """What somebody said, on one line and not too long."""
    plain = " ".join(told(text, accounts, words).split())
    if len(plain) > longest:
        plain = plain[:longest].rstrip() + "…"
    return plain or words.say("(no text)")
