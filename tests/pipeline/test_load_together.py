"""Small files of one run are merged at once, and that changes nothing but the time it takes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from pipeline import load as loading
from pipeline.errors import LandingError
from pipeline.landing import Landing, LandingFile, Withdrawn
from pipeline.load import together
from pipeline.post import Post
from pipeline.privacy import blind_name
from pipeline.warehouse import Warehouse, canonical_export, open_warehouse
from tests.pipeline.landed import gone, landed, later, load, one, post, rows

_number = itertools.count(10**6)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warehouse, Warehouse]]:
    """Two warehouses with one key: pseudonyms are the same in both."""
    folder = tmp_path_factory.mktemp("pair")
    with open_warehouse(folder / "apart") as apart:
        load(apart, "0", post("before"))
        keys = folder / "together" / "keys"
        keys.mkdir(parents=True)
        for key in (apart.data / "keys").iterdir():
            (keys / key.name).write_bytes(key.read_bytes())
        with open_warehouse(folder / "together") as together_:
            load(together_, "0", post("before"))
            yield apart, together_


def files_of(warehouse: Warehouse, run: str, sources: dict[str, list[Post]]) -> list[LandingFile]:
    for source, posts in sources.items():
        landed(warehouse.data, run, *posts, source=source)
    return Landing(warehouse.data / "landing").unloaded(warehouse.loaded_files())


def load_waiting(warehouse: Warehouse, *, is_apart: bool) -> int:
    """Load what has landed, file by file or as a night does; returns how many files were loaded."""
    waiting = files_of(warehouse, "", {})
    if is_apart:
        return sum(not warehouse.load(file).is_repeat for file in waiting)
    return warehouse.load_landed(waiting)


def known_of(warehouse: Warehouse, platform: str) -> list[str]:
    return [line for line in canonical_export(warehouse).decode().splitlines() if platform in line]


names = some.sampled_from(["p1", "p2", "p3"])
AUTHORS = {"p1": "anna", "p2": "bert", "p3": "anna"}
OTHER_NAMES = {"p1": "x:1", "p2": "x:2", "p3": "x:3"}


def settled(each: Post, platform: str) -> Post:
    """A post has one author, one title and names of its own, whoever tells of it."""
    return msgspec.structs.replace(
        each,
        platform=platform,
        author_id=AUTHORS[each.post_id],
        title="What it is called" if each.post_id == "p2" else None,
        aliases=each.aliases and (OTHER_NAMES[each.post_id],),
    )


texts = some.text(max_size=6)
wild = some.builds(
    post,
    names,
    text=texts,
    parent_id=some.sampled_from([None, "x:1"]),
    aliases=some.sampled_from([(), ("other name",)]),
    likes_count=some.none() | some.integers(0, 9),
    author_followers_count=some.none() | some.integers(0, 3),
)


@given(some.lists(some.lists(wild, max_size=4), min_size=2, max_size=4), some.lists(wild))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_together_or_one_by_one_is_the_same(
    pair: tuple[Warehouse, Warehouse], given: list[list[Post]], earlier: list[Post]
) -> None:
    """As far as the sources agree who wrote a post, and which posts are there."""
    number = next(_number)
    platform = f"platform-{number}"
    for warehouse in pair:
        before = [
            msgspec.structs.replace(settled(each, platform), observed_at=later(-1))
            for each in earlier
        ]
        load(warehouse, f"{number}-1", *before, source=f"s-{platform}", platform=platform)
        sources = {
            f"{place}-{platform}": [settled(each, platform) for each in posts]
            for place, posts in enumerate(given)
        }
        waiting = files_of(warehouse, f"{number}-2", sources)
        assert len(list(together(waiting))) == 1
        assert load_waiting(warehouse, is_apart=warehouse is pair[0]) == len(given)

    apart, at_once = (known_of(warehouse, platform) for warehouse in pair)
    assert at_once == apart
    ledger = f"""
        select source, posts_count, new_posts_count, duplicates_count
        from ops.collections where source like '%{platform}' order by source
    """
    assert rows(pair[1], ledger) == rows(pair[0], ledger)


def test_what_one_source_withdraws_no_other_brings_back(
    pair: tuple[Warehouse, Warehouse],
) -> None:
    for warehouse in pair:
        kept, private = post("kept", author_id="carl"), post("private", author_id="carl")
        load(warehouse, "2000001", kept, private, source="first")
        withdrawn = [
            Withdrawn(name=blind_name(private.platform, private.post_id), observed_at=later(2))
        ]
        landed(warehouse.data, "2000002", source="a", withdrawn=withdrawn)
        landed(
            warehouse.data,
            "2000002",
            *(msgspec.structs.replace(each, observed_at=later(2)) for each in (kept, private)),
            source="b",
        )
        load_waiting(warehouse, is_apart=warehouse is pair[0])
        assert rows(warehouse, "select text from raw.posts where post_id = 'private'") == [("",)]

    assert known_of(pair[1], "private") == known_of(pair[0], "private")


def test_a_title_that_the_second_source_tells_is_no_new_version(
    pair: tuple[Warehouse, Warehouse],
) -> None:
    for warehouse in pair:
        landed(warehouse.data, "3000001", post("titled"), source="a")
        landed(warehouse.data, "3000001", post("titled", title="What it is called"), source="b")
        load_waiting(warehouse, is_apart=warehouse is pair[0])
        titles = "select title from raw.posts where post_id = 'titled'"
        assert rows(warehouse, titles) == [("What it is called",)]
        versions = "select count(*) from raw.post_versions where post_id = 'titled'"
        assert one(warehouse, versions) == 0


def test_only_small_files_of_one_run_and_of_different_sources_go_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "TOGETHER_ROWS", 5)
    with open_warehouse(tmp_path) as warehouse:
        landed(tmp_path, "1", post("p1"), source="a")
        landed(tmp_path, "2", *(post(f"q{number}") for number in range(6)), source="a")
        landed(tmp_path, "2", post("p2"), gone("p1"), source="b")
        landed(tmp_path, "2", post("p3"), source="c")
        landed(tmp_path, "2", post("p4"), source="c")
        landed(tmp_path, "2", *(post(f"r{number}") for number in range(4)), source="d")
        landed(tmp_path, "2", post("p6"), source="e")
        waiting = files_of(warehouse, "2", {})

        groups = [[file.manifest.source for file in group] for group in together(waiting)]
        assert groups == [["a"], ["a"], ["b", "c"], ["c", "d"], ["e"]]
        assert warehouse.load_landed(waiting) == 7
        assert one(warehouse, "select count(*) from raw.posts") == 15


@pytest.mark.fault(30)
def test_one_damaged_file_costs_the_others_nothing(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        for source in ("a", "b", "c"):
            landed(tmp_path, "1", post(source), source=source)
        waiting = Landing(tmp_path / "landing").unloaded(frozenset())
        bad = waiting[1].path
        bad.write_bytes(bad.read_bytes()[:-300])

        assert warehouse.load_landed(waiting) == 2
        assert rows(warehouse, "select post_id from raw.posts order by all") == [("a",), ("c",)]
        assert list(bad.parent.glob("set-aside/*.parquet")) != []

        gone_by_then = landed(tmp_path, "2", post("d"), source="d")
        landed(tmp_path, "2", post("e"), source="e")
        waiting = Landing(tmp_path / "landing").unloaded(warehouse.loaded_files())
        gone_by_then.path.unlink()
        with pytest.raises(LandingError):
            warehouse.load(gone_by_then)
        assert warehouse.load_landed(waiting) == 1


def test_what_was_heard_live_goes_together_over_many_runs(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        for minute in range(4):
            heard = [
                post("same", observed_at=later(minute), text=f"said {minute}"),
                post(f"p{minute}", observed_at=later(minute)),
            ]
            landed(tmp_path, f"1{minute}", *heard, source="stream-live", status="partial")
        landed(tmp_path, "20", post("q"), source="stream")
        waiting = files_of(warehouse, "20", {})

        assert [len(group) for group in together(waiting)] == [4, 1]
        assert warehouse.load_landed(waiting) == 5
        assert rows(warehouse, "select text from raw.posts where post_id = 'same'") == [("said 3",)]
        versions = "select text from raw.post_versions order by text"
        assert [text for (text,) in rows(warehouse, versions)] == [
            f"said {minute}" for minute in range(4)
        ]
        first_runs = """
            select post_id, first_run_id from raw.post_sources
            where source = 'stream-live' order by post_id
        """
        assert rows(warehouse, first_runs) == [
            *((f"p{minute}", f"1{minute}") for minute in range(4)),
            ("same", "10"),
        ]
        ledger = """
            select run_id, posts_count, new_posts_count from ops.collections
            where source = 'stream-live' order by run_id
        """
        assert rows(warehouse, ledger) == [("10", 2, 2), ("11", 2, 1), ("12", 2, 1), ("13", 2, 1)]
