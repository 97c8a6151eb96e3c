"""How commands print: JSON for programs, safe text for terminals."""

from __future__ import annotations

import sys
from typing import Any, Final

import msgspec

_CONTROL: Final = {
    code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))
} | {code: f"\\u{code:04x}" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")
    sys.stdout.flush()


def counted(count: int, what: str) -> str:
    """``1 post``, ``2 posts``."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def safe(text: str) -> str:
    """Text without what a terminal would act on: escape codes and direction overrides shown."""
    return text.translate(_CONTROL)
