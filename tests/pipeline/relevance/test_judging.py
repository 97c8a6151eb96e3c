"""Apple or apple: what context words and a learnt model make of a name."""

from pathlib import Path
from typing import Any as Anything

import numpy as np
import pytest

from pipeline.config import Config
from pipeline.matching import Matcher, Named
from pipeline.post import to_arrow
from pipeline.relevance.judging import JUDGEMENT_SCHEMA, Judge, task_of
from pipeline.relevance.parse import parse
from pipeline.understand import understand
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.landed import load, post

APPLE = Named(
    name="Apple",
    context=("iPhone", "mac", "update"),
    not_context=("taart", "peren", "appelmoes"),
    accounts={"x": ("apple",)},
    tags=("apple",),
)


class Model:
    """Says of every text the same."""

    classes = ("company", "other")
    told = {"version": 3, "languages": ["nl"]}  # noqa: RUF012 as a model has it

    def __init__(self, margin: float) -> None:
        self.margin = margin

    def scores(self, texts: list[str], languages: list[str]) -> Anything:
        return np.array([[self.margin, -self.margin]] * len(texts))


def judged(named: Named, text: str, model: Anything = None, **fields: Anything) -> Anything:
    """(relevance, is_relevant, reason) of one post, or None where nothing is judged."""
    posts = to_arrow([post(platform="x", text=text, language="nl", **fields)])
    matches = Matcher([named]).match(posts)
    table = Judge([named], lambda _: model).judge(posts, matches)
    assert table.schema == JUDGEMENT_SCHEMA
    rows = table.to_pylist()
    return (rows[0]["relevance"], rows[0]["is_relevant"], rows[0]["reason"]) if rows else None


@pytest.mark.parametrize(
    ("text", "relevance", "is_relevant", "reason"),
    [
        ("De nieuwe iPhone van Apple", 0.75, True, "for: iPhone"),
        ("apple met peren en taart", 0.1, False, "against: taart, peren"),
        ("Apple iphone met taart", 0.5, True, "for: iPhone; against: taart"),
        ("ik eet een apple", 0.5, True, "no context word"),
    ],
)
def test_context_words_speak_for_and_against(
    text: str, relevance: float, is_relevant: bool, reason: str
) -> None:
    assert judged(APPLE, text) == (relevance, is_relevant, reason)


def test_a_higher_threshold_wants_a_word_of_the_context() -> None:
    strict = Named(name="Apple", context=("iphone",), threshold=0.6)
    assert judged(strict, "apple")[1] is False
    assert judged(strict, "apple iphone")[1] is True


def test_what_is_sure_and_what_has_no_context_is_not_judged() -> None:
    assert judged(APPLE, "apple taart", mentions=("apple",)) is None
    assert judged(APPLE, "apple taart", tags=("apple",)) is None
    assert judged(Named(name="Apple"), "apple taart") is None
    asked = Named(name="Apple", query=parse("#apple"), not_context=("taart",))
    assert judged(asked, "taart", tags=("Apple",)) == (0.25, False, "against: taart")


def test_a_model_decides_in_the_languages_it_knows_and_words_count_beside_it() -> None:
    bare = Named(name="Apple")
    assert judged(bare, "apple", Model(-1.0)) == (0.0067, False, "model 3: -1.00")
    assert judged(bare, "apple", Model(1.0))[1] is True
    assert judged(APPLE, "apple iphone mac", Model(-0.4))[1] is True
    assert judged(APPLE, "apple iphone mac", Model(-1.0))[1] is False
    other = Model(1.0)
    other.classes = ("yes", "no")  # type: ignore[assignment]
    assert judged(bare, "apple", other) is None


def test_the_version_follows_words_thresholds_and_models() -> None:
    def version(named: Named, model: Anything = None) -> str:
        return Judge([named], lambda _: model).version

    assert version(Named(name="Apple")) == ""
    assert len({version(APPLE), version(APPLE, Model(1)), version(Named(name="A"), Model(1))}) == 3


def test_each_organisation_has_a_model_of_its_own() -> None:
    assert task_of("Apple", is_own=True) == "relevance"
    assert task_of("Shell & Co.", is_own=False) == "relevance_shell_co"


@pytest.fixture
def warehouse(tmp_path: Path) -> Anything:
    with open_warehouse(tmp_path) as opened:
        yield opened


def test_a_night_keeps_what_it_sets_aside_with_the_reason(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p1", text="taart, zei Apple"), post("p2", text="Apple iphone"))
    apple = {"name": "Apple", "context": ["iphone"], "not_context": ["taart"]}
    understand(warehouse, Config.model_validate({"contact": "a@b.nl", "organisation": apple}))
    rows = warehouse.database.execute(
        "select post_id, is_relevant, reason from enriched.relevance order by post_id"
    ).fetchall()
    assert rows == [("p1", False, "against: taart"), ("p2", True, "for: iphone")]
    assert warehouse.database.execute("select count(*) from enriched.matches").fetchall() == [(2,)]
    plain = Config.model_validate({"contact": "a@b.nl", "organisation": {"name": "Apple"}})
    understand(warehouse, plain)
    assert warehouse.database.execute("from enriched.relevance").fetchall() == []
