"""A bounded memory of what was worked out for written forms: words come back again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

MOST: Final = 100_000
LONGEST: Final = 30
"""Characters of a form that is worth remembering; longer ones hardly come back."""

Worked = TypeVar("Worked")


class Memory(dict[str, Worked]):
    """What ``work`` makes of each form: ``memory[form]`` works it out once and then remembers.

    When ``MOST`` forms are remembered it begins anew.
    """

    def __init__(self, work: Callable[[str], Worked]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, form: str) -> Worked:
        worked = self._work(form)
        if len(form) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[form] = worked
        return worked
