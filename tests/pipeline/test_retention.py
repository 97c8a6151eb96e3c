"""Nothing outlives its term: not in the database, not in what landed, not in a byte of a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline import expired, kept, retention
from pipeline.config import Config
from pipeline.confirm import StillThere
from pipeline.landing import CutThread, Landing, LandingFile
from pipeline.post import Rejected
from pipeline.privacy import blind_name
from pipeline.retention import renew
from pipeline.rewrite import rewrite
from pipeline.warehouse import canonical_export, open_warehouse
from tests.pipeline.landed import CONFIG, NOW, landed, post

DAY = timedelta(days=1)


def config(folder: Path, **privacy: Any) -> Config:
    settings = {**CONFIG, "privacy": privacy} if privacy else CONFIG
    return Config.model_validate(settings).model_copy(update={"data": folder})


def at(days: float) -> datetime:
    return NOW + timedelta(days=days)


def said(name: str, day: float, **fields: Any) -> Any:
    """A post of a day, read within the hour."""
    told = {
        "created_at": at(day),
        "observed_at": at(day + 0.04),
        "text": f"words of {name}",
        "payload": f'{{"payload of": "{name}"}}',
    }
    return post(name, **(told | fields))


def night(folder: Path, day: float, *posts: Any, **fields: Any) -> None:
    """Land and load what was said, as the run of a day would."""
    moment = at(day)
    run = f"{moment:%Y%m%dT%H%M%SZ}-abcdef"
    file = landed(folder, run, *posts, asked_from=moment - 7 * DAY, asked_through=moment, **fields)
    with open_warehouse(folder) as warehouse:
        warehouse.write_configuration(config(folder))
        warehouse.begin_run(run, moment, "1")
        warehouse.load(file)


def retain(settings: Config, now: datetime, build: Callable[[], None]) -> Mapping[str, int]:
    """What a night does about keeping times, from load to report."""
    removed = retention.retain(settings, now, build)
    renew(settings.data)
    return removed


def never() -> None:
    raise AssertionError("there is nothing to build for")


def marts(folder: Path) -> Callable[[], None]:
    """A build of two small marts in place of the real one, of numbers and no posts."""

    def build() -> None:
        with duckdb.connect(str(folder / "luister.duckdb")) as database:
            database.execute(MARTS)

    return build


MARTS = """
    drop schema if exists marts cascade;
    drop schema if exists intermediate cascade;
    create schema marts;
    create schema intermediate;
    create table intermediate.int_posts as
        select row_number() over () as post_number, hash(author_id) as speaker_number,
            platform, created_at
        from raw.posts;
    create table intermediate.int_roles as
        select 'Acme' as organisation, platform, post_number, 'mentioned' as role,
            created_at::date as posted_date
        from intermediate.int_posts;
    create table marts.volume_daily as
        select 'Acme' as organisation, platform, created_at::date as posted_date,
            count(*) as volume
        from raw.posts group by all;
    create table marts.scorecard as
        select 'Acme' as organisation, 'all' as platform, 'month' as period_grain,
            date_trunc('month', created_at)::date as period_start, 'volume' as measure,
            count(*)::double as value, null::double as previous_value, null::double as change,
            null::double as change_low, null::double as change_high, false as is_change
        from raw.posts group by all;
    create table marts.publication (run_id varchar, published_at timestamptz);
    insert into marts.publication values (null, null);
