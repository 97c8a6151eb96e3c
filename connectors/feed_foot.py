"""What a program adds below an entry of a feed: whose entry it is, and where it goes on."""

from __future__ import annotations

import re
from typing import Final

from connectors.feed_names import canonical, site
from connectors.markup import plain_text

_LINK: Final = r"<a\b[^<>]*?\bhref=[\"'](?P<{}>[^\"'<>]*)[\"'][^<>]*>(?:(?!</a>).){{0,{}}}</a>"
_FOOT: Final = re.compile(
    rf"<p\b[^<>]*>\s*[^<]{{1,60}}{_LINK.format('entry', 500)}"
    rf"[^<]{{1,60}}{_LINK.format('site', 500)}[^<]{{0,9}}</p>\s*\Z"
    r"|(?:<p>\s*<small>\d[^<]{0,60}</small>\s*</p>\s*)?"
    rf"<p\b[^<>]*>\s*{_LINK.format('more', 60)}\s*</p>\s*\Z",
    re.DOTALL,
)
_LAST: Final = 3_000
_AT_MOST: Final = 3
"""Feet below each other: "read on", and below it "appeared first on"."""


def without_foot(html: str, page: str | None) -> str:
    """The words of an entry without last paragraphs that only lead to its own ``page``.

    "The post … appeared first on …" names the site in every entry, in any language; "Read on" and
    "Read full topic" are no words of who wrote. An entry that says nothing else stays as it is.
    """
    for _ in range(_AT_MOST if page and "</a>" in html[-_LAST:] else 0):
        start = max(0, len(html) - _LAST)
        found = _FOOT.search(html, start)
        if found is None or not _leads_to(found, page or ""):
            break
        if not plain_text(html[: found.start()]):
            break
        html = html[: found.start()]
    return html


def _leads_to(found: re.Match[str], page: str) -> bool:
    """Whether the links of a foot are the entry's page and, if there are two, its site."""
    if canonical(found["entry"] or found["more"]) != canonical(page):
        return False
    return found["site"] is None or site(found["site"]) == site(page)
