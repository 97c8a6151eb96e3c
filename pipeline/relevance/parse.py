"""Reading a query as people type it; whatever is wrong with it is told with its place."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any as Anything
from typing import Final, NamedTuple, cast

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args
from lark.exceptions import UnexpectedInput

from pipeline.errors import ConfigError
from pipeline.folding import fold, host_and_path, is_unspaced
from pipeline.relevance.tree import (
    FIELDS,
    Any,
    Field,
    FieldName,
    Near,
    Not,
    Query,
    Text,
    all_of,
    any_of,
    is_anchored,
    leaves,
    settled,
)

LONGEST: Final = 8_000
DEEPEST: Final = 20
MOST_TERMS: Final = 300
FARTHEST: Final = 50
FEWEST_LETTERS: Final = 2
"""Letters that must stand before the first ``*`` or ``?`` of a word."""
_SHOWN: Final = 60
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„«»＂", '"'))
_LOWER: Final = ("and", "or", "not")
_NAMES: Final = {
    "WORD": "a word",
    "PHRASE": 'a "phrase"',
    "LPAR": "(",
    "RPAR": ")",
    "FIELD": "a field such as tag:",
    "NOT": "NOT",
    "AND": "AND",
    "OR": "OR",
    "NEAR": "NEAR/n",
    "FIELD_OF": "",
    "MINUS": "",
    "$END": "the end",
}


class QueryError(ConfigError):
    """A query that cannot be used; ``what`` shows the line with a caret below the place."""

    default_todo = "mend the query; docs/query-language.md shows how"


class _Part(NamedTuple):
    """A piece of a query on its way: its tree, where it begins, how deep it is."""

    query: Query
    place: int
    depth: int = 1
    is_group: bool = False


class _Wrong(Exception):
    def __init__(self, what: str, place: int) -> None:
        super().__init__(what)
        self.what = what
        self.place = place


def parse(text: str) -> Query:
    """The tree of a query.

    Raises:
        QueryError: it cannot be read, is too large, or would match nearly everything.
    """
    plain = text.translate(_QUOTES)
    try:
        _refuse_large(plain)
        part = cast("_Part", _parser().parse(plain))
        _refuse_boundless(part.query)
    except _Wrong as error:
        raise QueryError(_pointed(plain, error.what, error.place)) from None
    except UnexpectedInput as error:
        what, place = _explained(plain, error)
        raise QueryError(_pointed(plain, what, place)) from None
    return part.query


@v_args(inline=True)
class _Builder(Transformer[Token, _Part]):
    """Builds the tree while the parser reads: nothing here calls itself, however deep a query."""

    def start(self, part: _Part) -> _Part:
        return part

    def either(self, *parts: Anything) -> _Part:
        some = [each for each in parts if isinstance(each, _Part)]
        return _deeper(any_of([each.query for each in some]), some)

    def both(self, *parts: Anything) -> _Part:
        some = [each for each in parts if isinstance(each, _Part)]
        return _deeper(all_of([each.query for each in some]), some)

    def denied(self, sign: Token, part: _Part) -> _Part:
        return _deeper(Not(part.query), [part])._replace(place=_start(sign))

    def near(self, left: _Part, sign: Token, right: _Part) -> _Part:
        words = int(sign.partition("/")[2])
        if not 1 <= words <= FARTHEST:
            raise _Wrong(f"NEAR/n goes from NEAR/1 to NEAR/{FARTHEST}", _start(sign))
        return _Part(Near(_texts(left), _texts(right), words), left.place)

    def group(self, part: _Part) -> _Part:
        return _deeper(part.query, [part])._replace(is_group=True)

    def word(self, token: Token) -> _Part:
        return _Part(_word(str(token), _start(token)), _start(token))

    def phrase(self, token: Token) -> _Part:
        words = " ".join(token[1:-1].split())
        if not _has_letters(words):
            raise _Wrong("between these quotation marks stands no word", _start(token))
        return _Part(Text(words), _start(token))

    def field(self, token: Token) -> _Part:
        name, _, value = token.partition(":")
        return _Part(_field(name, value, _start(token)), _start(token))

    def field_phrase(self, name: Token, phrase: Token) -> _Part:
        value = " ".join(phrase[1:-1].split())
        return _Part(_field(name[:-1], value, _start(name)), _start(name))


@cache
def _parser() -> Lark:
    grammar = files("pipeline.relevance").joinpath("query.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_Builder())


def _start(token: Token) -> int:
    return token.start_pos or 0


def _deeper(query: Query, parts: list[_Part]) -> _Part:
    depth = 1 + max(each.depth for each in parts)
    if depth > DEEPEST:
        raise _Wrong(f"nested deeper than {DEEPEST}: split the query", parts[0].place)
    return _Part(query, parts[0].place, depth)


def _word(word: str, place: int) -> Text | Field:
    """A word as typed: plain, with wildcards, or ``#tag`` or ``@handle``."""
    if word.lower() in _LOWER and not word.isupper():
        raise _Wrong(
            f'write {word.upper()} in capitals, or "{word}" in quotes for the word itself', place
        )
    if word.upper() == "NEAR" or word.startswith(("NEAR/", "near/")):
        raise _Wrong("write how near, as in: storing NEAR/5 kpn", place)
    if ":" in word:
        raise _Wrong(_unknown_field(word), place)
    if word[0] in "#@" and len(word) > 1:
        return _field("tag" if word[0] == "#" else "handle", word[1:], place)
    if not _has_letters(word):
        signs = {"|": ": write OR", "||": ": write OR", "&": ": write AND", "&&": ": write AND"}
        raise _Wrong(f"{word} holds no letter or digit{signs.get(word, '')}", place)
    if not {"*", "?"} & set(word):
        return Text(word)
    _refuse_wild(word, place)
    stem = word.rstrip("*")
    is_pattern = "?" in word or not is_unspaced(fold(stem)[-1:])
    return Text(word if is_pattern else stem, is_pattern)


