"""Scrubbing: what in a text reaches a person outside the platform, as Dutch people write it.

Mail addresses, telephone numbers, bank accounts, citizen service numbers, and a postcode with its
house number, also with the spaces and dashes that a text editor puts in their place, in letters of
another width (``pipeline.spelled``), or spelled in words. Numbers that carry a check are only
blanked when it holds, so that order numbers stay.

With a space after it, "@" joins a mail address where a domain follows and something shows that it
is one: the word mail before it, a dot or a digit in the name, or a host of mailboxes. Else it names
who is spoken to or where something is: "slechte service @ zon.nl", "live @ paradiso.nl".

Of what is spelled in words, "(at)" that touches the word before it, and "[at]", are an "@". With a
space before it, and "apestaart", it is a mail address unless what follows begins a sentence
("(at) kantoor.Groet"): a word in small letters is taken for the end of a domain. "At" is an
English word and a Dutch one, and "punt" ends as much as it joins: "jan at zon punt nl" is one for
its end of a domain, "at home punt uit" is none, and "wij at soep punt nl" tells of a meal. In
English "bought it at bol dot com" names a shop: "at" with "dot" needs a host of mailboxes. A
postcode in lower case counts where its letters touch it, or where what stands around it says that
it is an address (``_is_place``): else "2024 is 12" and "4090 ti 16 gb" would be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipeline import called, streets
from pipeline.phones import DASH, NO_COUNT, PHONES, SPACE
from pipeline.spelled import SEEN_OTHERWISE, SPOKEN_DIGITS, Blanks, spoken_numbers

_BLANK: Final = " \t\n\r\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000"
"""What parts words, in a class of characters that reads the same here and in the database."""

_GAP: Final = rf"[{_BLANK}_-]"
_END: Final = r"(?![^\W_])"
_GENERIC: Final = (
    "com|net|org|edu|gov|info|biz|name|pro|amsterdam|frl|vlaanderen|brussels|gent|online|shop|store"
    "|site|tech|app|dev|cloud|email|agency|company|media|consulting|nyc|london|berlin|solutions"
    "|digital|academy|group|world|services|expert|studio|design|team|life|today|social|community"
    "|support|network|systems|software|blog|club|live|news|zone|care"
)
"""Ends of domains that are no Dutch word, for where a sentence might begin instead."""

_DOMAINS: Final = "nl|be|eu|de|fr|uk|lu|at|ch|es|it|pl|dk|se|no|fi|ie|us|io|me|tv|co|cw|sr|aw"
"""Ends of domains of countries near by, and of those that are used like the generic ones."""

_BEGINS: Final = (
    r"(?!(?:(?-i:Al|Na|Je|Er|Om)|(?i:en|of|ik|we|ze|zo|op|te|ja|hi|ok|nu|uit|dan|dat|die|dit|het|een|"
    rf"ook|wel|niet|maar|want|dus|als|wat|hij|zij|wij|jij|groet|groetjes|graag|bedankt)){_END})"
)
"""Not a word that begins a sentence; none of those in small letters is the end of a domain."""

_CAPITALISED: Final = "|".join(each.capitalize() for each in _GENERIC.split("|"))
_ENDING: Final = (
    rf"{_BEGINS}(?-i:(?![A-Z][a-z])[^\W\d_]{{2,24}}|(?:[A-Z][a-z]|{_CAPITALISED}){_END})"
)
"""How a domain ends, where only a full stop or "punt" tells it from the end of a sentence."""

_ANY_ENDING: Final = r"[^\W\d_]{2,24}"
_LOCAL_PART: Final = r"\w[\w.+%'’&#!~=-]{0,63}\u200b?"
_LABELS: Final = r"(?:[\w-]{1,63}\.){1,10}"
_MAIL: Final = re.compile(
    rf"{_LOCAL_PART}(?:[@＠]|%40|\(at\) ?| ?\[at\] ?){_LABELS}[^\W\d_]{{2,}}"
    rf"|{_LOCAL_PART} \(at\) ?{_LABELS}{_ENDING}"
)
_MAILBOXES: Final = (
    r"(?:gmail|googlemail|hotmail|outlook|live|icloud|yahoo|ymail|proton|protonmail|gmx|aol"
    r"|xs4all|kpnmail|planet|hetnet|casema|upcmail|quicknet|zonnet|chello|telenet|skynet)\.[a-z.]{2,6}"
)
_IS_SPACED: Final = re.compile(rf"@[{SPACE}]")
_DOMAIN: Final = rf"(?:[a-z0-9-]{{1,63}}\.){{1,3}}(?:{_DOMAINS}|{_GENERIC})"
_AT_APART: Final = rf"[{_BLANK}]{{0,2}}[{SPACE}]?@[{SPACE}]{{1,2}}"
_SPACED: Final = re.compile(
    rf"(?i)(?<![\w.@/-])(?:"
    rf"(?:e-?)?mail(?:en|t|adres)?(?:\W{{1,3}}(?:naar|me|mij|ons|to|via|is|adres|address)){{0,2}}"
    rf"\W{{1,3}}(?P<called>{_LOCAL_PART}{_AT_APART}{_DOMAIN})"
    rf"|(?=[\w%+-]{{0,63}}[._][\w%+-]|[^\W\d_]{{2,30}}\d{{2}}){_LOCAL_PART}{_AT_APART}{_DOMAIN}"
    rf"|{_LOCAL_PART}{_AT_APART}{_MAILBOXES})(?![\w@]|[./]\w)"
)
"""Only what shows that it is an address: "bad service @ shop.com" speaks to a shop."""

_IN_WORDS: Final = (
    rf"(?i:aa?pe?n?staart|[(\[{{<][{_BLANK}]?(?:at|@|\.|punt|dot)[{_BLANK}]?[)\]}}>]"
    rf"|{_GAP}(?:punt|dot){_GAP}|[*|#\"']at[*|#\"']|{_GAP}at{_GAP}[a-z0-9]{{2,12}}\.[a-z])"
)
_IS_SPELLED: Final = re.compile(_IN_WORDS)
_SIGN: Final = rf"[{_BLANK}]?(?:at|aa?pe?n?staart(?:je)?|@)[{_BLANK}]?"
_SURE_AT: Final = (
    rf"(?:(?<=\w)[({{<]{_SIGN}[)}}>][{_BLANK}]?|[{_BLANK}]?\[{_SIGN}\][{_BLANK}]?"
    rf"|[{_BLANK}]?[*|#\"']at[*|#\"'][{_BLANK}]?|(?<=\w)[@＠](?=\w))"
)
_LOOSE_AT: Final = (
    rf"(?:[{_BLANK}][({{<]{_SIGN}[)}}>][{_BLANK}]?|{_GAP}aa?pe?n?staart(?:je)?{_GAP})"
)
_MEANT_DOT: Final = (
    rf"(?:[{_BLANK}]?[(\[{{<][{_BLANK}]?(?:punt|dot|\.)[{_BLANK}]?[)\]}}>][{_BLANK}]?"
    rf"|[{_BLANK}]?[*|#\"'](?:punt|dot)[*|#\"'][{_BLANK}]?|{_GAP}(?-i:Punt|Dot|PUNT|DOT){_GAP})"
)
_SPOKEN_DOT: Final = rf"{_GAP}(?:punt|dot){_GAP}"
_DOT: Final = rf"(?:\.|{_MEANT_DOT}|{_SPOKEN_DOT})"
_HOST: Final = rf"(?:[\w-]{{1,63}}{_DOT}){{0,3}}[\w-]{{1,63}}"
_LOCAL: Final = rf"(?<![\w.])\w[\w.+-]{{0,63}}?(?:{_SPOKEN_DOT}[^\W_]{{1,63}}){{0,3}}"
_NOBODY: Final = (
    r"(?!(?:ik|jij?|u|wij?|hij|zij?|men|die|wie|dat|niemand|iedereen|en|of|i|you|we|he|she|they|who"
    r"|it|me|us|in|on|up|out|is|am|are|was|account|address|e?mail|inbox|login|only|or|and|news|more"
    rf"|sale|read|see|watch|find|look|buy|here|now|today|available){_GAP}at\b)"
)
"""Before "at" alone: who ate, or what is somewhere."""

_NO_HOST: Final = r"(?!(?:de|het|een|die|dat|the|an?|this|that|my|your|our|his|her|some|any)\b)"
_HOSTS: Final = (
    r"(?:g(?:oogle)?mail|hotmail|outlook|live|yahoo|icloud|proton(?:mail)?|ziggo|kpnmail|planet|"
    r"xs4all|hetnet|upcmail|chello|casema|telfort|telenet|skynet|me|msn|gmx)"
)
_SPELLED: Final = re.compile(
    rf"(?i){_NOBODY}{_LOCAL}(?:"
    rf"{_SURE_AT}{_HOST}(?:(?:\.|{_MEANT_DOT}){_ANY_ENDING}|{_SPOKEN_DOT}{_ENDING})"
    rf"|{_LOOSE_AT}{_HOST}(?:{_MEANT_DOT}{_ANY_ENDING}|(?:\.|{_SPOKEN_DOT}){_ENDING})"
    rf"|{_GAP}at{_GAP}(?:{_NO_HOST}(?:[\w-]{{2,63}}{_SPOKEN_DOT}){{1,3}}(?:nl|be|com|org|eu|info|frl)"
    rf"|{_HOSTS}(?:\.|{_GAP}dot{_GAP})(?:com|net|org|nl|be|me)){_END}"
    r")"
)
_APART: Final = rf"[{SPACE}{DASH}._/]"
_ACCOUNT: Final = re.compile(
    rf"(?i)(?<![^\W_])(?:iban)?(?=([a-z]{_APART}?[a-z]{_APART}?[0-9]{_APART}?[0-9](?:{_APART}{{0,3}}[a-z0-9]){{11,30}}))"
)
_NINE_DIGITS: Final = re.compile(
    rf"(?:(?<![\w.,-])(?<![€$£])(?<![€$£][{SPACE}])|(?<=(?i:bsn)))"
    rf"[0-9](?:[{SPACE}{DASH}.]?[0-9]){{8}}(?![\w]|[.,-][0-9]){NO_COUNT}"
)
_PARTED_DIGITS: Final = re.compile(
    r"(?<![\w.,/-])(?:[0-9]{3}/[0-9]{3}/[0-9]{3}|[0-9]{4}/[0-9]{2}/[0-9]{3})(?![\w/]|[.,-][0-9])"
)
"""With a slash between, only in the groups it is written in: else it divides dates and paths."""

_NATIONAL: Final = re.compile(
    r"(?<![\w.,/-])[0-9]{2}\.[01][0-9]\.[0-3][0-9][ -][0-9]{3}[.-][0-9]{2}(?![\w]|[.,-][0-9])"
)
"""A Belgian national number, as it is printed on a card."""

_EIGHT_DIGITS: Final = re.compile(
    r"(?i)(?<![^\W_])((?:bsn|sofi|burgerservice)(?:[ -]?(?:nummer|nr))?[\s:.=#-]{0,3})"
    r"(?P<blank>[0-9]{8})(?!\w)"
)
"""A citizen service number without its leading zero: only where it is called one."""

_UNIT: Final = r"(?:km|kg|mg|ml|cl|mm|cm|kb|mb|gb|tb|kw|wh|hz|xl|px|eu|st)"
_POSTCODE: Final = rf"[1-9][0-9]{{3}}(?:[{SPACE}]{{0,2}}[A-Z]{{2}}|(?!{_UNIT})[A-Za-z]{{2}})"
_LIKE_A_UNIT: Final = r"(?:[KMGT]B|[KCM]M|[KM]G|[KM]W|ML|HZ|PK|XL|EU)"
_CALLED: Final = r"(?:(?<=(?i:postcode) )|(?<=(?i:postcode): )|(?<=(?i:adres) )|(?<=(?i:adres): ))"
_ANY_CASE: Final = rf"[1-9][0-9]{{3}}[{SPACE}]{{0,2}}[A-Za-z]{{2}}"
_HOUSE: Final = r"[0-9]{1,5}(?:[ -]?[a-zA-Z](?![\w])|-[0-9]{1,4})?"
_HOUSE_SIGN: Final = r"(?:huisnummer|huisnr|hnr|hn|nummer|nr)"
_NUMBER: Final = (
    rf"[{SPACE},;:/#-]*(?:(?i:(?:op )?(?:{_HOUSE_SIGN}|huis|no))[.:]?[{SPACE}]?)?"
    rf"{_HOUSE}(?!\w)"
)
_PERIOD: Final = r"per (?:maand|dag|jaar|uur|week)"
_PRICE: Final = (
    rf"(?i:[0-9]{{1,5}} ?(?:(?:euro?|cent|{_PERIOD})(?!\w)|[€%])"
    rf"|{_PERIOD}(?!\w)|voor (?:een (?:tientje|euro)|€|[0-9]{{1,5}} (?:euro|cent)))"
)
_COUNTED: Final = (
    r"(?i:[0-9]{1,5} ?(?:uur|min|keer|maal|dagen|weken|maanden|mnd|jaar|[kcm]m|[kmgt]b|volt)(?!\w))"
)
_PRICED: Final = rf"[0-9]{{4}} (?:{_LIKE_A_UNIT}|TI) {_PRICE}"
_AMOUNT: Final = rf"(?:{_PRICED}|[0-9]{{4}} (?:{_LIKE_A_UNIT}|TI) {_COUNTED})"
"""Two numbers with what they count: "1500 MB 12 euro".

