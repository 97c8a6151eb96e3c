"""The page: one HTML file that asks nothing of the network and runs nothing."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import unicodedata
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


def safe_link(address: str) -> str:
    """The address when a click on it is harmless (http or https), else an empty string."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme.lower() in SAFE_SCHEMES and parts.netloc else ""


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
            night=words.day(facts.night),
            weekday=words.heading(facts.night),
            first_day=words.day(facts.window_start),
            last_day=words.day(facts.last_day),
            published=words.moment(facts.published_at) if facts.published_at else "",
            run_id=facts.run_id or "",
            version=facts.version or "",
            tiles=tiles,
            chapters=chapters,
            method=method,
        )
    )


def file_name(facts: Facts, words: Words, *, is_own: bool) -> str:
    """``report-<date>-<language>.html``; a competitor's carries its name and a digest of it."""
    stem = f"report-{facts.night.isoformat()}-{words.language}"
    return f"{stem}.html" if is_own else f"{stem}-{_slug(facts.organisation)}.html"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{readable}-{digest}" if readable else digest


def archive(html: str, folder: Path, name: str) -> Path:
    """Write the page beside its predecessors, whole or not at all, and point ``latest`` at it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    _replace(path, html)
    latest = folder / re.sub(r"^report-\d{4}-\d\d-\d\d-", "latest-", name)
    link = folder / f".{latest.name}.new"
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(name)
    except OSError:  # a file system without symbolic links gets a copy
        _replace(latest, html)
    else:
        link.replace(latest)
    return path


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