"""


def every_byte(folder: Path) -> bytes:
    """All files as they are, and what is packed in Parquet and the database unpacked too."""
    told = [each.read_bytes() for each in folder.rglob("*") if each.is_file()]
    told += [str(pq.read_table(each).to_pylist()).encode() for each in folder.rglob("*.parquet")]
    with open_warehouse(folder) as warehouse:
        tables = warehouse.database.execute(
            "select schema_name, table_name from duckdb_tables()"
        ).fetchall()
        for schema, table in tables:
            rows = warehouse.database.execute(f'from "{schema}"."{table}"').fetchall()
            told.append(str(rows).encode())
    return b"\n".join(told)


def test_payloads_go_first_and_everything_else_stays(tmp_path: Path) -> None:
    night(tmp_path, 0, said("early", -1), rejected=[Rejected(reason="odd", path="x", payload="o1")])
    night(tmp_path, 10, said("late", 9))

    removed = retain(config(tmp_path), at(14.5), never)

    assert removed["payloads"] == 2
    left = every_byte(tmp_path)
    assert b"payload of" in left
    assert b'payload of": "early' not in left
    assert b"o1" not in left
    assert b"words of early" in left


@pytest.mark.parametrize("platform", ["mastodon", "youtube"])
@pytest.mark.parametrize("created", [None, -1.0, 4.0, 9.0])
@pytest.mark.parametrize("later", [1, 12, 15, 32, 45, 95, 120])
def test_what_a_file_tells_of_its_columns_is_believed_only_where_all_is_young(
    tmp_path: Path, platform: str, created: float | None, later: float
) -> None:
    """Whoever is asked, the columns or every row: what has had its time is the same."""
    moment = at(10)
    told = said("one", 9.5, created_at=None if created is None else at(created), platform=platform)
    file = landed(tmp_path, "1", told, asked_from=at(0), asked_through=moment)
    terms = retention.terms_of(config(tmp_path), at(10 + later))

    with StillThere([file], terms.confirmed) as there:
        table = file.table()
        is_the_same = expired.without_expired(table, terms, there).equals(table)

    assert not expired._is_young(file, terms) or is_the_same
    if later == 1:
        assert expired._is_young(file, terms) == (created is not None)


def test_after_its_term_nothing_of_a_post_is_in_any_byte(tmp_path: Path) -> None:
    night(tmp_path, 0, said("early", -1, author_id="anna-1", author_handle="@anna-of-old"))
    night(tmp_path, 80, said("late", 79, author_id="ben-1"))

    removed = retain(config(tmp_path), at(89.5), marts(tmp_path))

    assert removed["posts"] == 1
    left = every_byte(tmp_path)
    for gone in (b"early", b"anna-1", b"anna-of-old"):
        assert gone not in left, gone
    assert b"words of late" in left


def test_a_second_time_changes_nothing_and_writes_nothing(tmp_path: Path) -> None:
    night(tmp_path, 0, said("early", -1))
    night(tmp_path, 80, said("late", 79))
    retain(config(tmp_path), at(89.5), marts(tmp_path))
    before = (tmp_path / "luister.duckdb").stat().st_ino

    removed = retain(config(tmp_path), at(89.6), never)

    assert not any(removed.values())
    assert (tmp_path / "luister.duckdb").stat().st_ino == before


@pytest.mark.fault(14)
def test_words_may_go_before_the_post_and_what_was_read_in_them_stays(tmp_path: Path) -> None:
    night(tmp_path, 0, said("early", -1))
    with open_warehouse(tmp_path) as warehouse:
        warehouse.database.execute(
            "insert into enriched.texts (text_key, enricher_version, sentiment, intents) "
            "select text_key, '1', 'negative', [] from raw.posts"
        )
    retain(config(tmp_path, text_days=30), at(30), never)

    assert b"words of early" not in every_byte(tmp_path)
    with open_warehouse(tmp_path) as warehouse:
        read = warehouse.database.execute(
            "select author_id, sentiment from raw.posts join enriched.texts using (text_key)"
        ).fetchall()
        assert read == [("anna", "negative")]
        assert not list(warehouse.unread_texts("1"))
        assert not list(warehouse.unmatched_posts("2"))


def test_built_again_from_what_landed_nothing_comes_back(tmp_path: Path) -> None:
    early = said("early", -1)
    night(tmp_path, 0, early, said("p2", -0.5, parent_id="early"))
    night(tmp_path, 85, said("late", 79), said("early", -1), said("p2", -0.5, parent_id="early"))
    retain(config(tmp_path), at(89.5), marts(tmp_path))
    with open_warehouse(tmp_path) as warehouse:
        before = canonical_export(warehouse)
    (tmp_path / "luister.duckdb").unlink()

    with open_warehouse(tmp_path) as warehouse:
        warehouse.write_configuration(config(tmp_path))
        again = canonical_export(warehouse)

    assert again == before
    assert b'"thread_id":"p2"' in before
    assert b"words of early" not in every_byte(tmp_path)


def test_who_is_read_again_after_that_is_gone_the_same_night(tmp_path: Path) -> None:
    night(tmp_path, 0, said("early", -1))
    retain(config(tmp_path), at(89.5), marts(tmp_path))
    night(tmp_path, 95, said("early", -1, observed_at=at(95)))

    retain(config(tmp_path), at(95), marts(tmp_path))

    assert b"words of early" not in every_byte(tmp_path)


def test_posts_older_than_the_first_look_live_from_when_they_were_read(tmp_path: Path) -> None:
    archive = post("old", created_at=at(-4000), observed_at=at(0), text="words of old")
    night(tmp_path, 0, archive)

    assert retain(config(tmp_path), at(89), never)["posts"] == 0
    assert retain(config(tmp_path), at(91), marts(tmp_path))["posts"] == 1


@pytest.mark.parametrize("noted", [b"", b"rubbish", b"\xff\xfe"])
def test_when_it_began_is_reckoned_again_where_the_note_is_damaged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, noted: bytes
) -> None:
    night(tmp_path, 0, said("p1", 0))
    first = retention.terms_of(config(tmp_path), at(0)).began
    (tmp_path / "history" / "began").write_bytes(noted)

    assert retention.terms_of(config(tmp_path), at(40)).began == first
    assert "is damaged" in caplog.text
    assert retention.terms_of(config(tmp_path), at(80)).began == first


def test_the_numbers_of_a_month_survive_its_posts_and_a_rebuild(tmp_path: Path) -> None:
    night(tmp_path, 0, *(said(f"p{n}", -1 + n / 100, author_id=f"a{n}") for n in range(7)))
    night(tmp_path, 80, said("late", 79))
    retain(config(tmp_path), at(89.5), marts(tmp_path))
    (tmp_path / "luister.duckdb").unlink()
    with open_warehouse(tmp_path):
        pass
    marts(tmp_path)()

    with open_warehouse(tmp_path) as warehouse:
        path = warehouse.publish("1", at(89.6))
    with duckdb.connect(str(path), read_only=True) as published:
        numbers = published.execute(
            "select posted_date, volume from marts.volume_daily order by all"
        ).fetchall()
        months = published.execute(
            "select period_start, value from marts.scorecard order by all"
        ).fetchall()
    assert numbers == [(at(-1).date(), 7), (at(79).date(), 1)]
    assert months == [(date(2026, 10, 1), 7.0), (date(2027, 1, 1), 1.0)]


@pytest.mark.parametrize(("people", "is_kept"), [(4, False), (5, True)])
def test_after_a_year_only_numbers_about_enough_people_are_kept(
    tmp_path: Path, people: int, is_kept: bool
) -> None:
    night(tmp_path, 0, *(said(f"p{n}", -1, author_id=f"a{n}") for n in range(people)))
    retain(config(tmp_path), at(89.5), marts(tmp_path))
    assert pq.read_metadata(kept.path_of(tmp_path, "volume_daily")).num_rows == 1

    retain(config(tmp_path), at(365), never)
    assert pq.read_metadata(kept.path_of(tmp_path, "volume_daily")).num_rows == 1

    retain(config(tmp_path), at(400), never)
    rows = pq.read_metadata(kept.path_of(tmp_path, "volume_daily")).num_rows
    assert rows == (1 if is_kept else 0)


def test_files_of_posts_go_when_their_time_has_come(tmp_path: Path) -> None:
    night(tmp_path, 0, said("p1", -1))
    paths = [
        tmp_path / name
        for name in (
            "recordings/a.json",
            "reports/a.html",
            "reports/weeks/a.html",
            "luister.duckdb.damaged-2026",
            "kept.txt",
        )
    ]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("words")
        os.utime(path, (at(0).timestamp(), at(0).timestamp()))

    retain(config(tmp_path), at(20), never)
    assert [path.exists() for path in paths] == [False, True, True, False, True]
    retain(config(tmp_path), at(91), marts(tmp_path))
    assert [path.exists() for path in paths] == [False, False, True, False, True]


def test_posts_that_landed_half_go_when_their_payload_would(tmp_path: Path) -> None:
    """Their run was killed before it wrote their manifest: nothing ever reads them."""
    night(tmp_path, 0, said("p1", -1))
    half = only(tmp_path).path.with_name("half.parquet")
    half.write_bytes(only(tmp_path).path.read_bytes())
    os.utime(half, (at(0).timestamp(), at(0).timestamp()))

    retain(config(tmp_path), at(13), never)
    assert half.exists()
    retain(config(tmp_path), at(15), never)
    assert not half.exists()
    assert only(tmp_path).manifest.posts_count == 1


def test_cut_off_before_the_new_file_is_in_place_it_is_finished_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(tmp_path, 0, said("early", -1))
    night(tmp_path, 80, said("late", 79))

    def killed(path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(retention, "put_in_place", killed)
        with pytest.raises(KeyboardInterrupt):
            retain(config(tmp_path), at(89.5), marts(tmp_path))

    retain(config(tmp_path), at(89.5), never)

    assert b"words of early" not in every_byte(tmp_path)
    assert not (tmp_path / "luister.duckdb.unclean").exists()


def test_names_of_withdrawn_posts_go_too(tmp_path: Path) -> None:
    from pipeline.landing import Withdrawn

    name = blind_name("mastodon", "secret")
    night(tmp_path, 0, said("p1", -1), withdrawn=[Withdrawn(name=name, observed_at=at(0))])

    retain(config(tmp_path), at(91), marts(tmp_path))

    assert name.encode() not in every_byte(tmp_path)


def test_names_of_threads_go_too_where_the_file_stays_for_others(tmp_path: Path) -> None:
    names = [blind_name("mastodon", name) for name in ("cut", "whole")]
    cut = CutThread(name=names[0], reason="BudgetSpent", is_asked_again=True)
    read = {"cut_threads": [cut], "whole_threads": [names[1]]}
    night(tmp_path, 0, said("young", 5), **read)

    retain(config(tmp_path), at(90), marts(tmp_path))
    assert only(tmp_path).manifest.cut_threads == [cut]
    retain(config(tmp_path), at(91), marts(tmp_path))

    assert (only(tmp_path).manifest.cut_threads, only(tmp_path).manifest.whole_threads) == ([], [])


# --- writing landing files anew


def only(folder: Path) -> LandingFile:
    (file,) = Landing(folder / "landing").files()
    return file


def test_a_file_written_anew_is_the_same_file_to_the_database(tmp_path: Path) -> None:
    night(tmp_path, 0, said("p1", -1), said("p2", -1))
    before = only(tmp_path)

    assert rewrite(before, lambda table: table.slice(0, 1))

    after = only(tmp_path)
    assert after.digest == before.digest
    assert after.manifest.posts_count == 1
    assert rewrite(after, lambda table: table) is False
    assert only(tmp_path).digest == before.digest


def test_between_manifest_and_posts_the_file_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(tmp_path, 0, said("p1", -1), said("p2", -1))
    replace = Path.replace

    def killed(path: Path, target: Path) -> Path:
        if path.name.endswith(".parquet.tmp"):
            raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            rewrite(only(tmp_path), lambda table: table.slice(0, 1))

    half = only(tmp_path)
    assert pq.read_metadata(half.path).num_rows == 2
    assert rewrite(half, lambda table: table.slice(0, 1))
    assert pq.read_metadata(only(tmp_path).path).num_rows == 1


def test_what_was_built_stays_built(tmp_path: Path) -> None:
    night(tmp_path, 0, said("early", -1))
    night(tmp_path, 80, said("late", 79))
    retention.retain(config(tmp_path), at(89.5), marts(tmp_path))
    marts(tmp_path)()
    with open_warehouse(tmp_path) as warehouse:
        warehouse.database.execute("create view marts.days as from marts.volume_daily")

    assert renew(tmp_path)

    with open_warehouse(tmp_path) as warehouse:
        assert len(warehouse.database.execute("from marts.days").fetchall()) == 1
    assert not renew(tmp_path)
