"""What `luister check` says of queries, and whether the page about them is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any as Anything
from typing import Final

import pytest

import connectors
from pipeline.check import check
from pipeline.config import Config
from pipeline.folding import fold, without_addresses
from pipeline.relevance.finding import Finder, Subject
from pipeline.relevance.parse import QueryError, parse
from pipeline.relevance.push import WORDS
from pipeline.relevance.telling import asked, dangers, described

PAGE: Final = (Path(__file__).parents[3] / "docs" / "query-language.md").read_text("utf-8")
_ROW: Final = re.compile(
    r"^\| `(?P<query>[^`]+)` \| (?P<yes>[^|]+) \| (?P<no>[^|]+) \|$", re.MULTILINE
)
ROWS: Final = [each.groups() for each in _ROW.finditer(PAGE)]


def is_found(query: str, text: str) -> bool:
    subject = Subject(
        fold(without_addresses(text)),
        text,
        tags=re.findall(r"#(\w+)", text),
        mentions=re.findall(r"@(\w+)", text),
    )
    return bool(list(Finder({0: (parse(query), ())}).find(subject)))


@pytest.mark.parametrize(("query", "yes", "no"), ROWS, ids=lambda text: text[:30])
def test_the_page_shows_what_each_query_finds(query: str, yes: str, no: str) -> None:
    assert is_found(query, yes)
    assert not is_found(query, no)


def test_the_page_is_long_enough_and_its_refusals_are_refused() -> None:
    assert len(ROWS) > 14
    (refused,) = re.findall(r"nearly everything: (.*?)\. Each", PAGE, re.DOTALL)
    for query in re.findall(r"`([^`]+)`", refused):
        with pytest.raises(QueryError):
            parse(query)
    with pytest.raises(QueryError) as error:
        parse("NS AND (trein OR )")
    assert f"organisation.query: {error.value.what}\n" in PAGE


def test_a_query_is_told_in_plain_words() -> None:
    query = parse('NS AND (trein OR zonn*) -"NS Financial" OR #ns OR storing NEAR/5 spoor')
    assert described(("Spoorwegen",), query) == (
        'posts with "Spoorwegen", or with ("NS" and ("trein" or a word like "zonn*") without '
        '"NS Financial") or the tag #ns or ("storing" at most 5 words from "spoor")'
    )
    assert described(("KPN",), None) == 'posts with "KPN"'


@pytest.mark.parametrize(
    ("names", "query", "told"),
    [
        (("NS",), None, ['"NS" alone is short: other things are called so too']),
        (("Monday", "monday.com"), None, ['"Monday" alone is a common word']),
        (("Zonneveld", "Albert Heijn"), None, []),
        ((), "monday AND board OR #monday", []),
        ((), "trein OR (kpn storing)", ['"trein" alone is a common word']),
        ((), "zon*", ['"zon*" alone begins many words']),
    ],
)
def test_words_that_are_dangerous_alone_are_told(
    names: tuple[str, ...], query: str | None, told: list[str]
) -> None:
    assert list(dangers(names, parse(query) if query else None)) == told


def test_what_is_asked_is_told_with_what_cannot_be() -> None:
    many = " OR ".join(f"merk{number}" for number in range(7))
    assert asked(parse(f"{many} OR zonn*"), WORDS, "lemmy") == (
        "merk0; merk1; merk2; merk3; merk4; and 2 more",
        "zonn*",
    )


def test_check_says_what_counts_and_warns(tmp_path: Path) -> None:
    organisation: dict[str, Anything] = {"name": "Monday", "query": "monday OR board*"}
    config = Config.model_validate(
        {
            "contact": "a@b.nl",
            "data": str(tmp_path),
            "organisation": organisation,
            "competitor": [{"name": "Shell", "context": ["benzine"]}],
            "source": [{"name": "bird", "platform": "x"}],
        }
    )
    findings = [
        (each.level, each.about, each.found)
        for each in check(config, connectors.load, is_online=False)
        if each.about.startswith(("what counts", "bird: search"))
    ]
    assert findings == [
        ("ok", "what counts as about Monday", 'posts with "monday" or a word like "board*"'),
        ("note", "what counts as about Monday", '"monday" alone is a common word'),
        ("ok", "what counts as about Shell", 'posts with "Shell"'),
        ("note", "bird: search", 'asks for "Shell" OR "monday"; cannot search for board*'),
    ]
