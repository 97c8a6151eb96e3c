"""Python looks for cycles of objects; while rows go by it finds none and reads them all to know."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = 1_000_000
"""Objects more than before at which cycles are looked for, in place of 700."""


@contextmanager
def seldom_sought() -> Iterator[None]:
    """Look for cycles rarely within; a function that is decorated so does it while it runs."""
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
