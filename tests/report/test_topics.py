"""What was new in the last whole week, told from rows of the marts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline.report.chapters import topics
from pipeline.report.facts import Facts
from pipeline.report.span import Span
from pipeline.report.words import Words

FACTS = Facts(
    organisation="Zon",
    own="Zon",
    rivals=(),
    owned_accounts=1,
    run_id=None,
    version=None,
    timezone="Europe/Amsterdam",
    published_at=None,
    collected_through=datetime(2026, 3, 18, tzinfo=UTC),
    night=date(2026, 3, 18),
    first_day=date(2026, 1, 1),
    span=Span.of_night(date(2026, 3, 17)),
    floor=10,
    scores={},
)
BRIDGE = {
    "term": "spoorbrug dicht",
    "stories_count": 9,
    "stories_before_count": 0,
    "score": 3.2,
    "text": "Alweer is de spoorbrug dicht \x1b[2J",
}


def answers(
    *rows: dict[str, Any], shared: tuple[dict[str, Any], ...] = (), spoken: int = 12
) -> Any:
    asked: list[str] = []
    days = [{"addressed_posts": spoken, "other_inbound_posts": 0}]

    def ask(query: str) -> list[dict[str, Any]]:
        asked.append(query)
        if "volume_daily" in query:
            return days
        return list(shared if "shared_links" in query else rows)

    ask.asked = asked  # type: ignore[attr-defined]
    return ask


@pytest.mark.parametrize(
    ("language", "told", "passed_on"),
    [
        ("en", "against the four weeks before: “spoorbrug dicht”", "Passed on most: #brug (4)."),
        ("nl", "vergeleken met de vier weken ervoor: “spoorbrug dicht”", "#brug (4)"),
    ],
)
def test_topics_are_named_with_a_post_to_read(language: str, told: str, passed_on: str) -> None:
    ask = answers(BRIDGE, shared=({"kind": "hashtag", "shared": "#brug", "people_count": 4},))
    shown = topics.figure(ask, FACTS, Words(language))

    assert told in shown.sentences[0]
    assert passed_on in shown.sentences[1]
    ((term, now, before, example),) = shown.table.rows
    assert (term, now, before) == ("spoorbrug dicht", "9", "0")
    assert "Alweer is de spoorbrug dicht" in example
    assert "\x1b" not in example


def test_the_week_is_the_last_one_that_was_heard_to_its_end() -> None:
    ask = answers()
    topics.figure(ask, FACTS, Words("en"))
    assert all("date '2026-03-09'" in query for query in ask.asked)


def test_a_week_in_which_others_wrote_nothing_is_not_called_like_the_others() -> None:
    (told,) = topics.figure(answers(spoken=0), FACTS, Words("en")).sentences
    assert told.startswith("Others wrote nothing to or about")


def test_a_week_like_the_others_says_so() -> None:
    shown = topics.figure(answers(), FACTS, Words("en"))
    assert "no words stand out" in shown.sentences[0]
    assert len(shown.sentences) == 1
    assert shown.table.rows == ()
