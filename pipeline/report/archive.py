"""The shelf on which reports stand: where each is kept, which is due, and a page that lists them.

reports/index.html                        every report there is
reports/report-2026-03-16-nl.html         of a night; latest-nl.html is the newest
reports/weeks/report-2026-W11-nl.html     of a week
reports/quarters/report-2026-Q1-nl.html   of a quarter

A competitor's ends in its name.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import msgspec
from markupsafe import Markup

from pipeline.report import Kind, page
from pipeline.report.facts import Facts
from pipeline.report.span import Span
from pipeline.report.words import LOCALES, Words, named

INDEX: Final = "index.html"
FOLDERS: Final[dict[Kind, str]] = {"night": "", "week": "weeks", "quarter": "quarters"}
ENDED: Final[tuple[Kind, ...]] = ("week", "quarter")
_NAME: Final = re.compile(
    r"report-(?P<name>\d{4}-(?:\d\d-\d\d|W\d\d|Q[1-4]))-(?P<language>[a-z]{2})(?:-(?P<whose>.+))?"
    r"\.html"
)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A report on the shelf; ``whose`` is empty for the company itself."""

    name: str
    language: str
    whose: str
    address: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What was reported on at one time, and each page that does."""

    label: str
    links: tuple[tuple[str, str, str], ...]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Reports of one kind, the newest first."""

    key: Kind
    title: str
    lines: tuple[Line, ...]


def place(folder: Path, facts: Facts, language: str, *, is_own: bool) -> Path:
    """Where a report stands; a competitor's carries its name and a digest of it."""
    name = facts.night.isoformat() if facts.span.kind == "night" else facts.span.name
    stem = f"report-{name}-{language}"
    file = f"{stem}.html" if is_own else f"{stem}-{_slug(facts.organisation)}.html"
    return folder / FOLDERS[facts.span.kind] / file


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{readable}-{digest}" if readable else digest


def keep(html: str, path: Path) -> None:
    """Write a report beside its predecessors, whole or not at all, and point ``latest`` at it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, html)
    latest = path.with_name(re.sub(r"^report-\d{4}-[\dWQ-]+-(?=[a-z])", "latest-", path.name))
    link = path.with_name(f".{latest.name}.new")
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(newest(path))
    except OSError:  # a file system without symbolic links gets a copy
        replace(latest, html)
    else:
        link.replace(latest)


def newest(path: Path) -> str:
    """The name of the newest report of the same kind, language and organisation."""
    found = _NAME.fullmatch(path.name)
    if not found:
        return path.name
    alike = [
        each.name
        for each in path.parent.glob("report-*.html")
        if (other := _NAME.fullmatch(each.name))
        and other["language"] == found["language"]
        and other["whose"] == found["whose"]
    ]
    return max(alike, default=path.name)


def replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def due(folder: Path, facts: Facts, language: str) -> Iterator[Span]:
    """The week and the quarter that ended since Luister began to report, and have no report yet.

    One is due when a night that came before its end has left its report: what ended before the
    first night was not listened to while it lasted.
    """
    nights = [
        date.fromisoformat(each.name)
        for each in _kept(folder, "night")
        if each.language == language and not each.whose
    ]
    for kind in ENDED:
        span = Span.ended(kind, facts.last_day)
        path = place(folder, msgspec.structs.replace(facts, span=span), language, is_own=True)
        if not path.exists() and nights and min(nights) <= span.last:
            yield span


def write_index(folder: Path, organisation: str, words: Words) -> Path:
    """Write the page that lists every report there is, and drop pointers to what is gone."""
    for kind in FOLDERS:
        for pointer in (folder / FOLDERS[kind]).glob("latest-*.html"):
            if not pointer.exists():
                pointer.unlink()
    sheet = page.style()
    html = (
        page.environment(words)
        .get_template("archive.html")
        .render(
            language=words.language,
            policy=page.policy(sheet),
            sheet=Markup(sheet),  # noqa: S704 - our own file
            organisation=named(organisation),
            groups=[group for group in _groups(folder, words) if group.lines],
        )
    )
    replace(folder / INDEX, html)
    return folder / INDEX


def _groups(folder: Path, words: Words) -> list[Group]:
    titles: dict[Kind, str] = {
        "quarter": words.say("Quarters"),
        "week": words.say("Weeks"),
        "night": words.say("Nights"),
    }
    return [
        Group(key=kind, title=title, lines=tuple(_lines(_kept(folder, kind), kind, words)))
        for kind, title in titles.items()
    ]


def _lines(kept: Sequence[Kept], kind: Kind, words: Words) -> Iterator[Line]:
    for name in sorted({each.name for each in kept}, reverse=True):
        pages = [each for each in kept if each.name == name]
        pages.sort(key=lambda each: (each.whose, each.language != words.language, each.language))
        yield Line(
            label=_label(kind, name, words),
            links=tuple((each.address, each.language, _link(each, words)) for each in pages),
        )


def _label(kind: Kind, name: str, words: Words) -> str:
    if kind == "night":
        return words.heading(date.fromisoformat(name)) + f" {name[:4]}"
    if kind == "week":
        first = date.fromisocalendar(int(name[:4]), int(name[-2:]), 1)
    else:
        first = date(int(name[:4]), 3 * int(name[-1]) - 2, 1)
    span = Span.around(kind, first)
    days = words.say(
        "{first} to {last}", first=words.day(span.first, form="d MMMM"), last=words.day(span.last)
    )
    return f"{span.named(words)}, {days}"


def _link(kept: Kept, words: Words) -> str:
    language = words.locale.parse(LOCALES[kept.language]).get_language_name(kept.language) or ""
    shown = language[:1].upper() + language[1:]
    return f"{shown} ({kept.whose.rpartition('-')[0] or kept.whose})" if kept.whose else shown


def _kept(folder: Path, kind: Kind) -> list[Kept]:
    """The reports of a kind, in the order of their names."""
    found = []
    for path in sorted((folder / FOLDERS[kind]).glob("report-*.html")):
        parts = _NAME.fullmatch(path.name)
        if parts and parts["language"] in LOCALES and _is_of(kind, parts["name"]):
            found.append(
                Kept(
                    name=parts["name"],
                    language=parts["language"],
                    whose=parts["whose"] or "",
                    address=path.relative_to(folder).as_posix(),
                )
            )
    return found


def _is_of(kind: Kind, name: str) -> bool:
    return {"W": "week", "Q": "quarter"}.get(name[5], "night") == kind
