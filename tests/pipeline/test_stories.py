"""Posts that tell the same share a story, whenever and wherever they come."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import stories
from pipeline.enrich import alike, copies
from pipeline.hardened import ask_hardened
from pipeline.post import Post
from pipeline.query import transaction
from pipeline.retention import sweep
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.enrich.test_alike import retold
from tests.pipeline.landed import NOW, gone, later, load, one, post, rows

NEWS = "Bakkerij De Korenaar opent zaterdag een tweede winkel aan de Dorpsstraat in Purmerend"
OTHER = "Wie weet waar ik morgen in Alkmaar een goede fietsenmaker vind die ook op maandag open is"


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "data") as opened:
        yield opened


def told(warehouse: Warehouse) -> dict[str, str]:
    """Post → the earliest of its story; posts that stand alone are absent."""
    stories.tell(warehouse.database)
    return dict(rows(warehouse, "select post_id, story_post_id from enriched.stories"))


@pytest.mark.fault(27)
def test_copies_share_the_story_of_the_earliest(warehouse: Warehouse) -> None:
    load(
        warehouse,
        "1",
        post("second", text=f"{NEWS}!", created_at=later(-2)),
        post("first", text=NEWS, created_at=later(-9)),
        post("third", text=f"Via @krant: {NEWS}", created_at=later(-1)),
        post("alone", text=OTHER),
        post("thanks 1", text="bedankt!"),
        post("thanks 2", text="bedankt!"),
    )
    assert told(warehouse) == dict.fromkeys(["first", "second", "third"], "first")


def test_a_copy_of_a_later_night_joins_the_story(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("first", text=NEWS))
    assert told(warehouse) == {}
    load(warehouse, "2", post("copy", text=f"{NEWS} 🎉", created_at=NOW))
    assert told(warehouse) == {"first": "first", "copy": "first"}
    load(warehouse, "3", post("another", text=f"Leuk: {NEWS}", created_at=later(30)))
    assert told(warehouse) == {"first": "first", "copy": "first", "another": "first"}


def test_the_order_of_the_nights_makes_no_difference(tmp_path: Path) -> None:
    posts = [
        post(f"p{number}", text=f"{NEWS} {'!' * number}{' en meer' * (number % 3)}")
        for number in range(9)
    ]
    found = []
    for name, order in (("one", posts), ("other", posts[::-1])):
        with open_warehouse(tmp_path / name) as warehouse:
            for number, each in enumerate(order):
                load(warehouse, str(number), each)
                told(warehouse)
            found.append(told(warehouse))
    with open_warehouse(tmp_path / "at once") as warehouse:
        load(warehouse, "1", *posts)
        found.append(told(warehouse))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 9


@pytest.mark.fault(27)
def test_one_address_is_one_story_whatever_the_words(warehouse: Warehouse) -> None:
    address = "https://krant.example/nieuws/42"
    load(
        warehouse,
        "1",
        post("feed", kind="article", text="Kort", url=f"{address}?utm_source=rss"),
        post(
            "press", kind="article", text=NEWS, url=f"http://www.{address[8:]}/", platform="gdelt"
        ),
        post("copied", text=NEWS, created_at=NOW),
        post("shared", text="Lees dit eens", url=address, links=[address]),
    )
    assert set(told(warehouse)) == {"feed", "press", "copied"}
    assert one(warehouse, "select count(distinct story_post_id) from enriched.stories") == 1


def test_deleted_and_private_posts_and_reposts_make_no_story(warehouse: Warehouse) -> None:
    load(
        warehouse,
        "1",
        post("first", text=NEWS),
        post("again", text=NEWS, kind="repost", reposted_id="first"),
    )
    assert told(warehouse) == {}
    load(warehouse, "2", post("copy", text=NEWS, created_at=NOW))
    load(warehouse, "3", gone("first"))
    assert told(warehouse) == {}
    load(warehouse, "4", gone("copy"))
    told(warehouse)
    assert one(warehouse, "select count(*) from enriched.fingerprints") == 0


def test_what_was_killed_half_way_is_compared_the_next_night(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(warehouse, "1", post("first", text=NEWS), post("copy", text=f"{NEWS} ja", created_at=NOW))

    class KilledError(Exception):
        pass

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(stories, "_compare", killed)
        with pytest.raises(KilledError):
            stories.tell(warehouse.database)
    assert told(warehouse) == {"first": "first", "copy": "first"}


def test_a_crowd_of_copies_hangs_together(warehouse: Warehouse) -> None:
    crowd = [post(f"p{number}", text=f"{NEWS} nummer {number}") for number in range(120)]
    load(warehouse, "1", *crowd)
    assert len(set(told(warehouse).values())) == 1
    assert one(warehouse, "select count(*) from enriched.stories") == 120
    assert one(warehouse, "select count(*) from enriched.copies") < 120 * 119 / 2


@pytest.mark.parametrize("takes_out", ["a deletion", "the end of its term"])
def test_a_crowd_hangs_together_when_those_are_gone_by_which_it_did(
    warehouse: Warehouse, takes_out: str
) -> None:
    crowd = [post(f"p{number}", text=f"{NEWS} nummer {number}") for number in range(60)]
    load(warehouse, "1", *crowd)
    told(warehouse)
    linked = "select distinct post_id from raw.posts join enriched.copies using (text_key)"
    by_which = [post_id for (post_id,) in rows(warehouse, linked)]
    assert len(by_which) < 30
    if takes_out == "a deletion":
        load(warehouse, "2", *map(gone, by_which))
    else:
        with transaction(warehouse.database):
            warehouse.database.execute(
                "delete from raw.posts where list_contains($1, post_id)", [by_which]
            )
            sweep(warehouse.database)

    found = told(warehouse)

    assert len(found) == 60 - len(by_which)
    assert len(set(found.values())) == 1


@pytest.mark.parametrize("seed", range(4))
def test_nights_of_any_size_and_order_tell_the_stories_that_one_night_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Also where new texts are compared in several parts, and posts go in between."""
    monkeypatch.setattr(stories, "_AT_ONCE", 7)
    monkeypatch.setattr(alike, "CROWD", 3)
    chance = random.Random(seed)
    posts = [
        post(f"p{number}", text=text, created_at=later(-1 - number))
        for number, text in enumerate(retold(chance, 90))
    ]
    there: dict[str, Post] = {}
    with open_warehouse(tmp_path / "nights") as warehouse:
        for night, begin in enumerate(range(0, 90, 15)):
            come = posts[begin : begin + 15]
            leave = chance.sample(sorted(there), len(there) // 8)
            load(warehouse, str(night), *come, *map(gone, leave))
            there |= {each.post_id: each for each in come}
            for name in leave:
                del there[name]
            found = told(warehouse)
    with open_warehouse(tmp_path / "at once") as warehouse:
        load(warehouse, "1", *there.values())
        assert found == told(warehouse)
    assert found


@pytest.mark.parametrize("is_compared_between", [True, False])
def test_two_deletions_with_no_night_between_leave_what_two_nights_would(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, is_compared_between: bool
) -> None:
    """In the crowd of a1, a2, f, n1 and n2 only the first three were compared with each other."""
    monkeypatch.setattr(alike, "CROWD", 3)
    texts = {"a1": 0, "a2": 30, "f": 60, "n1": 90, "n2": 90, "g": 0, "h": 30}
    posts = [
        post(name, text=" ".join(f"woord{begin + place}" for place in range(20)) + name)
        for name, begin in texts.items()
    ]
    database = warehouse.database
    load(warehouse, "1", *posts)
    for number, name in enumerate(texts):
        bands = [8 + number if name in "gh" else 7, *(1000 * number + band for band in range(15))]
        bands[1] = {"a1": 55, "g": 55, "a2": 66, "h": 66}.get(name, bands[1])
        database.execute("update raw.posts set text_key = $1 where post_id = $1", [name])
        database.execute(
            "insert into enriched.fingerprints values (?, ?, ?, false)",
            [name, copies.VERSION, bands],
        )
    assert set(told(warehouse)) == {"a1", "a2", "g", "h"}

    with transaction(database):
        database.execute("delete from raw.posts where post_id in ('g', 'h')")
        sweep(database)
    if is_compared_between:
        assert told(warehouse) == {}
    database.execute("delete from raw.posts where post_id = 'f'")

    assert told(warehouse) == {"n1": "n1", "n2": "n1"}
    assert not rows(warehouse, "select 1 from duckdb_tables() where table_name = 'around'")


def test_texts_that_an_older_version_read_are_read_and_compared_again(
    warehouse: Warehouse,
) -> None:
    load(warehouse, "1", post("first", text=NEWS), post("copy", text=f"{NEWS}!", created_at=NOW))
    both = dict.fromkeys(["first", "copy"], "first")
    assert told(warehouse) == both
    warehouse.database.execute(
        "update enriched.fingerprints set version = 'older', bands = [] where bands is not null"
    )
    assert told(warehouse) == both
    assert one(warehouse, "select count(distinct version) from enriched.fingerprints") == 1


def test_a_story_leaves_under_the_name_of_its_earliest_post(warehouse: Warehouse) -> None:
    warehouse.database.execute(
        """
        create schema marts;
        create table marts.publication (run_id varchar, published_at timestamptz);
        insert into marts.publication values (null, null);
        create table marts.posts (post_key varchar, story_id varchar);
        insert into marts.posts values ('p1', 'p1'), ('p2', 'p1');
        """
    )
    path = warehouse.publish("1", NOW)
    _, found = ask_hardened(path, "from marts.posts order by post_key = story_id desc", seconds=9)
    (first, its_story), (copy, story) = found
    assert first == its_story == story != copy
    assert "p1" not in {first, story}