Behind a house number only a price says so: "Rokin 12, 1012 KM 5 min lopen" is an address.
"""

_MEASURED: Final = (
    rf"(?:[1-9][0-9]00|1024|2048|4096|8192)[{SPACE}]{{0,2}}{_LIKE_A_UNIT}(?!\w)"
    r"(?!,? (?:(?:in|te) )?[A-Z][a-z]|\n[A-Z][a-z])"
)
"""As much as things have, with a unit and no town behind it: "galaxy 12, 2000 MB"."""

_STREET: Final = (
    r"\w*(?:straat|laan|weg|plein|kade|gracht|dijk|hof|singel|steeg|pad|dreef|markt|park)"
)
_FLOOR: Final = r"(?: (?:hs|huis|bis|hoog|boven|beneden))?"
_ADDRESS: Final = re.compile(
    rf"(?<![\w#])(?!{_AMOUNT}){_POSTCODE}(?![^\W\d]){_NUMBER}"
    rf"|{_CALLED}{_ANY_CASE}(?![^\W\d]){_NUMBER}"
    rf"|(?<!\w){_POSTCODE}(?!\w)(?:[ ,]{{1,2}}[\w'’.-]{{1,40}}){{0,3}}?[ ,]{{1,2}}"
    rf"(?:{_STREET} (?:(?:nr|nummer)\.? )?|(?i:{_HOUSE_SIGN})[.:]? ?){_HOUSE}(?!\w)"
    rf"|(?<!\w){_HOUSE}{_FLOOR}[ ,;(]+(?:(?:te|(?i:postcode|pc):?) )?"
    rf"(?!{_PRICED})(?!{_MEASURED}){_POSTCODE}(?!\w)"
)
_AT_STREET: Final = re.compile(
    rf"(?<!\w)({_STREET} )(?P<blank>{_HOUSE}{_FLOOR}[ ,;(]+{_ANY_CASE})(?!\w)"
)
_LOOSE: Final = re.compile(
    rf"(?<![\w#.,/-])([1-9][0-9]{{3}})[{SPACE}]([a-zA-Z]{{2}})[{SPACE}]"
    rf"({_HOUSE_SIGN}[.:]?[{SPACE}]?)?[0-9]{{1,4}}"
    r"(?:[ -]?[a-zA-Z](?!\w)|-[0-9]{1,3})?(?![\w%€]|[.,:][0-9])"
)
_COMMON: Final = re.compile(
    r"(?i)is|en|de|of|in|op|te|ik|je|we|ze|er|om|al|na|nu|zo|me|mn|zn|ma|di|wo|do|vr|za|ja|vs|au|et"
    r"|cc|ha|fp"
    r"|km|cm|dm|mm|kg|mg|xl|ml|kb|mb|gb|tb|kw|wh|ah|hz|pk|pp|px|eu|bv|nv|ti|gt|rs|ii|iv|vi|ix|to|at"
    r"|on|by|as|an|am|pm|if|or|us|it|no|be|he|dr|mr|st|nr|tm|un|du|la|le|el"
)
"""Words, units and additions of two letters: "1000 km 12" is no postcode."""

_TOLD_TO_BE: Final = re.compile(
    r"(?i)(?:adres|postcode|\bpc|\bwoont?|\bwonen|\bwoonde|gevestigd|bezorg\w{0,5}|\bleveren|geleverd)"
    r"(?: (?:is|op|in|te|naar|aan|bij|hier))?:?\s*$"
)
_BEFORE_PLACE: Final = re.compile(r"(?i)(?:(?<!\w)(?:in|op|te|naar|bij) |^|[\n,;(:] ?)$")
_AFTER_PLACE: Final = re.compile(
    r"\s*(?:$|[\n;)])|[.!?](?:\s|$)|\s(?:in|te) (?!(?:de|het|een)\b)\w|,? ?[A-Z][a-z'’-]{2,}"
    r"|, ?(?:in |te )?[a-z'’-]{3,}\s*(?:$|[\n.,;)])"
)
_ANY_STREET: Final = re.compile(rf"(?i)(?<!\w){_STREET} {_HOUSE}{_FLOOR}[ ,;(]+$")

_FORMS: Final = {
    (15, "[0-9]{11}"): "NO",
    (16, "[0-9]{12}"): "BE",
    (18, "[A-Z]{4}[0-9]{10}"): "NL",
    (18, "[0-9]{14}"): "DK FI",
    (19, "[0-9]{15}"): "SI",
    (20, "[0-9]{16}"): "AT EE LT",
    (20, "[0-9]{3}"): "LU",
    (21, "[0-9]{17}"): "HR",
    (21, "[0-9]{5}"): "CH",
    (21, "[A-Z]{4}"): "LV",
    (22, "[0-9]{18}"): "DE",
    (22, "[A-Z]{4}[0-9]{14}"): "GB IE",
    (22, "[A-Z]{4}[0-9]{6}"): "BG",
    (24, "[0-9]{20}"): "ES SE CZ SK",
    (24, "[A-Z]{4}"): "RO",
    (25, "[0-9]{21}"): "PT",
    (26, "[0-9]{6}"): "TR",
    (27, "[0-9]{10}"): "FR",
    (27, "[A-Z][0-9]{10}"): "IT",
    (27, "[0-9]{7}"): "GR",
    (28, "[0-9]{24}"): "PL HU",
    (28, "[0-9]{8}"): "CY",
    (31, "[A-Z]{4}[0-9]{5}"): "MT",
}
_ACCOUNT_FORMS: Final = {
    country: (length, re.compile(form))
    for (length, form), named in _FORMS.items()
    for country in named.split()
}
"""Characters of an IBAN by country, and how it goes on behind its check, by ISO 13616.

