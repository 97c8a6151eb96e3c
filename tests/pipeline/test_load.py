import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from pipeline import load as loading
from pipeline import merge
from pipeline.errors import LandingError
from pipeline.http import Usage, Validator
from pipeline.landing import Withdrawn
from pipeline.post import Gap, Post, Rejected
from pipeline.privacy import author_key
from pipeline.warehouse import Warehouse, canonical_export, open_warehouse
from tests.pipeline.landed import NOW, WEEK, gone, landed, later, load, one, post, rows


@pytest.fixture
def warehouse(tmp_path: Path) -> Any:
    with open_warehouse(tmp_path / "data") as opened:
        yield opened


def stored(warehouse: Warehouse, column: str, name: str = "p1") -> Any:
    return one(warehouse, f"select {column} from raw.posts where post_id = '{name}'")


def everything(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    tables = rows(
        warehouse,
        "select schema_name || '.' || table_name from duckdb_tables() where schema_name <> 'main'",
    )
    return {name: sorted(map(repr, rows(warehouse, f"from {name}"))) for (name,) in tables}


# --- once, twice, and in any order


def test_loading_a_file_twice_changes_nothing(warehouse: Warehouse) -> None:
    file = landed(warehouse.data, "1", post(likes_count=3), post("p2", parent_id="p1"))
    assert warehouse.load(file).new_posts == 2
    before = everything(warehouse)

    assert warehouse.load(file).is_repeat

    assert everything(warehouse) == before


def test_the_same_posts_in_a_new_run_change_no_knowledge(warehouse: Warehouse) -> None:
    posts = (post(likes_count=3, aliases=("x:1",)), post("p2", parent_id="x:1"))
    load(warehouse, "1", *posts)
    before = canonical_export(warehouse)

    loaded = load(warehouse, "2", *posts)

    assert (loaded.posts, loaded.new_posts) == (2, 0)
    assert canonical_export(warehouse) == before


def test_a_load_that_breaks_off_leaves_nothing(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(warehouse, "1", post())
    before = everything(warehouse)
    file = landed(warehouse.data, "2", post(text="new"), post("p2"), gone("p1"))
    monkeypatch.setattr(loading, "_write_collection", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        warehouse.load(file)

    assert everything(warehouse) == before
    monkeypatch.undo()
    assert warehouse.load(file).new_posts == 1


OBSERVATIONS = (
    post(observed_at=later(0), text="one", likes_count=1, author_followers_count=5),
    post(observed_at=later(1), text="two", url="https://a.example/1", language="nl"),
    post(observed_at=later(2), text="one", likes_count=4, aliases=("x:1",)),
    gone(observed_at=later(3)),
    post(observed_at=later(4), text="back", parent_id="y:9", author_name="Anna"),
    post("p9", observed_at=later(1), aliases=("y:9",), author_id="bert"),
)


@pytest.mark.parametrize("chosen", [(0, 1, 2), (0, 1, 3), (0, 4, 5), (2, 3, 5)])
def test_the_order_of_arrival_does_not_matter(
    warehouse: Warehouse, chosen: tuple[int, ...]
) -> None:
    """Only the history of counts may be thinner when an observation comes late."""
    platforms = []
    for order in itertools.permutations(chosen):
        platform = f"<{len(platforms)}>"
        platforms.append(platform)
        for run, index in enumerate(order):
            each = msgspec.structs.replace(OBSERVATIONS[index], platform=platform)
            load(warehouse, str(run), each, platform=platform, source=platform)

    lines = knowledge_but_counts(warehouse)
    found = [[line.replace(name, "<>") for line in lines if name in line] for name in platforms]
    assert len(found[0]) >= 4
    assert all(each == found[0] for each in found)


def knowledge_but_counts(warehouse: Warehouse) -> list[str]:
    lines = canonical_export(warehouse).decode().splitlines()
    return [line for line in lines if '"raw.post_counts"' not in line]


def test_one_file_or_many_gives_the_same(tmp_path: Path) -> None:
    with open_warehouse(tmp_path / "one") as warehouse:
        load(warehouse, "1", *OBSERVATIONS[:3], *OBSERVATIONS[4:])
        together = knowledge_but_counts(warehouse)
    with open_warehouse(tmp_path / "many") as warehouse:
        for run, each in enumerate((*OBSERVATIONS[:3], *OBSERVATIONS[4:])):
            load(warehouse, str(run), each)
        apart = knowledge_but_counts(warehouse)

    assert together == apart


def test_chunks_are_merged_like_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posts = [
        post(
            f"p{number % 190}", observed_at=later(number), text=f"{number % 3}", likes_count=number
        )
        for number in range(400)
    ]
    exports = []
    for size, held in ((1_000_000, 10_000), (50, 10_000), (50, 0)):
        monkeypatch.setattr(loading, "CHUNK_ROWS", size)
        monkeypatch.setattr(merge, "_HELD_ROWS", held)
        with open_warehouse(tmp_path / f"{size} {held}") as warehouse:
            load(warehouse, "1", *posts)
            exports.append(knowledge_but_counts(warehouse))

    assert exports[0] == exports[1] == exports[2]


@pytest.mark.parametrize("name", ["a[1]*", "it's {1,2}", "organisation=acme"])
def test_a_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    with open_warehouse(tmp_path / name) as warehouse:
        assert load(warehouse, "1", post(), post("p2")).new_posts == 2

        assert one(warehouse, "select count(*) from raw.posts") == 2


def test_a_landing_file_that_went_away_is_told_by_name(warehouse: Warehouse) -> None:
    file = landed(warehouse.data, "1", post())
    file.path.unlink()

    with pytest.raises(LandingError, match="cannot be read"):
        warehouse.load(file)


# --- which observation wins


@pytest.mark.fault(13)
def test_the_newest_observation_in_a_batch_wins(warehouse: Warehouse) -> None:
    load(
        warehouse,
        "1",
        post(text="new", observed_at=later(2)),
        post(text="old", observed_at=later(1)),
    )

    assert stored(warehouse, "text") == "new"
    assert one(warehouse, "select count(*) from raw.posts") == 1


@pytest.mark.fault(13)
def test_of_two_at_the_same_moment_the_later_read_wins(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(text="first"), post(text="second"))

    assert stored(warehouse, "text") == "second"


def test_an_older_observation_that_comes_late_only_fills_in(warehouse: Warehouse) -> None:
    load(warehouse, "2", post(text="new", observed_at=later(2), language=None))

    load(warehouse, "1", post(text="old", observed_at=later(1), language="nl"))

    assert stored(warehouse, "text") == "new"
    assert stored(warehouse, "language") == "nl"
    assert stored(warehouse, "first_seen_at") == later(1)
    assert stored(warehouse, "last_seen_at") == later(2)


def test_unknown_does_not_erase_known(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(likes_count=3, url="https://a.example/1", rating=2.0))

    load(warehouse, "2", post(observed_at=later(1), replies_count=1))

    assert stored(warehouse, "(likes_count, replies_count)") == (3, 1)
    assert stored(warehouse, "url") == "https://a.example/1"
    assert stored(warehouse, "rating") == 2.0


def test_zero_is_a_measurement(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(likes_count=3))
    load(warehouse, "2", post(likes_count=0, observed_at=later(1)))

    assert stored(warehouse, "likes_count") == 0


def test_the_source_that_came_first_is_kept(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(), source="tags")
    load(warehouse, "2", post(observed_at=later(1)), source="inbox")

    assert stored(warehouse, "(first_source, first_verb)") == ("tags", "mentions")
    assert rows(warehouse, "select source, first_run_id from raw.post_sources order by 1") == [
        ("inbox", "2"),
        ("tags", "1"),
    ]


# --- history


def test_the_text_key_is_the_digest_of_title_and_text(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p1", title="T", text="x"), post("p2", text="x"))

    assert stored(warehouse, "text_key", "p1") == "c138dfcf2db1c3aa04e70bf9ce7a73f5"
    assert stored(warehouse, "text_key", "p2") == "25be0ec232cc626df86d42367a1b035b"


@pytest.mark.fault(14)
def test_texts_are_kept_when_they_change(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(text="one"), post("p2"))
    load(warehouse, "2", post(text="two", observed_at=later(1), edited_at=later(0.5)))
    load(warehouse, "3", post(text="two", observed_at=later(2)))
    load(warehouse, "4", post(text="one", observed_at=later(3)))

    versions = rows(
        warehouse, "select post_id, text, observed_at from raw.post_versions order by observed_at"
    )
    assert versions == [("p1", "one", NOW), ("p1", "two", later(1))]
    assert stored(warehouse, "text") == "one"


def test_two_texts_in_one_batch_are_two_versions(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(text="one"), post(text="two", observed_at=later(1)))

    assert rows(warehouse, "select text from raw.post_versions order by observed_at") == [
        ("one",),
        ("two",),
    ]


def test_a_title_that_is_not_told_is_no_new_version(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(title="Title", text="same"))
    load(warehouse, "2", post(title=None, text="same", observed_at=later(1)))

    assert rows(warehouse, "from raw.post_versions") == []
    assert stored(warehouse, "title") == "Title"


@pytest.mark.fault(14, 23)
def test_counts_are_kept_when_they_move(warehouse: Warehouse) -> None:
    for run, likes in enumerate((0, 0, 5, None, 5, 4)):
        load(warehouse, str(run), post(likes_count=likes, observed_at=later(run)))

    history = rows(warehouse, "select observed_at, likes_count from raw.post_counts order by 1")
    assert history == [(later(0), 0), (later(2), 5), (later(5), 4)]


def test_a_count_that_is_not_told_stays_what_it_was(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(likes_count=1, replies_count=2))
    load(warehouse, "2", post(likes_count=3, observed_at=later(1)))

    newest = "select likes_count, replies_count from raw.post_counts order by observed_at desc"
    assert rows(warehouse, newest)[0] == (3, 2)


def test_a_post_without_counts_has_no_history_of_counts(warehouse: Warehouse) -> None:
    load(warehouse, "1", post())

    assert rows(warehouse, "from raw.post_counts") == []


def test_the_payload_is_what_was_sent_last(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(payload="old"))
    load(warehouse, "3", post(payload="new", observed_at=later(2)))
    load(warehouse, "2", post(payload="late", observed_at=later(1)))

    assert rows(warehouse, "select payload, observed_at from raw.payloads") == [("new", later(2))]


# --- authors


def test_authors_have_the_pseudonym_of_the_key(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(), post("p2", author_id=None, author_handle=None))

    key = (warehouse.data / "keys" / "pseudonyms.key").read_bytes()
    expected = author_key(key, "mastodon", "anna")
    assert stored(warehouse, "author_key") == expected
    assert stored(warehouse, "author_key", "p2") is None
    assert one(warehouse, "select author_key from raw.authors") == expected


def test_an_author_stays_the_same_person_over_nights_and_sources(tmp_path: Path) -> None:
    for run in ("1", "2"):
        with open_warehouse(tmp_path) as warehouse:
            load(warehouse, run, post(f"p{run}", observed_at=later(int(run))), source=run)
    with open_warehouse(tmp_path) as warehouse:
        assert one(warehouse, "select count(distinct author_key) from raw.posts") == 1


def test_the_audience_is_kept_when_it_moves(warehouse: Warehouse) -> None:
    for run, followers in enumerate((10, 10, None, 12)):
        load(
            warehouse,
            str(run),
            post(f"p{run}", observed_at=later(run), author_followers_count=followers),
        )

    history = "select observed_at, followers_count from raw.author_counts order by 1"
    assert rows(warehouse, history) == [(later(0), 10), (later(3), 12)]
    assert one(warehouse, "select followers_count from raw.authors") == 12


def test_what_one_post_does_not_tell_of_an_author_another_may(warehouse: Warehouse) -> None:
    load(
        warehouse,
        "1",
        post("p1", author_followers_count=9, observed_at=later(0)),
        post("p2", author_name="Anna", observed_at=later(1)),
    )

    assert rows(warehouse, "select author_name, followers_count from raw.authors") == [("Anna", 9)]


# --- deletion


@pytest.mark.fault(15)
def test_a_deleted_post_keeps_its_row_and_nothing_else(warehouse: Warehouse) -> None:
    full = post(
        title="T",
        url="https://a.example/@anna/1",
        mentions=("@bert",),
        tags=("x",),
        links=("https://b.example",),
        language="nl",
        rating=1.0,
        parent_id="p0",
        parent_author_id="bert",
        author_followers_count=5,
    )
    load(warehouse, "1", full)
    load(warehouse, "2", post(text="edited secret", parent_id="p0", observed_at=later(1)))

    load(warehouse, "3", gone(observed_at=later(2)))

    assert stored(warehouse, "deleted_at") == later(2)
    assert stored(warehouse, "(parent_id, kind)") == ("p0", "reply")
    assert stored(warehouse, "(author_id, author_key, author_handle, parent_author_id)") == (
        *(None, None, None, None),
    )
    assert stored(warehouse, "(title, text, url, language, rating)") == (None, "", *(None,) * 3)
    assert stored(warehouse, "(mentions, tags, links)") == ([], [], [])
    for table in ("post_versions", "payloads", "authors", "author_counts"):
        assert rows(warehouse, f"from raw.{table}") == [], table
    left = repr(everything(warehouse))
    for word in ("text of p1", "edited secret", "anna", "bert", "a.example"):
        assert word not in left


def test_an_author_with_other_posts_stays(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p1"), post("p2"))
    load(warehouse, "2", gone("p1"))

    assert one(warehouse, "select author_id from raw.authors") == "anna"


def test_an_older_observation_does_not_bring_a_deleted_post_back(warehouse: Warehouse) -> None:
    load(warehouse, "1", post())
    load(warehouse, "3", gone(observed_at=later(3)))

    load(warehouse, "2", post(text="secret", observed_at=later(2), likes_count=7))

    assert stored(warehouse, "(text, author_id)") == ("", None)
    assert rows(warehouse, "from raw.payloads") == []
    assert rows(warehouse, "from raw.post_versions") == []
    assert rows(warehouse, "from raw.authors") == []


def test_a_post_and_its_deletion_in_one_batch_leave_no_word(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(text="secret"), gone(observed_at=NOW))

    assert stored(warehouse, "(text, author_id)") == ("", None)
    assert "secret" not in repr(everything(warehouse))
    assert "anna" not in repr(everything(warehouse))


def test_a_post_that_is_there_again_comes_back(warehouse: Warehouse) -> None:
    load(warehouse, "1", post())
    load(warehouse, "2", gone(observed_at=later(1)))
    load(warehouse, "3", post(text="here again", observed_at=later(2)))

    assert stored(warehouse, "deleted_at") is None
    assert stored(warehouse, "(text, author_id)") == ("here again", "anna")
    assert one(warehouse, "select count(*) from raw.payloads") == 1


def test_a_deleted_post_that_was_never_seen_holds_the_tree_together(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("a"), gone("b", parent_id="a"), post("c", parent_id="b"))

    assert one(warehouse, "select depth from raw.threads where post_id = 'c'") == 2


def test_matches_of_a_deleted_post_go(warehouse: Warehouse) -> None:
    load(warehouse, "1", post())
    warehouse.database.execute(
        "insert into enriched.matches values ('mastodon', 'p1', 'Acme', 'acme', 'name', '1')"
    )

    load(warehouse, "2", gone())

    assert rows(warehouse, "from enriched.matches") == []


# --- aliases


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_parent_is_found_by_its_other_name_in_both_orders(
    warehouse: Warehouse, order: tuple[int, int]
) -> None:
    named = post("https://far.example/1", aliases=("near.example:77",))
    naming = post(
        "p2",
        parent_id="near.example:77",
        root_id="near.example:77",
        quoted_id="near.example:77",
        reposted_id="near.example:77",
    )
    for run in order:
        load(warehouse, str(run), (named, naming)[run])

    assert stored(warehouse, "(parent_id, root_id, quoted_id, reposted_id)", "p2") == (
        *(("https://far.example/1",) * 4),
    )
    assert one(warehouse, "select thread_id from raw.threads where post_id = 'p2'") == (
        "https://far.example/1"
    )


def test_both_in_one_batch_find_each_other(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p2", parent_id="x:1"), post("p1", aliases=("x:1", "p1")))

    assert stored(warehouse, "parent_id", "p2") == "p1"
    assert rows(warehouse, "select alias from raw.post_aliases") == [("x:1",)]


def test_a_name_is_looked_up_on_its_own_platform_only(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p1", platform="bluesky", aliases=("1",)))
    load(warehouse, "2", post("p2", parent_id="1"))

    assert stored(warehouse, "parent_id", "p2") == "1"


def test_a_post_that_exists_is_not_renamed(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p1"), post("p3", aliases=("p1",)))
    load(warehouse, "2", post("p2", parent_id="p1"))

    assert stored(warehouse, "parent_id", "p2") == "p1"


# --- progress, gaps, ledger


def progress(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return rows(
        warehouse, "select platform, collected_from, collected_through from ops.progress order by 1"
    )


@pytest.mark.fault(4)
def test_only_a_complete_run_moves_progress(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(), status="partial", error_code="RateLimited")
    assert progress(warehouse) == []

    load(warehouse, "2", post())
    assert progress(warehouse) == [("mastodon", NOW - WEEK, NOW)]

    load(warehouse, "3", asked_through=later(24), status="failed", error_code="SourceGone")
    assert warehouse.progress("social") == NOW


@pytest.mark.fault(24)
def test_progress_never_moves_backwards(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(), asked_through=later(24))
    load(warehouse, "2", post(), asked_from=NOW - 4 * WEEK, asked_through=NOW - WEEK)

    assert progress(warehouse) == [("mastodon", NOW - 4 * WEEK, later(24))]


def test_a_source_of_several_platforms_has_progress_for_each(warehouse: Warehouse) -> None:
    load(warehouse, "1", post(platform="x"), post("p2", platform="y"), platform="table")
    load(warehouse, "2", platform="table", asked_through=later(24))

    assert [(platform, through) for platform, _, through in progress(warehouse)] == [
        ("x", later(24)),
        ("y", later(24)),
    ]


def gaps(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return rows(
        warehouse,
        "select gap_from, gap_to, reason, closed_by_run_id from ops.gaps order by gap_from, reason",
    )


@pytest.mark.fault(17)
def test_a_broken_run_leaves_a_gap_and_a_complete_one_closes_it(warehouse: Warehouse) -> None:
    load(warehouse, "1", post())
    load(warehouse, "2", asked_through=later(24), status="failed", error_code="SourceUnavailable")
    assert gaps(warehouse) == [(NOW, later(24), "SourceUnavailable", None)]

    load(warehouse, "3", asked_through=later(48))

    assert gaps(warehouse) == [(NOW, later(24), "SourceUnavailable", "3")]


def test_a_gap_that_grows_is_one_gap(warehouse: Warehouse) -> None:
    load(warehouse, "1", post())
    for run in (2, 3, 4):
        load(warehouse, str(run), asked_through=later(24 * run), status="failed", error_code="X")

    assert gaps(warehouse) == [(NOW, later(96), "X", None)]


def test_a_gap_that_is_covered_in_part_shrinks(warehouse: Warehouse) -> None:
    load(warehouse, "1", asked_from=NOW - WEEK, status="failed", error_code="X")

    load(warehouse, "2", asked_from=NOW - timedelta(days=2), asked_through=later(1))

    assert gaps(warehouse) == [(NOW - WEEK, NOW - timedelta(days=2), "X", None)]


@pytest.mark.fault(18)
def test_what_the_platform_did_not_give_stays_a_gap_after_the_run_that_saw_it(
    warehouse: Warehouse,
) -> None:
    told = [Gap(gap_from=NOW - WEEK, gap_to=NOW - timedelta(days=3), reason="only the last 40")]
    load(warehouse, "1", post(), gaps=told)
    assert gaps(warehouse) == [(NOW - WEEK, NOW - timedelta(days=3), "only the last 40", None)]

    load(warehouse, "2", post(), gaps=told, asked_through=later(1))
    assert [reason for *_, reason, closed in gaps(warehouse) if closed is None] == [
        "only the last 40"
    ]

    load(warehouse, "3", post(), asked_through=later(2))
    assert [closed for *_, closed in gaps(warehouse)] == ["3"]


def test_what_a_verb_that_lags_can_no_longer_get_is_missing(warehouse: Warehouse) -> None:
    """It is asked from further back than its source, which had looked there with other verbs."""
    day = timedelta(days=1)
    too_late = Gap(gap_from=NOW - 30 * day, gap_to=NOW - 7 * day, reason="gives a week")
    load(warehouse, "1", asked_from=NOW - 40 * day, asked_through=NOW - day)

    load(warehouse, "2", asked_from=NOW - 8 * day, asked_through=NOW, gaps=[too_late])

    assert gaps(warehouse) == [(NOW - 30 * day, NOW - 7 * day, "gives a week", None)]


def test_what_lies_too_far_back_is_missing_only_where_no_run_has_looked(
    warehouse: Warehouse,
) -> None:
    day = timedelta(days=1)

    def forgetful(run: str, now: Any, since: Any) -> None:
        gap = Gap(gap_from=since, gap_to=now - day, reason="gives the last day only")
        load(warehouse, run, asked_from=since, asked_through=now, gaps=[gap])

    open_gaps = "select gap_from, gap_to from ops.gaps where closed_by_run_id is null order by 1"
    forgetful("1", NOW, NOW - 30 * day)
    first = [(NOW - 30 * day, NOW - day)]
    assert rows(warehouse, open_gaps) == first

    forgetful("2", NOW + day, NOW - 6 * day)
    assert rows(warehouse, open_gaps) == first

    forgetful("3", NOW + 4 * day, NOW - 6 * day)
    assert rows(warehouse, open_gaps) == [*first, (NOW + day, NOW + 3 * day)]


def test_a_stretch_nobody_asked_for_is_a_gap(warehouse: Warehouse) -> None:
    load(warehouse, "1", post())
    load(warehouse, "2", asked_from=later(24), asked_through=later(48))

    assert gaps(warehouse) == [(NOW, later(24), "no run asked for this", None)]


def test_gaps_of_one_source_are_not_closed_by_another(warehouse: Warehouse) -> None:
    load(warehouse, "1", status="failed", error_code="X", source="one")
    load(warehouse, "2", source="other")

    assert [closed for *_, closed in gaps(warehouse)] == [None]


@pytest.mark.fault(35)
def test_an_older_run_does_not_commit_over_a_newer_one(warehouse: Warehouse) -> None:
    new, old = Validator(etag="new"), Validator(etag="old")
    load(
        warehouse,
        "5",
        post(text="new", observed_at=later(48)),
        asked_through=later(48),
        validators={"a": new},
    )

    load(
        warehouse,
        "4",
        post(text="old", observed_at=later(24)),
        post("p2", observed_at=later(24)),
        asked_through=later(72),
        validators={"a": old},
        gaps=[Gap(gap_from=NOW, gap_to=later(1), reason="late")],
    )
    load(warehouse, "3", status="failed", error_code="X", asked_through=later(20))

    assert stored(warehouse, "text") == "new"
    assert stored(warehouse, "text", "p2") == "text of p2"
    assert warehouse.progress("social") == later(48)
    assert warehouse.validators("social") == {"a": new}
    assert gaps(warehouse) == []


def test_validators_are_kept_of_complete_runs(warehouse: Warehouse) -> None:
    kept = Validator(etag='W/"1"', last_modified="Sun, 01 Nov 2026 04:15:00 GMT", body_digest="d")
    load(warehouse, "1", validators={"https://a.example/feed": kept})
    load(warehouse, "2", status="partial", validators={"https://a.example/feed": Validator()})

    assert warehouse.validators("social") == {"https://a.example/feed": kept}
    assert warehouse.validators("other") == {}


@pytest.mark.fault(5)
def test_addresses_that_moved_for_good_are_told_until_a_complete_run_finds_none(
    warehouse: Warehouse,
) -> None:
    moved = Usage(moved={"https://a.example/feed": "https://b.example/feed"})
    load(warehouse, "1", usage=moved)
    load(warehouse, "2", usage=Usage(), status="partial")
    assert rows(warehouse, "select source, moved_from, moved_to, run_id from ops.moves") == [
        ("social", "https://a.example/feed", "https://b.example/feed", "1")
    ]

    load(warehouse, "3", usage=Usage())
    assert rows(warehouse, "from ops.moves") == []


def test_what_was_taken_of_quotas_is_counted_for_a_day_and_a_month(warehouse: Warehouse) -> None:
    for run, hours in (("1", 0), ("2", 24 * 40), ("3", 24 * 41)):
        warehouse.begin_run(run, later(hours), "1.0")
        load(warehouse, run, post(), usage=Usage(requests=5, spent={"searches": 2}))

    spending = warehouse.spending_by_platform(later(24 * 41 + 1))["mastodon"]

    assert spending.day == {"requests": 5, "reads": 1, "searches": 2}
    assert spending.month == {"requests": 10, "reads": 2, "searches": 4}
    assert "bluesky" not in warehouse.spending_by_platform(later(0))
    assert warehouse.last_collection("social") == (5, 1)


def test_the_ledger_tells_what_a_source_gave(warehouse: Warehouse) -> None:
    load(warehouse, "1", post("p1"))
    load(
        warehouse,
        "2",
        post("p1", observed_at=later(1)),
        post("p2"),
        post("p2"),
        status="partial",
        error_code="RateLimited",
        error="social: slow down",
        usage=Usage(requests=4, bytes=1000, rate_limited_seconds=2.5),
        rejected=[Rejected(reason="no id", path="$[0]", payload="<b>")],
        seconds=1.25,
        withdrawn=[Withdrawn(name=name, observed_at=NOW) for name in "abc"],
    )

    (collection,) = rows(
        warehouse,
        """
        select status, error_code, error, requests_count, bytes_count, rate_limited_seconds,
            posts_count, new_posts_count, duplicates_count, rejected_count, seconds, left_out_count
        from ops.collections where run_id = '2'
        """,
    )
    assert collection == (
        *("partial", "RateLimited", "social: slow down", 4, 1000, 2.5),
        *(3, 1, 2, 1, 1.25, 3),
    )
    assert rows(warehouse, "select reason, path, payload from ops.quarantine") == [
        ("no id", "$[0]", "<b>")
    ]
    assert warehouse.failures("2") == ["social: slow down"]
    assert warehouse.run_counts("2") == (3, 1)


HOSTILE = "x'; drop table raw.posts; --"


@pytest.mark.fault(48, 53)
def test_hostile_names_are_only_names(warehouse: Warehouse) -> None:
    load(
        warehouse,
        "1",
        post(HOSTILE, text=HOSTILE, author_id=HOSTILE, aliases=(f"{HOSTILE}2",)),
        source=HOSTILE,
    )

    assert rows(warehouse, "select post_id, text, first_source from raw.posts") == [
        (HOSTILE, HOSTILE, HOSTILE)
    ]
    assert warehouse.progress(HOSTILE) == NOW


texts = some.text(max_size=12)
names = some.sampled_from(["p1", "p2", "p3"])
wild = some.builds(
    post,
    names,
    observed_at=some.integers(0, 5).map(later),
    text=texts,
    title=some.none() | texts,
    parent_id=some.none() | names | some.sampled_from(["x:1", "x:2"]),
    aliases=some.lists(some.sampled_from(["x:1", "x:2"]), max_size=2).map(tuple),
    likes_count=some.none() | some.integers(-5, 2**64),
    author_id=some.none() | texts,
    author_followers_count=some.none() | some.integers(0, 3),
    deleted_at=some.none() | some.just(later(1)),
)
_run = itertools.count(10**6)


@given(some.lists(some.lists(wild, max_size=6), max_size=3))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_whatever_comes_the_grains_hold(warehouse: Warehouse, files: list[list[Post]]) -> None:
    platform = f"platform-{next(_run)}"
    for posts in files:
        here = [msgspec.structs.replace(each, platform=platform) for each in posts]
        load(warehouse, str(next(_run)), *here, platform=platform)

    seen = {each.post_id for posts in files for each in posts}
    for table in ("raw.posts", "raw.threads"):
        found = rows(warehouse, f"select post_id from {table} where platform = '{platform}'")
        assert {name for (name,) in found} == seen, table
    for table, grain in GRAINS.items():
        doubled = f"select {grain} from {table} group by all having count(*) > 1"
        assert rows(warehouse, doubled) == [], table
    assert rows(warehouse, DELETED_BUT_TELLING) == []


GRAINS = {
    "raw.posts": "platform, post_id",
    "raw.post_aliases": "platform, alias",
    "raw.threads": "platform, post_id",
    "raw.post_versions": "platform, post_id, title, text",
    "raw.post_counts": "platform, post_id, observed_at",
    "raw.payloads": "platform, post_id",
    "raw.post_sources": "platform, post_id, source",
    "raw.authors": "platform, author_id",
    "raw.author_counts": "platform, author_id, observed_at",
}
DELETED_BUT_TELLING = """
    select post_id from raw.posts
    where deleted_at is not null and (
        text <> '' or title is not null or author_id is not null or author_key is not null
        or (platform, post_id) in (select (platform, post_id) from raw.payloads)
        or (platform, post_id) in (select (platform, post_id) from raw.post_versions)
    )
"""
