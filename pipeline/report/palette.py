"""The colours of the report by meaning, so that one drawing serves light, dark and paper.

Charts are drawn in stand-in colours (``stand_in``); the drawing on the page carries a class for
each meaning and the style sheet gives it its colour in the reader's theme. The hues are those of
Okabe and Ito's set for colour-blind readers, with light and dark tuned for contrast.
"""

from __future__ import annotations

from typing import Final

MEANINGS: Final = (
    "ink",
    "muted",
    "grid",
    "paper",
    "own",
    "listening",
    "relaying",
    "reaching",
    "sending",
    "repeating",
    "inbound",
    "mentioned",
    "context",
    "positive",
    "negative",
    "rival-1",
    "rival-2",
    "rival-3",
    "rival-4",
    "tie-1",
    "tie-2",
    "tie-3",
    "warning",
    "cover-0",
    "cover-1",
    "cover-2",
    "cover-3",
    "wait-1",
    "wait-2",
    "wait-3",
    "wait-4",
)
_CODE: Final = {name: f"#0000{number:02x}" for number, name in enumerate(MEANINGS, start=1)}
STAND_INS: Final = {code: name for name, code in _CODE.items()}
DASHES: Final = ((1, 0), (6, 3), (2, 2), (8, 2, 2, 2), (4, 4))


def stand_in(meaning: str) -> str:
    """The colour a chart is drawn with where it means this."""
    return _CODE[meaning]


def stand_ins(meanings: list[str]) -> list[str]:
    """The colours of several meanings, in their order."""
    return [_CODE[each] for each in meanings]
