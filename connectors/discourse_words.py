"""What a post of a Discourse forum says itself: not what it quotes, nor what a page says of itself.

A quote, the preview of a page and the part of a mail that is folded away stand inside the HTML of
a post, each in an element that may hold others of its kind. So do what the forum tells of a picture
(its file, its size) and the votes of a poll.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_TAG: Final = re.compile(r"<(?P<close>/?)(?P<name>aside|details)\b(?P<told>[^<>]*)>", re.IGNORECASE)
_KIND: Final = re.compile(r"\bclass=[\"'][^\"'<>]*?\b(?P<kind>quote|onebox|elided)\b")
_TOPIC: Final = re.compile(r"\bdata-topic=[\"'](\d+)[\"']")
_NUMBER: Final = re.compile(r"\bdata-post=[\"'](\d+)[\"']")
_PAGE: Final = re.compile(r"\b(?:data-onebox-src|href)=\"(?P<address>[^\"<>]*)\"")


_TOLD_BY_FORUM: Final = re.compile(
    r'<div class="meta">(?:[^<]|<(?!/?div\b))*+</div>'
    r'|<span class="info-(?:number|label|text)">[^<]*</span>'
)
NO_LINK: Final = re.compile(
    r'<a\b(?=[^<>]*\bclass="(?:mention|hashtag|lightbox|anchor|badge-category)\b)[^<>]*>'
)
"""Leads to a person, a label, a picture of the post itself, or a heading in it."""


class Said(NamedTuple):
    """HTML of a post without what others said, and the topic and post it quotes first."""

    markup: str
    quoted: tuple[str, str] | None = None


def own_words(markup: str) -> Said:
    """What is left; a preview leaves the address of its page, which is what was written."""
    if 'class="meta"' in markup or 'class="info-' in markup:
        markup = _TOLD_BY_FORUM.sub("", markup)
    if "<aside" not in markup and "<details" not in markup:
        return Said(markup)
    parts: list[str] = []
    quoted: tuple[str, str] | None = None
    at = depth = 0
    preview: int | None = None
    name = ""
    for tag in _TAG.finditer(markup):
        if depth:
            if tag["name"].lower() == name:
                depth += -1 if tag["close"] else 1
                at = tag.end()
                if preview is not None and not depth:
                    parts.append(_address(_PAGE.search(markup, preview, at)))
                    preview = None
            continue
        found = None if tag["close"] else _KIND.search(tag["told"])
        if found is None:
            continue
        parts.append(markup[at : tag.start()])
        name, depth, at = tag["name"].lower(), 1, tag.end()
        if found["kind"] == "onebox":
            preview = tag.start()
        elif found["kind"] == "quote" and quoted is None:
            topic, number = _TOPIC.search(tag["told"]), _NUMBER.search(tag["told"])
            quoted = (topic[1], number[1]) if topic and number else None
    parts.append("" if depth else markup[at:])
    return Said("".join(parts), quoted)


def _address(page: re.Match[str] | None) -> str:
    """What stands for the preview of a page."""
    return f'<p><a href="{page["address"]}">{page["address"]}</a></p>' if page else ""
