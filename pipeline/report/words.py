"""What the report says in one language: sentences, numbers, dates and durations.

Sentences come from gettext catalogues in ``translations/`` (English is the language of the message
ids), numbers and dates from CLDR through babel.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations

from pipeline.errors import ConfigError

TRANSLATIONS: Final = Path(__file__).parent / "translations"
LOCALES: Final = {"nl": "nl_NL", "en": "en_GB"}
MINUTE, HOUR, DAY = 60, 3600, 86_400
RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
OVERRIDES: Final = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
NO_TEXT: Final = frozenset("\ufeff\ufffe\uffff")
LONGEST_NAME = 60


def later(message: str) -> str:
    """Mark a message for translation at the place where it is shown."""
    return message


def clean(text: str) -> str:
    """Text without control characters and without marks that turn the reading direction.

    What is left can stand in HTML, in SVG and in a terminal.
    """
    return "".join(
        each
        for each in text
        if each not in OVERRIDES
        and each not in NO_TEXT
        and (each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cs"})
    )


def named(name: str) -> str:
    """A name from outside, on one line, not too long, unable to reorder the sentence around it."""
    plain = " ".join(clean(name).split())
    if len(plain) > LONGEST_NAME:
        plain = plain[: LONGEST_NAME - 1].rstrip() + "…"
    if any(unicodedata.bidirectional(each) in RIGHT_TO_LEFT for each in plain):
        return f"{ISOLATE}{plain}{END_ISOLATE}"
    return plain


def catalogue(language: str) -> Path:
    """Where the translations of a language stand."""
    return TRANSLATIONS / f"{language}.po"


@lru_cache(maxsize=4)
def _translations(language: str) -> NullTranslations:
    path = catalogue(language)
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def _held(sentence: str) -> str:
    """The sentence with ``n = 12`` kept on one line."""
    return sentence.replace("n = ", "n\u00a0=\u00a0")


class Words:
    """Everything that is said, in one language and one time zone.

    Args:
        language: ``nl`` or ``en``.
        timezone: IANA name; moments are told in it.

    Raises:
        ConfigError: no such language.
    """

    def __init__(self, language: str, timezone: str = "Europe/Amsterdam") -> None:
        if language not in LOCALES:
            raise ConfigError(
                f"the report is not written in {language!r}",
                where="language",
                todo=f"choose one of {', '.join(LOCALES)}",
            )
        self.language = language
        self.zone = ZoneInfo(timezone)
        self.locale = Locale.parse(LOCALES[language])
        self._catalogue = _translations(language)

    def say(self, message: str, **values: str) -> str:
        """The message in this language; ``{name}`` stands for a value that is text already."""
        return _held(self._catalogue.gettext(message).format_map(values)) if message else ""

    def many(self, one: str, more: str, count: float, **values: str) -> str:
        """The message for one, or for more; ``{count}`` is the number."""
        found = self._catalogue.ngettext(one, more, 1 if count == 1 else 2)
        return _held(found.format_map({"count": self.number(count), **values}))

    def number(self, value: float, digits: int = 0) -> str:
        """A number with the separators of the language."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, format=pattern, locale=self.locale)

    def fine(self, value: float) -> str:
        """A number with two digits behind the comma, and as many more as show two that count."""
        leading = math.floor(math.log10(abs(value))) if value else 0
        return self.number(value, max(2, 1 - leading))

    def signed(self, value: float, digits: int = 2) -> str:
        """A number that always shows its sign."""
        shown = self.number(abs(value), digits)
        if not any(each in "123456789" for each in shown):
            return shown
        return f"{'+' if value > 0 else '−'}{shown}"

    def share(self, value: float, digits: int = 0) -> str:
        """A share (0-1) as a percentage; never 0% or 100% when it is only close to it."""
        value = round(value, 9)
        if not digits and (0 < value < 0.005 or 0.995 < value < 1):
            digits = 1
            value = min(max(value, 0.001), 0.999)
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        return format_percent(value, format=pattern, locale=self.locale)

    def day(self, value: date, *, form: str = "d MMMM y") -> str:
        """A date: ``12 januari 2026``."""
        return format_date(value, format=form, locale=self.locale)

    def weekday(self, value: date) -> str:
        """A day with its name: ``maandag 12 januari``."""
        return format_date(value, format="EEEE d MMMM", locale=self.locale)

    def heading(self, value: date) -> str:
        """A day with its name at the beginning of a line: ``Maandag 12 januari``."""
        day = self.weekday(value)
        return day[:1].upper() + day[1:]

    def short_day(self, value: date) -> str:
        """A day under an axis: ``12 jan``."""
        return format_date(value, format="d MMM", locale=self.locale).rstrip(".")

    def moment(self, value: datetime) -> str:
        """A moment in the organisation's time zone: ``12 januari 2026 04:15``."""
        local = value.astimezone(self.zone)
        return format_datetime(local, format="d MMMM y HH:mm", locale=self.locale)

    def duration(self, seconds: float) -> str:
        """How long, in the one unit in which it is read best: ``2,5 uur``."""
        if seconds >= 2 * DAY:
            amount, shown = self._rounded(seconds / DAY, is_fine=True)
            return self.many("{shown} day", "{shown} days", amount, shown=shown)
        if seconds >= HOUR:
            amount, shown = self._rounded(seconds / HOUR, is_fine=True)
            return self.many("{shown} hour", "{shown} hours", amount, shown=shown)
        if seconds >= MINUTE:
            amount, shown = self._rounded(seconds / MINUTE, is_fine=False)
            return self.many("{shown} minute", "{shown} minutes", amount, shown=shown)
        amount, shown = self._rounded(seconds, is_fine=False)
        return self.many("{shown} second", "{shown} seconds", amount, shown=shown)

    def _rounded(self, amount: float, *, is_fine: bool) -> tuple[float, str]:
        """One digit behind the comma below ten, where that says something."""
        tenths = math.floor(amount * 10 + 0.5) / 10
        if is_fine and amount < 10 and tenths != int(tenths):
            return tenths, self.number(tenths, 1)
        whole = math.floor(amount + 0.5)
        return whole, self.number(whole)

    def names(self, names: Iterable[str]) -> str:
        """A list in a sentence: ``a, b en c``."""
        return format_list([named(each) for each in names], locale=self.locale)

    def first_names(self, names: Sequence[str], most: int) -> str:
        """As many names as a sentence bears, and how many there are besides: ``a, b en nog 3``."""
        left = len(names) - most
        more = [self.many("{count} more", "{count} more", left)] if left > 0 else []
        return self.names([*names[:most], *more])

    @property
    def number_locale(self) -> dict[str, object]:
        """The d3 number locale for axes."""
        symbols = self.locale.number_symbols["latn"]
        return {
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": ["€", ""],
        }
