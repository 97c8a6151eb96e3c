"""The analysts' border: what a mart looks like once it leaves the private database.

Names of posts, threads and authors inside the private database are digests that somebody who knows
a post could compute as well. On the way out each becomes an HMAC-SHA256 under the key of the
present period, in every table and in the mentions inside texts alike.
"""

from __future__ import annotations

from typing import Final

from pipeline.query import identifier

KEY_ENDING: Final = "_key"
MENTION: Final = "@[0-9a-f]{32}"
"""A mention in a text whose author is known, as the models write it."""

_BLOCK: Final = 64


def leaving(columns: list[tuple[str, str]], key: bytes) -> str:
    """What to select of a mart, given its columns (name and type), so that it may leave."""
    return ", ".join(_leaving(name, kind, key) for name, kind in columns)


def _leaving(name: str, kind: str, key: bytes) -> str:
    column = identifier(name)
    if kind != "VARCHAR":
        return column
    if name.endswith(KEY_ENDING):
        return f"{keyed(column, key)} as {column}"
    mentioned = f"list_distinct(regexp_extract_all({column}, '{MENTION}'))"
    known = f"'@' || {keyed('substr(name, 2)', key)}"
    return f"""
        case when contains({column}, '@') then list_reduce(
            {mentioned}, lambda said, name: replace(said, name, {known}), {column}
        ) else {column} end as {column}
    """


def keyed(expression: str, key: bytes) -> str:
    """SQL of the pseudonym of a text: HMAC-SHA256 (RFC 2104), the first 32 hexadecimal digits."""
    block = key.ljust(_BLOCK, b"\0")
    inner = bytes(byte ^ 0x36 for byte in block).hex()
    outer = bytes(byte ^ 0x5C for byte in block).hex()
    inside = f"sha256(unhex('{inner}') || encode({expression}))"
    return f"substr(sha256(unhex('{outer}') || unhex({inside})), 1, 32)"
