"""Reading as well as docs/quality.md says, and above a floor, on texts that people labelled."""

from functools import cache

import pytest

from docs.quality import PAGE, SETS, LabelledSet, page
from pipeline.enrich import language
from pipeline.enrich.text import readable
from pipeline.evaluate import Evaluation, evaluate, labelled
from tests.shared import shared

FOLDER = shared("nlp")
BY_FILE = {each.file.partition(".")[0]: each for each in SETS}
FLOORS = {
    "airline_en": 0.68,
    "vader_tweets_en": 0.75,
    "vader_amazon_en": 0.59,
    "vader_nyt_en": 0.575,
    "entity_sentiment_en": 0.55,
    "bolcom_nl": 0.895,
    "semeval16_restaurants_nl": 0.67,
    "xed_subtitles_nl": 0.60,
    "langid_posts": 0.955,
    "questions_en": 0.83,
    "complaints_en": 0.74,
    "corporate_messaging_en": 0.74,
}
"""A little below what is reached on these halves."""


@cache
def evaluated(each: LabelledSet) -> Evaluation:
    return evaluate(each.task, FOLDER / each.file)


def test_every_set_has_a_floor() -> None:
    assert set(FLOORS) == set(BY_FILE)


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_reading_stays_above_its_floor(name: str, floor: float) -> None:
    found = evaluated(BY_FILE[name])
    assert found.macro_f1 >= floor
    assert found.macro_f1_interval[0] < found.macro_f1 < found.macro_f1_interval[1]


@pytest.mark.parametrize(
    "each", [each for each in SETS if each.task in {"sentiment", "language"}], ids=lambda e: e.file
)
def test_the_page_says_what_is_measured(each: LabelledSet) -> None:
    found = evaluated(each)
    told = f"| {found.n} | **{found.macro_f1:.3f}** |"
    assert told in PAGE.read_text("utf-8"), "run `python -m docs.quality`"


def test_dutch_is_recognised_and_its_neighbours_are_not_dutch() -> None:
    found = evaluated(BY_FILE["langid_posts"])
    assert found.per_class["nl"].recall >= 0.94
    assert found.per_class["nl"].precision >= 0.92
    assert found.per_class["fy"].recall >= 0.89
    assert found.confusion["es"].get("nl", 0) == 0


@pytest.mark.parametrize(("name", "code"), [("xed_subtitles_nl", "nl"), ("vader_tweets_en", "en")])
def test_short_lines_are_told(name: str, code: str) -> None:
    rows = labelled(FOLDER / BY_FILE[name].file)
    texts = [readable(row.text) for row in rows if 15 <= len(row.text) < 60]
    found = language.detect(texts, [None] * len(texts))
    assert sum(one.code == code for one in found) / len(found) >= 0.92


def test_a_sure_mood_is_right_more_often() -> None:
    from pipeline.enrich.sentiment import judge

    rows = labelled(FOLDER / BY_FILE["airline_en"].file)
    found = judge([readable(row.text) for row in rows], ["en"] * len(rows))
    judged = [(one, row.label) for one, row in zip(found, rows, strict=True) if one]
    for least, share in ((0.0, 0.70), (0.7, 0.80), (0.8, 0.85)):
        sure = [one.label == label for one, label in judged if one.confidence >= least]
        assert sum(sure) / len(sure) >= share


def test_the_page_is_made_of_figures_alone() -> None:
    assert callable(page)
    text = PAGE.read_text("utf-8")
    assert all(each.licence in text and each.source in text for each in SETS)
    assert "@" not in text
