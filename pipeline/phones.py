"""Telephone numbers, as Dutch people write them and people abroad.

A number has ten digits behind a zero, or nine behind +31. What only looks like one stays: dates,
fractions, and times or days in a row, which go on behind the tenth digit in the same way.
"""

from __future__ import annotations

import re
from typing import Final

SPACE: Final = " \u00a0\u2009\u202f"
DASH: Final = r"\-\u2010-\u2015"
"""For a class of characters: also those that a text editor puts in their place."""

NO_COUNT: Final = (
    rf"(?![{SPACE}]?(?i:(?:euro?|dollars?|keer|mensen|klanten|leden|huishoudens|aandelen|stuks|kwh"
    r"|views|volgers|followers|likes|users|gebruikers|people|shares|downloads)(?!\w)|[€$%]))"
)
"""Not followed by what it counts: "+100.000.000 views" is no number of somebody."""

_BETWEEN: Final = rf"[{SPACE}{DASH}()._]"
_CUT: Final = rf"[./{DASH}{SPACE}]"
_NO_DATE: Final = (
    rf"(?!0?[1-9]{_CUT}(?:0?[1-9]|1[0-2]){_CUT}"
    rf"(?:(?:19|20)[0-9]{{2}}(?![0-9])|[0-9]{{2}}[{SPACE}][0-9]{{1,2}}[.:])|0\.[0-9])"
)
"""Neither a date, which may be followed by a time, nor a fraction."""

_AND: Final = rf"(?:[{SPACE}]?[{DASH}][{SPACE}]?|[{SPACE}]{{1,2}})"
_TIME: Final = r"[012][0-9]\.[0-5][0-9]"
_DAY: Final = r"[0-3][0-9]-[01][0-9]"
_NO_ROW: Final = (
    rf"(?!{_TIME}{_AND}{_TIME}{_AND}{_TIME}|{_DAY}[{SPACE}]{_DAY}[{SPACE}]{_DAY}(?![0-9])"
    rf"|{_DAY}-[0-9]{{2}}{_AND}{_DAY}-(?:[0-9]{{2}}|20[0-9]{{2}})(?![0-9]))"
)
"""Neither times ("09.00-12.30 13.00-17.00") nor days ("05-11-26 06-11-26") in a row."""

_PARTED: Final = rf"[{SPACE}-]?"
_APART: Final = rf"[{SPACE}][{DASH}][{SPACE}]"
_MOBILE: Final = (
    r"(?=[1-58])(?:"
    + "|".join(
        _PARTED.join(f"[0-9]{{{digits}}}" for digits in groups)
        for groups in (
            (8,),
            (4, 4),
            (3, 3, 2),
            (3, 2, 3),
            (2, 3, 3),
            (2, 6),
            (6, 2),
            (3, 5),
            (5, 3),
            (2, 2, 4),
            (2, 4, 2),
            (4, 2, 2),
        )
    )
    + r")(?!\w)"
)
_IN_PAIRS: Final = rf"(?=[1-58])[0-9]{{2}}(?:{_PARTED}[0-9]{{2}}){{3}}(?!\w)"
_PHONE: Final = re.compile(
    rf"(?<![\w+])(?<![0-9][./{DASH}]){_NO_DATE}{_NO_ROW}"
    rf"(?:\(?(?:\+|00[{SPACE}]?)31\)?{_BETWEEN}{{0,2}}(?:\(?0\)?)?|\(?0){_BETWEEN}{{0,3}}"
    rf"(?:[0-9]{_BETWEEN}{{0,4}}){{3}}(?:[0-9]{_BETWEEN}{{0,2}}){{5}}[0-9](?![\w])"
    rf"(?:/\(?0{_BETWEEN}{{0,3}}(?:[0-9]{_BETWEEN}{{0,2}}){{8}}[0-9](?![\w/]))*"
    rf"|(?<![\w+/])(?=(?:[0-9][{SPACE}{DASH}]{{0,3}}){{9}}[0-9](?!\w))"
    rf"0[1-9][0-9]{{0,2}}{_APART}[0-9]{{3,4}}{_APART}[0-9]{{3,4}}(?!\w)"
    rf"|(?<!\w)[oO]6{_PARTED}{_MOBILE}"
    rf"|(?<![\w+/])0(?=(?:{_BETWEEN}{{0,2}}/?[0-9]){{9}}(?![\w/]))"
    rf"(?:6|[1-9][0-9]{{1,2}})/(?:[0-9]{_BETWEEN}{{0,2}}){{5,7}}[0-9](?![\w/])"
    rf"|(?<![\w+.,])(?!31[{SPACE}][0-9]{{3}}[{SPACE}])31[{SPACE}-]?6[{SPACE}-]?{_MOBILE}"
    rf"|(?<![\w+.,])31(?:-?6[{SPACE}-]?|[{SPACE}]6-){_IN_PAIRS}"
)
_PHONE_CALLED: Final = re.compile(
    r"(?i)((?<!\w)(?:bel|app|sms|tel|telefoon|mobiel|whatsapp|nummer|nr)\w{0,4}[ .:]{1,2}"
    r"(?:(?:me|mij|ons|naar|op|is|even|nummer)[ :]{1,2}){0,3})"
    rf"(?P<blank>31[{SPACE}-]6[{SPACE}-]?{_IN_PAIRS}|6{_PARTED}{_MOBILE})"
)
"""In pairs, as the numbers of a lottery are, or without its zero: only where it is called one."""

_PHONE_ABROAD: Final = re.compile(
    rf"(?<![\w+])(?:\+[1-9]|(?<![0-9][./{DASH},])(?<![0-9]{{2}}:)00[{SPACE}]?(?!800)"
    rf"(?:32|33|44|49|[1-9][0-9]{{0,2}}(?=[{SPACE}({DASH}])))"
    rf"(?:{_BETWEEN}{{0,2}}[0-9]){{7,13}}(?![\w]){NO_COUNT}"
)

_PHONE_BELGIAN: Final = re.compile(
    rf"(?<![\w+/.,{DASH}])0(?:[2349]/[0-9]{{3}}|[1-9][0-9]/[0-9]{{2}})(?:[{SPACE}.]?[0-9]{{2}}){{2}}"
    rf"(?![\w/]|[.,{DASH}][0-9])"
)
"""With nine digits, which a stroke behind the area tells from other numbers."""

PHONES: Final = (_PHONE, _PHONE_ABROAD, _PHONE_CALLED, _PHONE_BELGIAN)
"""What to blank, or its group ``blank`` where it has one, in this order."""
