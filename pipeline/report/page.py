"""The page: one HTML file that asks nothing of the network and runs nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

from pipeline.report.facts import Facts
from pipeline.report.method import Method
from pipeline.report.story import Chapter, Tile
from pipeline.report.words import Words, named

TEMPLATES: Final = Path(__file__).parent / "templates"
SAFE_SCHEMES: Final = frozenset({"http", "https"})
_OWN_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)*")


def safe_link(address: str) -> str:
    """The address when a click on it is harmless (http or https), else an empty string."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme.lower() in SAFE_SCHEMES and parts.netloc else ""


def own_file(address: str) -> str:
    """The address when it names a file beside or below the page, else an empty string."""
    return address if _OWN_FILE.fullmatch(address) else ""


def environment(words: Words) -> jinja2.Environment:
    """Templates that escape everything and refuse what is undefined."""
    built = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    built.globals["say"] = words.say
    built.filters["safe_link"] = safe_link
    built.filters["own_file"] = own_file
    return built


def style(name: str = "report.css") -> str:
    """A style sheet, without what only its writers need."""
    sheet = (TEMPLATES / name).read_text(encoding="utf-8")
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return re.sub(r"\s+", " ", sheet).strip()


def policy(sheet: str) -> str:
    """The content security policy: this style sheet, pictures inside the page, nothing else."""
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def render(
    facts: Facts,
    tiles: Sequence[Tile],
    chapters: Sequence[Chapter],
    method: Method,
    words: Words,
) -> str:
    """The whole page as HTML."""
    sheet = style()
    return (
        environment(words)
        .get_template("report.html")
        .render(
            language=words.language,
            policy=policy(sheet),
            sheet=Markup(sheet),  # noqa: S704 - our own file
            organisation=named(facts.organisation),
            night=_when(facts, words),
            eyebrow=facts.span.eyebrow(words),
            heading=facts.span.heading(words),
            dateline=_dateline(facts, words),
            published=words.moment(facts.published_at) if facts.published_at else "",
            run_id=facts.run_id or "",
            version=facts.version or "",
            tiles=tiles,
            chapters=chapters,
            method=method,
        )
    )


def _when(facts: Facts, words: Words) -> str:
    """What a report is of, in few words."""
    if facts.span.kind == "night":
        return words.day(facts.night)
    return facts.span.named(words)


def _dateline(facts: Facts, words: Words) -> str:
    first, last = words.day(facts.window_start), words.day(facts.last_day)
    if facts.span.kind == "night":
        return words.say(
            "{weekday}, over the 28 days from {first} to {last}",
            weekday=words.heading(facts.night),
            first=first,
            last=last,
        )
    return words.say(
        "{period}, from {first} to {last}", period=facts.span.named(words), first=first, last=last
    )