The check alone holds for one in a hundred: "would be 60.36SGD. Do you want" has it.
"""

_NO_FORM: Final = (0, re.compile(""))

WORTH_A_LOOK: Final = (
    (
        rf"[^\s]([@＠]|%40)[^\s]|{_IN_WORDS}"
        rf"|[@＠][{_BLANK}]|{SEEN_OTHERWISE}|{SPOKEN_DIGITS}"
        r"|([0-9][^0-9A-Za-z]{0,4}){8}"
        r"|[1-9][0-9]{3}[^0-9A-Za-z]{0,2}[A-Za-z]{2}([^A-Za-z]|$)"
        r"|[A-Za-z]{2}[^0-9A-Za-z]?[0-9]{2}[^0-9A-Za-z]{0,3}[A-Za-z]"
        rf"|{streets.WORTH_A_LOOK}"
    ),
    called.WORTH_A_LOOK,
)
"""Every text in which ``scrub`` could find something has one of these; in RE2, for the database.

As one expression they would have more states than RE2 keeps, which takes it five times as long.
"""


def scrub(text: str) -> str:
    """The text with ``[mail]``, ``[iban]``, ``[phone]``, ``[bsn]``, ``[number]`` and the like."""
    blanks = Blanks(text)
    blanks.take("[mail]", _MAIL)
    if _IS_SPELLED.search(blanks.seen):
        blanks.take("[mail]", _SPELLED)
    blanks.put("[iban]", _accounts(blanks.seen))
    blanks.take("[number]", called.NUMBER, called.is_long)
    blanks.take("[number]", called.PLATE)
    blanks.take("[number]", _NATIONAL, _is_national)
    blanks.take("[date]", called.BIRTH)
    blanks.take("[name]", called.ACCOUNT, called.is_account)
    for pattern in PHONES:
        blanks.take("[phone]", pattern)
    blanks.put("[phone]", spoken_numbers(blanks.seen))
    blanks.take("[address]", _AT_STREET)
    blanks.take("[address]", _ADDRESS)
    blanks.take("[address]", _LOOSE, _is_place)
    for pattern in streets.STREETS:
        blanks.take("[address]", pattern)
    blanks.take("[bsn]", _EIGHT_DIGITS, _is_named_citizen)
    blanks.take("[bsn]", _NINE_DIGITS, _has_check)
    blanks.take("[bsn]", _PARTED_DIGITS, _has_check)
    # last: what stands before the sign may be the end of a number
    if _IS_SPACED.search(blanks.seen):
        blanks.put(
            "[mail]",
            (
                each.span("called" if each["called"] else 0)
                for each in _SPACED.finditer(blanks.seen)
            ),
        )
    return blanks.text()


def is_account(number: str) -> bool:
    """Whether this is an IBAN: formed as in its country, and 1 modulo 97 (ISO 7064)."""
    length, form = _ACCOUNT_FORMS.get(number[:2], _NO_FORM)
    if len(number) != length or not form.match(number, 4):
        return False
    digits = "".join(str(int(character, 36)) for character in number[4:] + number[:4])
    return int(digits) % 97 == 1


def is_citizen(number: str) -> bool:
    """Whether nine digits are a BSN: the weighted sum is a multiple of 11 (the "elfproef")."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, number, strict=True))
    return int(number) > 0 and total % 11 == 0


