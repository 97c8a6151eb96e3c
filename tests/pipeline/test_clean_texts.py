"""A text in which nothing was blanked is not looked at again; one that is gone is forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import clean_texts, scrub
from pipeline.forget_rows import from_database
from pipeline.query import first
from pipeline.suppress import add
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.landed import NOW

CLEAN = "order 4711-2025-0815 cost 98765 euro"
BLANKED = "bel me 06-12345678"
MARTS = """
    create schema marts;
    create table marts.publication (run_id varchar, published_at timestamptz);
    insert into marts.publication values (null, null);
    create table marts.posts (post_key varchar, text varchar);
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "data") as opened:
        opened.database.execute(MARTS)
        tell(opened, CLEAN, BLANKED)
        yield opened


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were looked at since they were last counted."""
    looks: list[str] = []
    look = scrub.scrub
    monkeypatch.setattr(scrub, "scrub", lambda text: looks.append(text) or look(text))
    return looks


def tell(warehouse: Warehouse, *texts: str) -> None:
    for text in texts:
        warehouse.database.execute("insert into marts.posts values (?, ?)", [text[:4], text])


def publish(warehouse: Warehouse, run: str, looked_at: list[str]) -> tuple[set[str], set[str]]:
    """What is shown after a publication, and which texts were looked at for it."""
    looked_at.clear()
    path = warehouse.publish(run, NOW)
    warehouse.database.execute(f"attach '{path}' as shown (read_only)")
    shown = {
        text
        for (text,) in warehouse.database.execute("select text from shown.marts.posts").fetchall()
    }
    warehouse.database.execute("detach shown")
    return shown, set(looked_at)


def digests(warehouse: Warehouse) -> int:
    (found,) = first(warehouse.database, "select count(*) from enriched.clean_texts") or (-1,)
    return int(found)


def test_only_new_texts_and_those_with_something_to_blank_are_looked_at(
    warehouse: Warehouse, looked_at: list[str]
) -> None:
    before = {CLEAN, "bel me [phone]"}
    assert publish(warehouse, "1", looked_at) == (before, {CLEAN, BLANKED})

    tell(warehouse, "my number is 0687654321", CLEAN)

    shown, looks = publish(warehouse, "2", looked_at)
    assert shown == before | {"my number is [phone]"}
    assert looks == {BLANKED, "my number is 0687654321"}


def test_the_digest_of_a_text_that_is_gone_goes_with_it(
    warehouse: Warehouse, looked_at: list[str]
) -> None:
    publish(warehouse, "1", looked_at)
    assert digests(warehouse) == 1

    warehouse.database.execute("delete from marts.posts where text = ?", [CLEAN])
    publish(warehouse, "2", looked_at)

    assert digests(warehouse) == 0


def test_forgetting_somebody_leaves_no_digest(warehouse: Warehouse, looked_at: list[str]) -> None:
    publish(warehouse, "1", looked_at)
    warehouse.close()

    from_database(warehouse.data, add(warehouse.data, ["@anna"], ["anna"]))

    with open_warehouse(warehouse.data) as again:
        assert digests(again) == 0


def test_by_other_rules_all_texts_are_looked_at_again(
    warehouse: Warehouse, looked_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(warehouse, "1", looked_at)
    monkeypatch.setattr(clean_texts, "rules", lambda: "of tomorrow")

    assert publish(warehouse, "2", looked_at)[1] == {CLEAN, BLANKED}
    assert digests(warehouse) == 1
    assert publish(warehouse, "3", looked_at)[1] == {BLANKED}


def test_many_texts_are_looked_at_on_all_cores_with_the_same_outcome() -> None:
    texts = [f"bel {number} of 06-{number:08}" for number in range(12_000)]

    assert list(clean_texts.scrubbed(texts)) == [(text, scrub.scrub(text)) for text in texts]