def _field(name: str, value: str, place: int) -> Field:
    known = cast("FieldName", name.lower())
    plain = value.removeprefix("#" if known == "tag" else "@")
    if not _has_letters(plain):
        raise _Wrong(f"after {known}: a value is expected", place)
    if known == "url":
        if "." not in host_and_path(plain)[0]:
            raise _Wrong("after url: comes an address, as in url:kpn.com/zakelijk", place)
    elif {"*", "?"} & set(plain):
        if known in {"lang", "platform"}:
            raise _Wrong(f"{known}: takes no * and no ?", place)
        _refuse_wild(plain, place)
    return Field(known, plain)


def _refuse_wild(word: str, place: int) -> None:
    if "*" in word[:-1]:
        raise _Wrong("* stands at the end of a word only; ? stands for one letter in it", place)
    stem = word.replace("?", "*").partition("*")[0]
    if sum(map(str.isalnum, stem)) < FEWEST_LETTERS:
        raise _Wrong(f"at least {FEWEST_LETTERS} letters before the first * or ?", place)


def _unknown_field(word: str) -> str:
    name, _, value = word.partition(":")
    if name.lower() in FIELDS and not value:
        return f"after {name}: a value is expected, without a space between"
    if name.lower() in {"http", "https"}:
        return "put an address after url: and without https://, as in url:kpn.com"
    near = [each for each in FIELDS if each[:3] == name[:3].lower()]
    hint = f"; did you mean {near[0]}:?" if near else f"; fields are {', '.join(FIELDS)}"
    return f'{name}: is no field{hint} (or put "{word}" in quotes)'


def _texts(part: _Part) -> tuple[Text, ...]:
    """The words at one side of NEAR."""
    query = part.query
    some = query.of if isinstance(query, Any) else (query,)
    texts = tuple(each for each in some if isinstance(each, Text))
    if len(texts) < len(some):
        raise _Wrong("at both sides of NEAR stands a word, a phrase or (one OR other)", part.place)
    return texts


def _has_letters(text: str) -> bool:
    return any(map(str.isalnum, fold(text)))


def _refuse_large(text: str) -> None:
    if len(text) > LONGEST:
        raise _Wrong(f"longer than {LONGEST} characters: split the query", LONGEST)
    if not text.strip():
        raise _Wrong("an empty query would match everything: name a word", 0)
    if text.count('"') % 2:
        raise _Wrong("this quotation mark is not closed", text.rindex('"'))


def _refuse_boundless(query: Query) -> None:
    count = sum(1 for _ in leaves(query))
    if count > MOST_TERMS:
        raise _Wrong(f"{count} terms are more than {MOST_TERMS}: split the query", 0)
    if not is_anchored(settled(query)):
        raise _Wrong(
            "this would match nearly everything: every way to match must name a word, tag, "
            "handle, link or author, and NOT, lang: and platform: name none",
            0,
        )


def _explained(text: str, error: UnexpectedInput) -> tuple[str, int]:
    """What was expected instead, and where."""
    place = error.pos_in_stream if error.pos_in_stream is not None else len(text)
    expected: set[str] = set()
    found = text[place : place + 1]
    if isinstance(error, UnexpectedToken):
        expected = set(error.accepts or error.expected)
        found = str(error.token)
        if error.token.type == "$END":
            place, found = len(text.rstrip()), ""
    elif isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
    if "RPAR" in expected and not found:
        return "this query ends where a ) is expected", place
    if found.startswith("-") and "MINUS" in expected:
        return "a - stands before the word, without a space between", place
    names = [name for key, name in _NAMES.items() if name and key in expected]
    told = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    there = f"{found} stands" if found else "the query ends"
    return f"{there} where {told} is expected", place


def _pointed(text: str, what: str, place: int) -> str:
    """The sentence, the line of the query, and a caret below the character."""
    begin = text.rfind("\n", 0, place) + 1
    line = text[begin:].partition("\n")[0]
    first = max(0, place - begin - _SHOWN // 2)
    shown = "".join(each if each.isprintable() else " " for each in line[first : first + _SHOWN])
    caret = " " * (place - begin - first) + "^"
    return f"character {place + 1} of the query: {what}\n  {shown}\n  {caret}"