def _is_national(match: re.Match[str]) -> bool:
    """Whether the last two digits are the check of the others; since 2000 a 2 is put before."""
    digits = re.sub("[^0-9]", "", match[0])
    check = int(digits[9:])
    return check in {97 - int(century + digits[:9]) % 97 for century in ("", "2")}


def _is_place(match: re.Match[str]) -> bool:
    """Whether what looks like a postcode with a number is where somebody lives.

    So it is when it is called so ("woon op", "adres:"), or its number is. Else it must stand where
    a place does, on both sides: behind "in", a comma or the beginning; before the end, a bracket or
    a town. A year (1900-2039) in such a place is a year.
    """
    if _COMMON.fullmatch(match[2]) or int(match[1]) < 1011:
        return False
    before = match.string[max(match.start() - 60, 0) : match.start()]
    if match[3] or _TOLD_TO_BE.search(before) or _ANY_STREET.search(before):
        return True
    after = match.string[match.end() : match.end() + 60]
    is_between = _BEFORE_PLACE.search(before) and _AFTER_PLACE.match(after)
    return bool(is_between) and not 1900 <= int(match[1]) < 2040


def _accounts(text: str) -> Iterator[tuple[int, int]]:
    """What looks like an account may hold the beginning of one: each beginning is tried."""
    done = 0
    for match in _ACCOUNT.finditer(text):
        begin, length = match.start(1), _account_length(match[1])
        if length and begin >= done:
            done = begin + length
            yield begin, done


def _account_length(found: str) -> int:
    """How many characters the IBAN takes with which this begins, 0 for none.

    It may be followed by words that look like more of it: only as much as it is long.
    """
    places = [place for place, each in enumerate(found) if each.isalnum()]
    country = "".join(found[place] for place in places[:2]).upper()
    characters, _ = _ACCOUNT_FORMS.get(country, _NO_FORM)
    del places[characters:]
    number = "".join(found[place] for place in places).upper()
    return places[-1] + 1 if places and is_account(number) else 0


def _is_named_citizen(match: re.Match[str]) -> bool:
    return is_citizen(f"0{match['blank']}")


def _has_check(match: re.Match[str]) -> bool:
    return is_citizen("".join(character for character in match[0] if character.isdigit()))
