"""Scrubbing: what in a text reaches a person outside the platform, as Dutch people write it.

Mail addresses, telephone numbers, bank accounts, citizen service numbers, and a postcode with its
house number. Numbers that carry a check are only blanked when it holds, so that order numbers stay.
"""

from __future__ import annotations

import re
from typing import Final

_MAIL: Final = re.compile(r"[\w.+%-]+@(?:[\w-]+\.)+[^\W\d_]{2,}")
_PHONE: Final = re.compile(
    r"(?<![\w+])(?:(?:\+|00)31[ .-]?(?:\(0\))?|\(?0)[ .-]?(?:[0-9][ ().-]{0,2}){8}[0-9](?![\w])"
)
_PHONE_ABROAD: Final = re.compile(r"(?<![\w+])\+[1-9](?:[ ().-]{0,2}[0-9]){7,13}(?![\w])")
_ACCOUNT: Final = re.compile(r"(?i)(?<!\w)[a-z]{2}[0-9]{2}(?:[ .-]?[a-z0-9]){11,30}")
_NINE_DIGITS: Final = re.compile(r"(?<![\w.,-])[0-9](?:[ .-]?[0-9]){8}(?![\w]|[.,-][0-9])")
_POSTCODE: Final = r"[1-9][0-9]{3}(?: ?[A-Z]{2}|[a-z]{2})"
_HOUSE: Final = r"[0-9]{1,5}(?:[ -]?[a-zA-Z](?![\w])|-[0-9]{1,4})?"
_ADDRESS: Final = re.compile(
    rf"(?<!\w){_POSTCODE}(?!\w)[ ,;:]*(?:(?:huisnummer|huisnr|nummer|nr|no)\.? ?)?{_HOUSE}(?!\w)"
    rf"|(?<!\w){_HOUSE}[ ,;]+{_POSTCODE}(?!\w)"
)
_COUNTRIES: Final = {
    15: "NO",
    16: "BE",
    18: "NL DK FI",
    19: "SI",
    20: "LU AT EE LT",
    21: "CH HR LV",
    22: "DE GB IE BG",
    24: "ES SE CZ SK RO",
    25: "PT",
    26: "TR",
    27: "FR IT GR",
    28: "PL HU CY",
    31: "MT",
}
_ACCOUNT_LENGTHS: Final = {
    country: length for length, named in _COUNTRIES.items() for country in named.split()
}
"""Characters of an IBAN by country, from the registry of ISO 13616."""

WORTH_A_LOOK: Final = (
    r"[^\s]@[^\s]|([0-9][ ().-]{0,3}){8}|[1-9][0-9]{3} ?[A-Za-z]{2}\b|[A-Za-z]{2}[0-9]{2} ?[A-Za-z]"
)
"""Every text in which ``scrub`` could find something has this; in RE2, for the database."""


def scrub(text: str) -> str:
    """The text with ``[mail]``, ``[iban]``, ``[phone]``, ``[address]`` and ``[bsn]`` in place."""
    text = _MAIL.sub("[mail]", text)
    text = _ACCOUNT.sub(_without_account, text)
    text = _PHONE_ABROAD.sub("[phone]", _PHONE.sub("[phone]", text))
    text = _ADDRESS.sub("[address]", text)
    return _NINE_DIGITS.sub(_without_citizen, text)


def is_account(number: str) -> bool:
    """Whether this is an IBAN: right length for its country, and 1 modulo 97 (ISO 7064)."""
    if len(number) != _ACCOUNT_LENGTHS.get(number[:2]):
        return False
    digits = "".join(str(int(character, 36)) for character in number[4:] + number[:4])
    return int(digits) % 97 == 1


def is_citizen(number: str) -> bool:
    """Whether nine digits are a BSN: the weighted sum is a multiple of 11 (the "elfproef")."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, number, strict=True))
    return int(number) > 0 and total % 11 == 0


def _without_account(match: re.Match[str]) -> str:
    """An IBAN may be followed by words that look like more of it: only as much as it is long."""
    found = match[0]
    length = _ACCOUNT_LENGTHS.get(found[:2].upper(), 0)
    places = [place for place, character in enumerate(found) if character.isalnum()][:length]
    number = "".join(found[place] for place in places).upper()
    if not places or not is_account(number):
        return found
    return "[iban]" + found[places[-1] + 1 :]


def _without_citizen(match: re.Match[str]) -> str:
    digits = "".join(character for character in match[0] if character.isdigit())
    return "[bsn]" if is_citizen(digits) else match[0]
