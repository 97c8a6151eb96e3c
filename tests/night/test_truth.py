"""Every measure of the scorecard equals what the simulated world knows of itself.

The world and the models never see each other: one reckons in plain Python from what was said, the
other in SQL from what was collected over HTTP. How well texts are read is another matter, measured
elsewhere: here the readings are the true ones.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline import enrich
from pipeline import night as steps
from pipeline.warehouse import open_warehouse
from pipeline.world import identity
from pipeline.world.truth import truth
from pipeline.world.truth.audiences import audience_truth
from tests.night.played import TODAY, Stage, small_world, staged

Key = tuple[str, str, str, date | None, str]


def read_truly(stage: Stage) -> None:
    """Put the world's own labels in place of what the enricher read."""
    labels = {identity.post_id(said): said for said in stage.world.said}
    with open_warehouse(stage.data) as warehouse:
        stored = warehouse.database.execute(
            "select text_key, min(post_id) from raw.posts where text <> '' group by text_key"
        ).fetchall()
        readings = [(key, labels[post_id]) for key, post_id in stored if post_id in labels]
        warehouse.write_texts(
            pa.Table.from_pylist(
                [
                    {
                        "text_key": key,
                        "language": said.language,
                        "language_confidence": 1.0,
                        "sentiment": said.sentiment,
                        "sentiment_score": 0.0,
                        "sentiment_confidence": 1.0,
                        "intents": sorted(said.intents),
                        "purpose": said.purpose,
                        "giving": said.deed.giving if said.deed else "neither",
                        "pr_model": said.deed and said.deed.pr_model,
                        "message_type": said.deed and said.deed.message_type,
                        "is_signed": said.is_signed,
                    }
                    for key, said in readings
                ],
                schema=enrich.READING_SCHEMA,
            ),
            enrich.VERSION,
        )
        # the world knows one mood of a post, whomever it names
        warehouse.database.execute("delete from enriched.moods")
    assert len(readings) > 0.95 * len(stored)
    night = steps.open_night(stage.config, steps.new_run_id(stage.next_run()))
    steps.build(night)
    steps.publish(night)


def measured(stage: Stage) -> dict[Key, float | None]:
    rows = stage.ask(
        "select organisation, platform, period_grain, period_start, measure, value "
        "from marts.scorecard"
    )
    return {
        (organisation, platform, grain, None if grain == "all" else start, measure): value
        for organisation, platform, grain, start, measure, value in rows
    }


def differing(known: dict[str, Any], value: float | None) -> bool:
    if known["value"] is None or value is None:
        return known["value"] is not value
    return abs(known["value"] - value) > 1e-9 * max(1.0, abs(known["value"]))


def answered_by_audience(stage: Stage) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    rows = stage.ask(
        "select organisation, platform, audience_quartile, people_count, matured_posts, "
        "answered_posts, questions_count, questions_answered, first_response_seconds_median "
        "from marts.response_by_audience where period_grain = 'all' and people_count > 0"
    )
    return {(name, platform, quartile): told for name, platform, quartile, *told in rows}


OTHERS = [pytest.param(seed, marks=pytest.mark.truth) for seed in (11, 1, 23, 2026)]


@pytest.mark.parametrize("seed", [7, *OTHERS])
def test_the_scorecard_equals_the_truth(tmp_path: Path, seed: int) -> None:
    world = small_world(seed)
    with staged(tmp_path, world) as stage:
        stage.play(TODAY)
        read_truly(stage)
        found = measured(stage)
        by_audience = answered_by_audience(stage)
    checked = 0
    wrong = []
    for known in truth(world, TODAY):
        key = (
            known["organisation"],
            known["platform"],
            known["period_grain"],
            known["period_start"],
            known["measure"],
        )
        if key not in found:
            continue
        checked += 1
        if differing(known, found[key]):
            wrong.append((key, known["value"], found[key]))
    assert not wrong, f"{len(wrong)} of {checked}: {wrong[:5]}"
    assert checked > 4000
    for row in audience_truth(world, TODAY):
        *where, quartile = (
            row.pop(each) for each in ("organisation", "platform", "audience_quartile")
        )
        got = by_audience.pop((*where, quartile))
        assert tuple(got) == pytest.approx(tuple(row.values())), (*where, quartile)
    assert not by_audience
