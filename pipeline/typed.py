"""Types that several threads may read at once.

msgspec works out the fields of a ``Struct`` when it is first read, and keeps them on the class
before they are whole, so that types may name themselves. A thread that reads the same type in that
moment follows a pointer to nothing, and the process ends with a segmentation fault (seen with
msgspec 0.22, Python 3.11). So types are worked out while nobody reads them yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from threading import Lock
from typing import Any, Final
from weakref import WeakSet

import msgspec

_turn: Final = Lock()
_settled: WeakSet[type[msgspec.Struct]] = WeakSet()


def settle_types() -> None:
    """Have the fields of all types that are there by now worked out; to be called before threads.

    Types that name others for the type checker alone are left out: they cannot be read at all.
    """
    with _turn:
        for each in waiting():
            with suppress(NameError, TypeError):
                msgspec.json.Decoder(each)
            _settled.add(each)


def waiting() -> list[type[msgspec.Struct]]:
    """The types that are not settled yet."""
    return [each for each in _below(msgspec.Struct) if each not in _settled]


def _below(parent: Any) -> Iterator[type[msgspec.Struct]]:
    for each in parent.__subclasses__():
        yield each
        yield from _below(each)
