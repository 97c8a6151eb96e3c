"""A whole night over the simulated world: real connectors, real HTTP, real DuckDB, real dbt."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from connectors import load as connector_of
from pipeline import night as steps
from pipeline.alerts.settings import AlertSettings, PlaceSettings
from pipeline.errors import AlreadyRunning
from pipeline.export import canonical_export
from pipeline.lock import nightly_lock
from pipeline.pace import Pace
from pipeline.post import KEEPABLE
from pipeline.rehearsal import rehearse
from pipeline.settings import BudgetSettings
from pipeline.warehouse import open_warehouse
from tests.alerts.conftest import Receiver, receiver
from tests.night.played import TODAY, Stage, small_world, staged

__all__ = ["receiver"]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("night"), small_world()) as stage:
        outcome = stage.play(TODAY - timedelta(days=1))
        assert outcome.status == "completed", outcome.failures
        yield stage


def exported(stage: Stage) -> bytes:
    with open_warehouse(stage.data) as warehouse:
        return canonical_export(warehouse.database)


def test_every_platform_gave_posts(stage: Stage) -> None:
    told = dict(stage.ask("select platform, count(*) from marts.posts group by platform"))

    assert set(told) == {"mastodon", "bluesky", "hackernews", "feed"}
    assert all(count > 0 for count in told.values())


def test_a_night_reports_and_sends_what_it_reports_to_who_wants_to_know(
    stage: Stage, receiver: Receiver
) -> None:
    night = steps.open_night(
        stage.config, steps.new_run_id(stage.next_run(TODAY - timedelta(days=1)))
    )
    team = PlaceSettings(name="team", address="LUISTER_ALERT_TEAM")
    config = stage.config.model_copy(update={"alerts": AlertSettings(place=(team,))})
    reports = config.data / "reports"
    (reports / "report-2026-11-14-nl.html").write_text("a night of the week before")

    outcome = steps.run(msgspec.structs.replace(night, config=config), connector_of)

    assert outcome.failures == ()
    assert len(outcome.headlines) == 5
    assert outcome.report is not None
    assert Path(outcome.report).stat().st_size > 10_000
    assert (reports / "weeks" / "report-2026-W46-nl.html").stat().st_size > 10_000
    assert "weeks/report-2026-W46-nl.html" in (reports / "index.html").read_text()
    digest = receiver.kept[0]
    assert digest["title"].startswith(f"{config.organisation.name}: de nacht van ")
    assert outcome.headlines[0].split(". ")[0] in digest["message"]
    assert outcome.report in digest["message"]


def test_the_same_night_again_changes_nothing(stage: Stage) -> None:
    before = exported(stage)

    outcome = stage.play(TODAY - timedelta(days=1))

    assert outcome.new_posts == 0
    assert exported(stage) == before


def test_a_rehearsal_tells_what_would_be_asked_and_asks_nobody(stage: Stage) -> None:
    night = steps.open_night(stage.config, steps.new_run_id(stage.next_run(TODAY)))
    before = exported(stage)

    plans = {plan.platform: plan for plan in rehearse(night, connector_of)}

    assert exported(stage) == before
    mastodon = plans["mastodon"]
    assert mastodon.verbs == ("mentions", "timeline", "inbox", "thread", "refresh")
    assert mastodon.requests_last_time is not None
    assert mastodon.requests_last_time > 0
    assert mastodon.refreshes > 0
    assert night.now - mastodon.since > timedelta(days=7)


@pytest.mark.thorough
def test_a_budget_ends_a_source_and_leaves_a_gap(stage: Stage) -> None:
    night = steps.open_night(stage.config, steps.new_run_id(stage.next_run(TODAY)))
    budget = {"hackernews": BudgetSettings(requests=1)}
    config = stage.config.model_copy(update={"budget": budget})

    outcome = steps.run(msgspec.structs.replace(night, config=config), connector_of)

    (failure,) = outcome.failures
    assert "the budget of hackernews is spent: no requests left" in failure
    assert outcome.exit_code == 3
    assert (
        steps.run(
            steps.open_night(stage.config, steps.new_run_id(stage.next_run(TODAY))), connector_of
        ).status
        == "completed"
    )


def test_what_may_not_be_kept_is_in_no_file(stage: Stage) -> None:
    open_to_all = {said.text for said in stage.world.said if said.visibility in KEEPABLE}
    secret_texts = [
        said.text.encode()
        for said in stage.world.said
        if said.visibility not in KEEPABLE and said.text not in open_to_all
    ]
    assert secret_texts, "the world holds private posts"
    written = b"".join(
        each.read_bytes()
        for each in stage.data.rglob("*")
        if each.is_file() and not each.is_symlink()
    )
    assert not [text for text in secret_texts if len(text) > 20 and text in written]


def test_nothing_that_names_anybody_is_published(stage: Stage) -> None:
    """Byte by byte and cell by cell: a file that compresses its texts hides them from the first."""
    words = names_in(stage)
    content = (stage.data / "analytics.duckdb").resolve().read_bytes().lower()
    cells = "\n".join(every_text(stage)).lower()

    assert len(words) > 90
    assert not [word for word in words if word.encode() in content]
    assert not [word for word in words if word in cells]


def test_who_is_mentioned_has_the_name_of_who_writes(stage: Stage) -> None:
    told = stage.ask(
        "with said as ("
        "  select unnest(regexp_extract_all(text, '@([0-9a-f]{32})', 1)) as author_key"
        "  from marts.posts"
        ") select count(*), count(distinct posts.author_key) from said"
        " left join (select distinct author_key from marts.posts) as posts using (author_key)"
    )
    ((mentions, authors),) = told
    assert mentions > 50
    assert authors > 0


def names_in(stage: Stage) -> set[str]:
    """How people show: handles, ids, addresses and full names, but those of organisations."""
    with open_warehouse(stage.data) as warehouse:
        found = warehouse.database.execute(
            """
            with people as (
                from raw.authors anti join conf.accounts
                on lower(ltrim(author_handle, '@')) = account or lower(author_id) = account
            )
            select unnest([
                lower(author_url), lower(author_id), '@' || lower(ltrim(author_handle, '@')),
                case when contains(author_name, ' ') then lower(author_name) end,
                case when length(author_handle) > 8 then lower(ltrim(author_handle, '@')) end
            ]) from people where platform <> 'feed'
            """
        ).fetchall()
    return {name for (name,) in found if name and len(name) > 4}


def every_text(stage: Stage) -> list[str]:
    """All texts of all published tables."""
    columns = stage.ask(
        "select table_name, column_name from duckdb_columns() "
        "where data_type like 'VARCHAR%' and schema_name = 'marts'"
    )
    told = (
        stage.ask(f'select distinct "{name}"::varchar from marts."{table}"')
        for table, name in columns
    )
    return [text for rows in told for (text,) in rows if text]


def test_a_source_that_is_down_does_not_stop_the_others(stage: Stage) -> None:
    stage.served.faults["mastodon"] = "login page"
    outcome = stage.play(TODAY)
    stage.served.faults.clear()

    assert (outcome.status, outcome.exit_code) == ("completed with failures", 3)
    assert [failure for failure in outcome.failures if "mastodon" in failure]
    assert not [failure for failure in outcome.failures if "bluesky" in failure]


def test_a_second_night_is_refused_while_one_runs(stage: Stage) -> None:
    with nightly_lock(stage.data), pytest.raises(AlreadyRunning, match="pid"):
        stage.play(TODAY)


def test_a_lost_database_is_built_again_from_the_landing_files(
    stage: Stage, tmp_path: Path
) -> None:
    before = loaded(stage)
    kept = tmp_path / "kept.duckdb"
    shutil.move(stage.data / "luister.duckdb", kept)
    try:
        assert loaded(stage) == before
    finally:
        shutil.copy(kept, stage.data / "luister.duckdb")


def loaded(stage: Stage) -> list[tuple[object, ...]]:
    """Every post with its words and its place, as the database has it."""
    with open_warehouse(stage.data) as warehouse:
        return warehouse.database.execute(
            "select platform, post_id, kind, text, parent_id, thread_id, likes_count "
            "from raw.posts join raw.threads using (platform, post_id) order by all"
        ).fetchall()


def test_loading_while_others_collect_gives_what_loading_at_the_end_gives(
    stage: Stage, tmp_path: Path
) -> None:
    exports = []
    for name, load_between in (("at once", False), ("meanwhile", True)):
        config = stage.config.model_copy(update={"data": tmp_path / name})
        night = steps.open_night(config, steps.new_run_id(TODAY - timedelta(days=1)))
        for source in steps.prepare(night):
            landed = steps.collect(night, source, connector_of, Pace(), steps.Silent())
            assert landed.status == "complete"
            if load_between:
                steps.load_landed(night)
        steps.load(night)
        with open_warehouse(config.data) as warehouse:
            exports.append(canonical_export(warehouse.database))

    assert exports[0] == exports[1]
