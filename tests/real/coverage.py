"""What comes of every recorded reply, written down: ``python -m tests.real.coverage``.

Numbers and names of errors only; nothing of what the recordings say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import connectors
from connectors.testing.mutations import files_of
from pipeline.errors import LuisterError
from pipeline.inspect import inspect
from pipeline.post import Post
from tests.real.recorded import FOLDERS
from tests.shared import shared_root

PAGE = Path(__file__).with_name("coverage.md")
PLATFORMS = {folder: name for name, folder in FOLDERS.items()} | {"feeds": "feed"}
HEAD = """# What comes of every recorded reply

Written by `python -m tests.real.coverage`; a test compares it. A file gives so many posts that
everybody may read, or the error it stands for. Rejected are items that were not understood.
"""
Line = tuple[str, int, int, str]


def lines_of(platform: str, folder: Path) -> Iterator[Line]:
    """Each file with its posts, its rejected items and its error."""
    connector = connectors.load(platform)
    for path in files_of(folder):
        posts = rejected = 0
        error = ""
        try:
            for each in inspect(connector, path.read_bytes()):
                posts += isinstance(each, Post)
                rejected += not isinstance(each, Post)
        except LuisterError as told:
            error = told.code
        yield path.name, posts, rejected, error


def page() -> str:
    """The whole page."""
    folders = sorted(path for path in (shared_root() / "payloads").iterdir() if path.is_dir())
    known = connectors.platforms()
    platforms = {folder: PLATFORMS.get(folder.name, folder.name) for folder in folders}
    found = {
        platform: list(lines_of(platform, folder))
        for folder, platform in sorted(platforms.items(), key=lambda pair: pair[1])
        if platform in known
    }
    unread = {
        platform: len(files_of(folder))
        for folder, platform in platforms.items()
        if platform not in known
    }
    return "\n".join([HEAD, *_totals(found, unread), *_details(found)]) + "\n"


def _totals(found: dict[str, list[Line]], unread: dict[str, int]) -> Iterator[str]:
    yield "| platform | files | posts | rejected | errors | without a post |"
    yield "|---|---:|---:|---:|---:|---:|"
    every = [line for lines in found.values() for line in lines]
    for platform, lines in [*found.items(), ("**all**", every)]:
        errors = sum(1 for line in lines if line[3])
        silent = sum(1 for line in lines if not any(line[1:]))
        posts, rejected = sum(line[1] for line in lines), sum(line[2] for line in lines)
        yield f"| {platform} | {len(lines)} | {posts} | {rejected} | {errors} | {silent} |"
    for platform, files in unread.items():
        yield f"| {platform} | {files} | no connector | | | |"


def _details(found: dict[str, list[Line]]) -> Iterator[str]:
    for platform, lines in found.items():
        yield from (
            "",
            f"## {platform}",
            "",
            "| file | posts | rejected | error |",
            "|---|---:|---:|---|",
        )
        for name, posts, rejected, error in lines:
            yield f"| {name} | {posts} | {rejected or ''} | {error} |"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}: written\n")


if __name__ == "__main__":
    main()
