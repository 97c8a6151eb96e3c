"""Precision: posts at random, marks that last, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import LuisterError
from pipeline.matching import Matcher, Named
from pipeline.relevance.parse import parse
from pipeline.relevance.sample import (
    Mark,
    Precision,
    answer,
    as_csv,
    draw,
    from_csv,
    labelled,
    precision,
    store,
    try_out,
    wilson,
)
from pipeline.warehouse import DATABASE_NAME, Warehouse, open_warehouse
from tests.pipeline.landed import NOW, gone, later, load, post, rows

NS = Named(name="NS", aliases=("Spoorwegen",), accounts={"mastodon": ("ns",)})
TEXTS = (
    "De NS is laat",
    "=NS+1",
    "Spoorwegen en NS",
    "nsb",
    "NS, maar dan anders",
    "kpn ligt eruit",
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path) as opened:
        posts = [post(f"p{number}", text=text) for number, text in enumerate(TEXTS)]
        own = post("own", text="Hier NS", author_handle="ns")
        again = post("again", text="NS", kind="repost")
        load(opened, "1", *posts, own, again)
        matcher = Matcher([NS])
        for batch in opened.unmatched_posts("1"):
            opened.write_matches(batch, matcher.match(batch), "1")
        yield opened


def mark(warehouse: Warehouse, **said: str) -> None:
    given_marks = [Mark("NS", "mastodon", name, what) for name, what in said.items()]
    store(warehouse.database, warehouse.data, given_marks, NOW)


def test_matches_are_drawn_by_chance_and_only_those_of_others_in_their_own_words(
    warehouse: Warehouse,
) -> None:
    drawn = draw(warehouse.database, "NS", 50, "a")
    assert {each.post_id for each in drawn} == {"p0", "p1", "p2", "p4"}
    assert next(each.alias for each in drawn if each.post_id == "p2") == "NS, Spoorwegen"
    orders = {
        tuple(each.post_id for each in draw(warehouse.database, "NS", 50, s)) for s in "abcdef"
    }
    assert len(orders) > 1
    assert draw(warehouse.database, "NS", 2, "a") == drawn[:2]
    mark(warehouse, p0="right")
    assert "p0" not in {each.post_id for each in draw(warehouse.database, "NS", 50, "a")}


def test_precision_counts_each_alias_and_all_once(warehouse: Warehouse) -> None:
    assert precision(warehouse.database, "NS") == []
    mark(warehouse, p0="right", p1="wrong", p2="right")
    assert precision(warehouse.database, "NS") == [
        Precision("NS", "all", 2, 3),
        Precision("NS", "NS", 2, 3),
        Precision("NS", "Spoorwegen", 1, 1),
    ]
    mark(warehouse, p1="right")
    assert precision(warehouse.database, "NS")[0] == Precision("NS", "all", 3, 3)


def test_marks_outlive_the_database_and_go_with_their_posts(warehouse: Warehouse) -> None:
    mark(warehouse, p0="right", p1="wrong")
    warehouse.close()
    (warehouse.data / DATABASE_NAME).unlink()
    with open_warehouse(warehouse.data) as again:
        kept = "select post_id, mark from enriched.samples order by post_id"
        assert rows(again, kept) == [("p0", "right"), ("p1", "wrong")]
        load(again, "2", gone("p0", observed_at=later(2)))
        from pipeline import marks

        marks.settle(again.database, again.data)
        assert rows(again, kept) == [("p1", "wrong")]


def test_a_query_is_tried_out_and_leaves_nothing_behind(warehouse: Warehouse) -> None:
    query = parse("kpn OR nsb")
    warehouse.database.execute("begin")
    assert try_out(warehouse.database, query) == 2
    drawn = draw(warehouse.database, '"kpn" OR "nsb"', 50, "a")
    warehouse.database.execute("rollback")
    assert {(each.post_id, each.alias) for each in drawn} == {("p3", "nsb"), ("p5", "kpn")}
    assert draw(warehouse.database, '"kpn" OR "nsb"', 50, "a") == []


def test_marks_are_labels_to_learn_from(warehouse: Warehouse) -> None:
    mark(warehouse, p0="right", p1="wrong")
    assert {(each.text, each.label) for each in labelled(warehouse.database, "NS")} == {
        ("De NS is laat", "company"),
        ("=NS+1", "other"),
    }


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_spreadsheet_gives_marks_back(
    warehouse: Warehouse, tmp_path: Path, delimiter: str
) -> None:
    table = as_csv(draw(warehouse.database, "NS", 50, "a"))
    assert ",'=NS+1," in table
    lines = table.splitlines()
    marked = [lines[0], *(line + said for line, said in zip(lines[1:], "jNs", strict=False))]
    file = tmp_path / "marked.csv"
    text = "\n".join(marked)
    file.write_text(text.replace(",", delimiter) if delimiter != "," else text, "utf-8-sig")
    found = from_csv(file)
    assert [each.mark for each in found] == ["right", "wrong"]
    assert {each.organisation for each in found} == {"NS"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", "has no column mark, organisation, platform, post_id"),
        ("organisation,platform,post_id,mark\nNS,x,1,misschien\n", "neither yes nor no"),
    ],
)
def test_a_table_that_is_not_marked_as_it_should_be_is_refused(
    tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "marked.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(LuisterError, match=told):
        from_csv(file)
    with pytest.raises(LuisterError, match="cannot be read"):
        from_csv(tmp_path / "none.csv")


def test_answers_in_two_languages() -> None:
    assert [answer(said) for said in ("Y", "ja", "fout", " ", "skip", "hm")] == [
        *("right", "right", "wrong", "", ""),
        None,
    ]


@pytest.mark.parametrize(
    ("right", "marked", "low", "high"),
    [(0, 0, 0.0, 1.0), (10, 10, 0.7225, 1.0), (45, 50, 0.7864, 0.9565), (0, 5, 0.0, 0.4345)],
)
def test_wilson_as_published(right: int, marked: int, low: float, high: float) -> None:
    assert wilson(right, marked) == pytest.approx((low, high), abs=5e-4)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(counted: tuple[int, int]) -> None:
    right, marked = counted
    low, high = wilson(right, marked)
    assert 0 <= low <= right / marked + 1e-12
    assert right / marked - 1e-12 <= high <= 1
