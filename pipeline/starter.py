"""The commented luister.toml a new user starts from: it listens without any key."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import msgspec

from pipeline.config import SCHEMA_NAME
from pipeline.examples import PLATFORMS, commented

_TEMPLATE: Final = """\
#:schema ./{schema}
# What Luister listens to for {comment}.
# After every change: `luister check`. All keys: docs/configuration.md

language = "nl"                   # language of the report: "nl" or "en"
timezone = "Europe/Amsterdam"     # days, weeks and opening hours are counted here
contact = "{contact}"   # your mail or page, told to every server we ask
data = "data"                     # folder for all Luister keeps: keep it private

[organisation]
name = {name}
aliases = []                      # other names people use: ["Zonneveld", "Zonneveld Energie"]
exclude = []                      # longer names that mean somebody else: ["Zonneveld Makelaars"]
# query = "Zonneveld AND (stroom OR gas OR energie)"   # docs/query-language.md
# context = ["stroom"]            # words that make a post with the name more likely about you,
# not_context = ["makelaar"]      # and words that make it less likely
domains = []                      # your web domains, links to them count: ["zonneveld.nl"]
{tags:<33} # hashtags, without #

[organisation.accounts]           # where the company itself speaks
mastodon = []                     # ["zonneveld@mastodon.nl"]
bluesky = []                      # ["zonneveld.bsky.social"]

[organisation.employees]          # declared employee accounts: counted apart, never as customers

# A competitor has the same keys as the company; repeat the block for each.
# [[competitor]]
# name = "Windkracht"
# aliases = ["Windkracht BV"]
# [competitor.accounts]
# bluesky = ["windkracht.bsky.social"]

# --- Sources: one block for each thing to listen to ---------------------------------------
# Without any key: feeds and news searches, Mastodon tags, Bluesky timelines, Hacker News.

[[source]]
name = "news"
platform = "feed"
language = "nl"
# A news search for your names; "google-news" exists too, for personal use only.
options = {{ search = ["bing-news"] }}

# [[source]]
# name = "blogs"
# platform = "feed"
# urls = ["https://example.org/feed.xml"]

[[source]]
name = "mastodon"
platform = "mastodon"
server = "https://mastodon.social"
# With a token (Preferences > Development, read rights only) in the environment variable
# MASTODON_ACCESS_TOKEN, search and inbox work too.

[[source]]
name = "bluesky"
platform = "bluesky"
# With BSKY_IDENTIFIER and BSKY_APP_PASSWORD (Settings > App passwords) in the environment,
# search and inbox work too.

[[source]]
name = "hackernews"
platform = "hackernews"

# More platforms; which keys each needs, and how to get them: docs/connectors.md

{examples}

[opening_hours]                   # when people may expect an answer; a day left out is closed
monday = "09:00-17:30"
tuesday = "09:00-17:30"
wednesday = "09:00-17:30"
thursday = "09:00-17:30"
friday = "09:00-17:30"

[collection]
backfill_days = 30                # how far back the first night reads
window_days = 7                   # re-read this far back every night: replies come late

# [inbox]                         # `luister inbox`: who waits for an answer
# target_hours = 8                # opening hours; complaint_target_hours = 4

# [alerts]                        # sent as the last step of the night; `luister alert --test`
# quiet_hours = "22:00-07:30"
# [[alerts.place]]
# name = "team"
# address = "LUISTER_ALERT_TEAM"  # environment variable that holds mailto://..., slack://...

# How much of a platform may be taken; `luister run --dry-run` shows what is left.
# X charges for every post read again: give its source window_days = 1 and refresh_per_source = 200,
# or 0 with options = {{ compliance = true }}: then X tells in one job which known posts are gone.
# [budget.x]
# per = "month"
# euro = 50
# [budget.youtube]
# quotas = {{ searches = 80 }}
"""


def starter_config(name: str) -> str:
    """A luister.toml for a company called ``name``, whatever is in the name."""
    printable = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    return _TEMPLATE.format(
        examples=commented(each for each in PLATFORMS if f'"{each}"' not in _TEMPLATE),
        schema=SCHEMA_NAME,
        comment=printable,
        contact="webcare@example.org",
        name=msgspec.json.encode(printable).decode(),
        tags=f"tags = [{msgspec.json.encode(_tag(printable)).decode() if _tag(printable) else ''}]",
    )


def _tag(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)
