"""Understand one row of a table: columns by their names, cells as ids, times, counts and lists."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast, get_args

import msgspec

from connectors.markup import clean
from connectors.plain_words import PAGE, TAG
from connectors.table_lists import ADDRESSES, WORDS, as_list, called
from connectors.table_rows import EXTRA, again
from connectors.table_times import time_of, zone_called
from pipeline.errors import ConfigError, PayloadError
from pipeline.post import KINDS, Kind, Post, Visibility

ALSO_CALLED: Final[Mapping[str, Sequence[str]]] = {
    "post_id": ("id", "id_str", "tweet_id", "status_id", "message_id", "uri"),
    "created_at": ("date", "datetime", "timestamp", "time", "created", "published_at", "published"),
    "text": ("content", "body", "message", "full_text", "tweet"),
    "author_handle": ("username", "screen_name", "user_name", "handle", "author", "user"),
    "author_id": ("user_id", "author_id_str"),
    "author_name": ("name", "display_name", "full_name"),
    "parent_id": (
        *("in_reply_to", "in_reply_to_id", "in_reply_to_status_id", "in_response_to_tweet_id"),
        *("reply_to", "replied_to_tweet_id"),
    ),
    "root_id": ("conversation_id", "thread_id"),
    "quoted_id": ("quoted_tweet_id", "quoted_status_id"),
    "reposted_id": ("retweeted_status_id", "reblog_of_id", "retweeted_id"),
    "url": ("link", "permalink", "post_url"),
    "language": ("lang",),
    "tags": ("hashtags",),
    "links": ("urls",),
    "likes_count": ("likes", "like_count", "favorite_count", "favourites_count"),
    "reposts_count": (
        *("reposts", "retweet_count", "retweets_count", "retweets", "reblogs_count", "shares"),
    ),
    "replies_count": ("replies", "reply_count", "comments_count"),
    "quotes_count": ("quotes", "quote_count"),
    "views_count": ("views", "view_count", "impressions"),
    "author_followers_count": ("followers", "followers_count"),
    "rating": ("stars",),
    "title": ("subject", "headline"),
}
"""Other names of a field's column, tried in this order when there is none of its own name."""
FIELDS: Final = tuple(name for name in Post.__struct_fields__ if name != "payload")
_TIMES: Final = ("edited_at", "deleted_at", "author_created_at")
_IDS: Final = (
    *("native_id", "parent_id", "root_id", "quoted_id", "reposted_id", "parent_author_id"),
    "author_id",
)
_TEXTS: Final = ("url", "author_name", "author_url")
_COUNTS: Final = tuple(name for name in FIELDS if name.endswith("_count"))
_FLAGS: Final = ("author_is_bot", "author_opted_out")
_NOTHING: Final = frozenset(
    {*("", "null", "none", "nan", "na", "n/a", "nat", "-", "<na>"), "[]", "{}"}
)
_RELATIONS: Final = ("parent_id", "root_id", "quoted_id", "reposted_id")
"""No other post: what is empty, nought, or the post itself, unless it is its own beginning."""
_FLAG_WORDS: Final = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "1.0", "ja", "j"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "0.0", "nee", "nein", "non"), False),
    **dict.fromkeys(("waar", "wahr", "vrai", "oui"), True),
    **dict.fromkeys(("onwaar", "falsch", "faux"), False),
}
_KIND_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("tweet", "status", "original"), "post"),
    **dict.fromkeys(("retweet", "retweeted", "reblog", "boost", "share"), "repost"),
    **dict.fromkeys(("replied_to", "answer"), "reply"),
    "quoted": "quote",
}
_WHOLE_FLOAT: Final = re.compile(r"(-?\d+)(?:\.0+|,0)")
_THOUSANDS: Final = re.compile(r"([1-9]\d{0,2}(?:([,.'\s])\d{3})(?:\2\d{3})*)(?:[.,]0{1,2})?")
"""A whole number in groups of three digits, in any country; ``str`` writes no float so."""
_SHORT: Final = re.compile(
    r"(?P<count>\d{1,4}(?:[.,]\d{1,2})?)\s?(?P<unit>k|m(?:ln|io)?|miljoen|duizend|b|mld|miljard)\.?\+?",
    re.IGNORECASE,
)
"""A count as pages show it: ``1.2K``; of an id the last digits would be lost."""
_UNITS: Final = {
    **dict.fromkeys(("k", "duizend"), 10**3),
    **dict.fromkeys(("m", "mln", "mio", "miljoen"), 10**6),
    **dict.fromkeys(("b", "mld", "miljard"), 10**9),
}
_ROUNDED: Final = re.compile(r"-?\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_STARS: Final = re.compile(
    r"(?P<given>[0-5](?:[.,]\d+)?)\s?(?:(?:/|van(?: de)?|out of|of)\s?5(?:\s?(?:sterren|stars))?"
    r"|sterren|ster|stars?)|(?P<drawn>[★⭐]{1,5})\ufe0f?☆{0,4}",
    re.IGNORECASE,
)
"""Stars of five, as review pages show them; of ten they would be others."""
_MENTION: Final = re.compile(r"@(?<![\w@/]@)(?!\w+://)(\w(?:[\w.-]*\w)?(?:@[\w-]+(?:\.[\w-]+)+)?)")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How the rows of one file are to be understood."""

    columns: Mapping[str, str]
    platform: str = "table"
    timezone: str = "UTC"
    time_format: str | None = None
    clock: str | None = None


def plan_of(options: Mapping[str, Any], present: Sequence[str]) -> Plan:
    """The plan for a file with these columns.

    Raises:
        ConfigError: a field, column or time zone that does not exist, or a needed column missing.
    """
    chosen: Mapping[str, str] = options.get("map", {})
    for field, column in chosen.items():
        if field not in FIELDS:
            raise ConfigError(
                f"no such field: {field!r}{_near(field, FIELDS)}",
                where="map",
                todo='write field = "column" in the map, or field=column behind --map',
            )
        if column not in present and column.partition(".")[0] not in present:
            raise ConfigError(
                f"no column {column!r} for {field!r}{_near(column, present)}",
                where="map",
                todo=f"the columns are: {', '.join(present[:40])}",
            )
    columns = dict(chosen)
    taken = set(chosen.values())
    written = {_folded(name): name for name in reversed(present)} | {name: name for name in present}
    for field in FIELDS:
        names = [written.get(name) for name in (field, *ALSO_CALLED.get(field, ()))]
        found = next((name for name in names if name and name not in taken), None)
        if field not in columns and found is not None:
            columns[field] = found
            taken.add(found)
    twice = next((name for name in columns.values() if again(name) in present), None)
    if twice is not None and twice not in chosen.values():
        raise PayloadError(
            f"two columns are called {twice!r}",
            todo=f"say in map which: {twice!r} or {again(twice)!r}",
        )
    _check_needed(columns, present)
    rest = [name for name in present if name not in columns.values()]
    clock = next((name for name in rest if name.casefold() in _CLOCKS), None)
    given = {key: options[key] for key in _CHOICES if options.get(key)}
    plan = Plan(columns=columns, clock=clock, **given)
    zone_called(plan.timezone)
    return plan


_CHOICES: Final = ("platform", "timezone", "time_format")
_CLOCKS: Final = frozenset({"time", "tijd"})
"""The column that may hold the hour where that of the time holds the day."""


def _folded(name: str) -> str:
    """The name of a column as fields are called: ``Created At`` is ``created_at``."""
    return re.sub(r"\W+", "_", name.strip().casefold())


def _check_needed(columns: Mapping[str, str], present: Sequence[str]) -> None:
    missing = [field for field in ("post_id", "created_at") if field not in columns]
    if not columns.keys() & {"text", "title", "reposted_id"}:
        missing.append("text")
    if missing:
        raise ConfigError(
            f"no column for {' and '.join(missing)}",
            where="map",
            todo=f"name it in map; the columns are: {', '.join(present[:40])}",
        )


def _near(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def as_post(raw: bytes, plan: Plan, observed_at: datetime) -> Post:
    """The post of one row, a JSON object.

    Raises:
        PayloadError: names the column whose cell is missing or not what it should be.
    """
    row = msgspec.json.decode(raw, type=dict[str, Any])
    if EXTRA in row:
        raise PayloadError("more cells than columns: a delimiter or quotation mark too many?")
    cells = _Cells(row, plan, observed_at)
    text = clean(cells.text("text") or "")
    title = clean(cells.text("title") or "") or None
    if not text and title is None and cells.text("reposted_id") is None:
        raise PayloadError("no text", where=f"column {plan.columns.get('text', 'text')!r}")
    handle = cells.name("author_handle")
    fields: dict[str, Any] = {
        field: read(cells, field) for field, read in _READ.items() if field in plan.columns
    }
    fields.setdefault("author_id", None)
    fields["author_id"] = fields["author_id"] or handle
    own = _needed(cells.identity("post_id"), plan, "post_id")
    for field in _RELATIONS:
        is_itself = field != "root_id" and fields.get(field) == own
        fields[field] = None if is_itself or fields.get(field) == "0" else fields.get(field)
    return Post(
        platform=cells.name("platform") or plan.platform,
        post_id=own,
        kind=_kind(cells.word("kind"), fields),
        observed_at=cells.time("observed_at") or observed_at,
        created_at=_needed(cells.time("created_at"), plan, "created_at"),
        author_handle=handle,
        title=title,
        text=text,
        language=_language(cells.word("language")),
        aliases=cells.list("aliases") or (),
        mentions=_listed(cells.list("mentions"), _MENTION, text),
        tags=_listed(cells.list("tags"), TAG, text),
        links=_listed(cells.list("links"), PAGE, text),
        rating=cells.number("rating"),
        visibility=_visibility(cells.word("visibility")),
        payload=raw.decode(),
        **fields,
    )


def _needed(value: Any, plan: Plan, field: str) -> Any:
    if value is None:
        column = plan.columns.get(field)
        raise PayloadError(f"no {field}", where=f"column {column!r}" if column else "")
    return value


def _kind(word: str | None, fields: Mapping[str, Any]) -> Kind:
    if word is not None:
        kind = _KIND_WORDS.get(word, word)
        if kind not in KINDS:
            raise PayloadError(f"no such kind: {word!r}; known are {', '.join(KINDS)}")
        return cast("Kind", kind)
    if fields.get("reposted_id"):
        return "repost"
    if fields.get("parent_id"):
        return "reply"
    return "quote" if fields.get("quoted_id") else "post"


def _visibility(word: str | None) -> Visibility:
    if word is not None and word not in get_args(Visibility):
        raise PayloadError(f"no such visibility: {word!r}")
    return cast("Visibility", word or "public")


def _language(word: str | None) -> str | None:
    return word if word and word != "und" and len(word) <= 12 else None


def _listed(given: tuple[str, ...] | None, pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    """What a column lists, else what stands in the text, each once and in order."""
    found = pattern.findall(text) if given is None else given
    return tuple(dict.fromkeys(each.lstrip("@#").rstrip(".,;:!?)") for each in found if each))


class _Cells:
    """The cells of one row, each read as what its field is."""

    def __init__(self, row: Mapping[str, Any], plan: Plan, observed_at: datetime) -> None:
        self._row = row
        self._plan = plan
        self._observed_at = observed_at

    def _cell(self, field: str) -> Any:
        """The cell of a field, None where it says nothing; a dotted name looks inside."""
        column = self._plan.columns.get(field)
        if column is None:
            return None
        value: Any = self._row.get(column)
        if value is None and "." in column:
            value = self._row
            for part in column.split("."):
                value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str) and field not in {"text", "title"}:
            return None if value.strip().casefold() in _NOTHING else value.strip()
        return value

    def _wrong(self, field: str, what: str) -> PayloadError:
        column = self._plan.columns.get(field, field)
        return PayloadError(f"{field}: {what}", where=f"column {column!r}")

    def text(self, field: str) -> str | None:
        value = self._cell(field)
        if value is None or isinstance(value, str):
            return value or None
        if isinstance(value, (int, float)):
            return str(value)
        raise self._wrong(field, "not a text")

    def name(self, field: str) -> str | None:
        value = self.text(field)
        return value.removeprefix("@") if value else None

    def word(self, field: str) -> str | None:
        value = self.text(field)
        return value.strip().lower() if value else None

    def identity(self, field: str) -> str | None:
        """An id as text; what a spreadsheet made of it is mended or refused, never taken."""
        value = self.text(field)
        if value is None:
            return None
        if _ROUNDED.fullmatch(value):
            raise self._wrong(field, f"{value} is a rounded number, its last digits are lost")
        whole = _WHOLE_FLOAT.fullmatch(value)
        return whole[1] if whole else value.removeprefix("@")

    def number(self, field: str) -> float | None:
        value = self._cell(field)
        if value is None or (isinstance(value, float) and value != value):
            return None
        try:
            told = _STARS.fullmatch(str(value)) if field == "rating" else None
            plain = str(value) if told is None else told["given"] or str(len(told["drawn"]))
            number = float(plain.replace(",", "."))
        except ValueError:
            number = math.inf
        if math.isinf(number):
            raise self._wrong(field, f"{value!r} is not a number")
        return number

    def count(self, field: str) -> int | None:
        value = given = self._cell(field)
        if isinstance(value, str) and (short := _SHORT.fullmatch(value)):
            value = round(float(short["count"].replace(",", ".")) * _UNITS[short["unit"].lower()])
        elif isinstance(value, str):
            grouped = _THOUSANDS.fullmatch(value)
            value = re.sub(r"\D", "", grouped[1]) if grouped else value.replace(",", ".")
        try:
            number = None if value is None else float(value)
        except (TypeError, ValueError):
            raise self._wrong(field, f"{given!r} is not a count") from None
        if number is None or number != number:
            return None
        if number < 0 or not number.is_integer():
            raise self._wrong(field, f"{given!r} is not a count")
        return int(number)

    def flag(self, field: str) -> bool | None:
        value = self._cell(field)
        if value is None or isinstance(value, bool):
            return value
        known = _FLAG_WORDS.get(str(value).casefold())
        if known is None:
            raise self._wrong(field, f"{value!r} is neither true nor false")
        return known

    def list(self, field: str) -> tuple[str, ...] | None:
        """A JSON list, or words between commas, semicolons or spaces; None without a column."""
        if field not in self._plan.columns:
            return None
        value = self._cell(field)
        if isinstance(value, str):
            value = as_list(value, ADDRESSES if field == "links" else WORDS)
        if value is None:
            return ()
        is_list = isinstance(value, list)
        told = [called(each) for each in value if each is not None] if is_list else [value]
        if not is_list or not all(isinstance(each, (str, int)) for each in told):
            raise self._wrong(field, "not a list of texts")
        return tuple(str(each) for each in told)

    def time(self, field: str) -> datetime | None:
        value = self._cell(field)
        if value is None:
            return None
        clock = self._row.get(self._plan.clock or "") if field == "created_at" else None
        told = str(clock or "").strip()
        try:
            moment = time_of(
                str(value),
                zone_called(self._plan.timezone),
                self._observed_at,
                clock="" if told.casefold() in _NOTHING else told,
                time_format=self._plan.time_format,
            )
        except PayloadError as error:
            error.where = f"column {self._plan.clock!r}"
            raise
        if moment is None:
            raise self._wrong(field, f"{value!r} is not a time that is understood")
        return moment


_READ: Final[Mapping[str, Callable[[_Cells, str], Any]]] = {
    **dict.fromkeys(_IDS, _Cells.identity),
    **dict.fromkeys(_TEXTS, _Cells.text),
    **dict.fromkeys(_TIMES, _Cells.time),
    **dict.fromkeys(_COUNTS, _Cells.count),
    **dict.fromkeys(_FLAGS, _Cells.flag),
}
