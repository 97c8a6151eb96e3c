"""House numbers in a street where no postcode stands beside them, as people write where they live.

The number goes and the street stays. A street is told by how its name ends (Dutch, German), by
what stands before it (French, with the number on either side) or behind it (English), or because
somebody says to live there. What counts hours, days or money behind a street is no house:
"Kerkstraat 2 dagen dicht".
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.phones import SPACE

_SPACE: Final = f"[{SPACE}]"
_BEHIND: Final = "bis|ter|hs|huis|[1-9]?hoog|[IVX]{1,4}|[A-Z]|[a-gi-tvwyz]"
"""What a house number may end in; "10u" and "16h" are hours."""

_ORDINAL: Final = (
    rf"[1-9][0-9]?(?:e|de|ste){_SPACE}(?i:etage|verdieping|klas|prijs|keer|deel|plaats|straat|van"
    r"|dag|week|kwartaal|helft|seizoen|editie|rij)(?!\w)"
)
_HOUSE: Final = (
    rf"(?P<blank>(?!(?:19|20)[0-9]{{2}}(?!\w))(?!24/7)(?!{_ORDINAL})[1-9][0-9]{{0,3}}"
    rf"(?:(?:{_SPACE}|-)?(?:{_BEHIND})(?!\w)|[-/][0-9]{{1,4}})?)"
)
_MONTHS: Final = (
    "jan(?:uar[iy])?|feb(?:ruar[iy])?|maart|march|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?|aug(?:ustus|ust)?"
    "|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|de[ck](?:ember)?"
)
_COUNTED: Final = (
    "uur|u|min|minuten|minuut|sec|seconden|dag|dagen|week|weken|maand|maanden|jaar|jaren|keer|maal"
    "|x|km|kilometers?|m|meter|euros?|eur|procent|graden|personen|mensen|man|auto['’]s|bomen"
    "|woningen|huizen|bezoekers|bewoners|klanten|medewerkers|sterren|doden|gewonden|liter|l|per|tot"
    "|tickets?|treinen|straten|winkels|panden|kamers|appartementen|studenten|punten|plaatsen"
    "|seizoenen|afleveringen|kinderen|tips|dgn|stars|morts?|blessés?"
    "|hours?|minutes?|days?|weeks?|months?|years?|times|miles|cars|people"
    "|Uhr|Stunden|Tage|Wochen|Jahre|jours?|semaines?|mois|ans|heures?|fois"
)
_NO_COUNT: Final = (
    rf"(?![\w-]|[.,:][0-9]|{_SPACE}?[%€$£°]|{_SPACE}(?:(?i:{_COUNTED}|{_MONTHS})(?![\w])|\+|t/m))"
)
_CALLED: Final = rf"(?:(?i:op){_SPACE})?(?i:huisnummer|huisnr|nummer|nr|no)[.:]?{_SPACE}?"
_SIGN: Final = rf"(?:,?{_SPACE}(?:{_CALLED})?)"
_NO_SITE: Final = r"(?!@|\.(?:nl|be|com|de|eu|fr|org|net)\b)"
_NO_STREET: Final = (
    r"(?!(?i:Milaan|onderweg|snelweg|autosnelweg|autoweg|overweg|omweg|uitweg|terugweg|heenweg"
    r"|rijksweg|spoorweg|waterweg|luchtweg|gerechtshof|kerkhof|blokkade|(?:\w{0,20}b|B)ahnhof"
    r"|wasstraat|teststraat|productiestraat|substraat|magistraat|Keukenhof|Kasteelhof|Afsluitdijk|Kinderdijk|Moerdijk"
    r"|(?:ont|over|op|in|om|toe|af|aan|uit|ver|be|door|neer|terug|mis|dicht|plat|dood|na|voor|los"
    r"|stuk|achter|samen)slaan|(?:sub|in|ab|con|regi)str)\b)"
)
"""What ends as a street does: who is on the way has no house number, nor has who dismisses."""

_ANY_CASE: Final = (
    r"[^\W\d_][\w'’-]{2,30}(?:straat|laan|gracht|singel|plantsoen|stra(?:ß|ss)e|str\.|allee)"
)
_ANYBODY: Final = (
    r"(?!(?i:ongeveer|circa|zeker|bijna|ruim|minstens|meer|minder|maar|iemand|niemand|iedereen"
    r"|mij|mijn|jou|jouw|hem|haar|zijn|ons|onze|jullie|uw|hen|hun|wie|deze|dit|die|dat|een|elke"
    r"|iedere|alle|alles|welke|toen|vroeger|gisteren|vandaag)\b)"
)
_LIKE_A_WORD: Final = "(?:weg|plein|kade|dijk|steeg|dreef|hof|wal|pad)"
_CAPITAL: Final = (
    rf"(?:[A-Z][\w'’-]{{2,30}}{_LIKE_A_WORD}"
    rf"|Laan[{SPACE}]van[{SPACE}]{_ANYBODY}[\w'’ -]{{3,40}}?"
    rf"|[A-Z][\w-]{{2,30}}{_SPACE}(?:Stra(?:ß|ss)e|Str\.|Allee))"
)
_FRENCH: Final = rf"(?i:rue|avenue|boulevard|chaussée|chemin|impasse|quai|allée){_SPACE}"
_UPPER: Final = "[A-ZÀ-ÖØ-Þ]"
_NAME: Final = rf"{_UPPER}[a-zß-öø-ÿ'’][\w'’-]{{0,30}}"
"""No channel: "RTL Boulevard, RTL 4"."""

_BEFORE_NAME: Final = (
    rf"(?:(?:{_UPPER}[\w'’.-]{{1,30}}|van|de|der|den|ter|ten|het|['’]t){_SPACE}){{0,3}}"
)
_NO_SCORE: Final = r"(?![0-9]{1,2}-[0-9]{1,2}(?!\w))"
_WORD_OF_ITS_OWN: Final = (
    rf"{_BEFORE_NAME}"
    r"(?!(?:De|Het|Een|Deze|Die|Dit|Dat|Onze|Mijn|Jullie|Uw|Zijn|Haar|Hun|In|Op|Aan|Bij|Langs|Over"
    rf"|Welke|Elke|Iedere|Naar|Van|Voor|Geen)\b){_UPPER}[\w'’.-]{{1,30}}{_SPACE}"
    r"(?:[Ss]traat|[Gg]racht|[Ss]ingel|laan|plein|weg|kade|dijk|steeg|dreef)"
)
"""A street whose name is written apart: "Van Gogh straat"; "Peter Dijk 7" is who wears a shirt."""

_TOLD_TO_BE: Final = (
    rf"(?:,|(?<![\w#@/.-])(?i:op|aan|adres(?:{_SPACE}is)?:?)(?:{_SPACE}(?i:de|het|['’]t))?){_SPACE}"
)
_OLD_NAME: Final = (
    rf"(?:Grote|Kleine|Oude|Nieuwe|Lange|Korte|Hoge|Lage|Vis|Hof|Hooi|Boter|Kaas|Graan|Koren|Vee"
    rf"|Groente|Paarden|Varkens|Beesten){_SPACE}"
    r"(?:Markt|Plein|Weg|Kade|Dijk|Steeg|Dreef|Laan)"
)
_ENDS: Final = rf"(?={_SPACE}?(?:$|[\n,;.!?)])|{_SPACE}(?:in|te|of|en){_SPACE})"
_BEFORE_TOWN: Final = rf"(?=,?{_SPACE}(?:(?:in|te){_SPACE})?{_UPPER}[a-z'’-]{{2}})"
"""These words are names of people and common ones: "Grote Markt 5" is one where an address stands.
"""

_AVENUE_OF: Final = (
    rf"(?i:laan{_SPACE}van{_SPACE}{_ANYBODY}"
    rf"(?:(?:de|het|der|den){_SPACE})?[^\W\d_][\w'’-]{{3,30}})"
)
_ARTICLE: Final = rf"(?:(?i:d[eu]s?|la|les?){_SPACE}|(?i:[dl])['’]{_SPACE}?)"
_LIVES: Final = (
    rf"(?<!\w)(?i:woon|woont|wonen|woonde|woonachtig|woonadres|adres)(?:{_SPACE}is)?:?"
    rf"{_SPACE}(?:(?:op|aan|in){_SPACE})?(?:(?:de|het){_SPACE})?"
)
STREETS: Final = (
    re.compile(
        rf"(?<![\w#@/.-]){_NO_STREET}(?:(?:(?i:{_ANY_CASE})|{_CAPITAL}){_SIGN}?"
        rf"|(?i:[^\W\d_][\w'’-]{{2,30}}{_LIKE_A_WORD}),?{_SPACE}{_CALLED}){_HOUSE}{_NO_COUNT}{_NO_SITE}"
    ),
    re.compile(
        rf"(?<![\w#@/.-])(?:{_WORD_OF_ITS_OWN}{_SIGN}{_NO_SCORE}|{_AVENUE_OF}{_SIGN})"
        rf"{_HOUSE}{_NO_COUNT}"
    ),
    re.compile(rf"{_TOLD_TO_BE}{_OLD_NAME}{_SIGN}{_NO_SCORE}{_HOUSE}{_NO_COUNT}{_ENDS}"),
    re.compile(rf"(?<![\w#@/.-]){_OLD_NAME}{_SIGN}{_NO_SCORE}{_HOUSE}{_NO_COUNT}{_BEFORE_TOWN}"),
    re.compile(
        rf"(?<![\w#@/.-]){_NO_STREET}{_UPPER}[a-zß-öø-ÿ'’-]{{3,30}}str{_SPACE}"
        rf"{_HOUSE}{_NO_COUNT}{_ENDS}"
    ),
    re.compile(
        rf"{_LIVES}(?:[\w'’.-]{{1,30}}{_SPACE}){{0,3}}?{_NO_STREET}"
        rf"(?i:[^\W\d_][\w'’-]{{2,30}}{_LIKE_A_WORD}){_SIGN}{_HOUSE}{_NO_COUNT}"
    ),
    re.compile(
        rf"{_LIVES}"
        rf"(?:[A-Z][\w'’.-]{{1,30}}{_SPACE}|(?:van|de|der|den|ter|ten|het){_SPACE}){{1,5}}"
        rf"{_HOUSE}{_NO_COUNT}"
    ),
    re.compile(
        rf"(?<![\w€$£.,:-]){_HOUSE}{_SPACE}(?!Days|Guys|Stars|Wall)(?:[A-Z][a-z'’]{{2,20}}{_SPACE}){{1,3}}"
        r"(?:Street|Road|Avenue|Lane|Crescent|Terrace|St\.|Rd\.|Ave\.)(?!\w)"
    ),
    re.compile(
        rf"(?<![\w€$£.,:-]){_HOUSE},?{_SPACE}{_FRENCH}"
        rf"(?:(?:d[eu]s?|la|les?|d|l)(?:\b|['’])|{_UPPER})"
    ),
    re.compile(
        rf"(?<!\w){_FRENCH}{_ARTICLE}{{0,2}}{_NAME}"
        rf"(?:{_SPACE}{_ARTICLE}{{0,2}}{_NAME}){{0,3}}{_SIGN}{_HOUSE}{_NO_COUNT}"
    ),
)

_SEEN: Final = f"[{SPACE}\u3000]"
"""Also the space that reads as one (``pipeline.spelled``)."""

WORTH_A_LOOK: Final = (
    r"(?i:(straat|laan|gracht|singel|plantsoen|stra(ß|ss)e|str\.?|allee|weg|plein|kade|dijk|steeg"
    rf"|dreef|hof|wal|pad|markt),?{_SEEN}?((op{_SEEN})?(huisnummer|huisnr|nummer|nr|no)[.:]?{_SEEN}?)?[1-9]"
    rf"|(woon|wonen|adres|aan{_SEEN}van)[^0-9]+[1-9]"
    rf"|(rue|avenue|boulevard|chaussée|chemin|impasse|quai|allée){_SEEN}[^0-9]+[1-9]"
    rf"|[0-9]{_SEEN}?-?(bis|ter|hs|huis|[1-9]?hoog|[ivx]+|[a-z]"
    rf"|[-/][0-9][0-9]?[0-9]?[0-9]?)?,?{_SEEN}(([a-z'’]+|bis,|ter,|hs,){_SEEN})*"
    r"(street|road|avenue|lane|crescent|terrace|st\.|rd\.|ave\."
    r"|rue|boulevard|chaussée|chemin|impasse|quai|allée))"
)
"""Every text in which one of these could be found has this; in RE2, for the database."""
