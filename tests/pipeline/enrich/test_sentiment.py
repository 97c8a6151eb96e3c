"""The mood of a text, and when there is none to be told."""

import pytest

from pipeline.enrich.pattern import Score
from pipeline.enrich.sentiment import Sentiment, combine, judge


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("What a wonderful service, I love it!", "en", "positive"),
        ("Worst company ever, terrible and slow.", "en", "negative"),
        ("The parcel arrives on Tuesday.", "en", "neutral"),
        ("Wat een fijne en snelle hulp, prachtig!", "nl", "positive"),
        ("Verschrikkelijk slecht en traag.", "nl", "negative"),
        ("Het pakket komt dinsdag.", "nl", "neutral"),
        ("not good", "en", "negative"),
        ("bad :D", "en", "positive"),
    ],
)
def test_the_label_follows_the_score(text: str, language: str, label: str) -> None:
    (found,) = judge([text], [language])
    assert found is not None
    assert found.label == label
    assert -1 <= found.score <= 1
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize(
    ("text", "language"),
    [("Wunderbar!", "de"), ("wonderful", "und"), ("goed", "fy"), ("", "en"), ("  \n", "nl")],
)
def test_what_no_voice_reads_has_no_sentiment(text: str, language: str) -> None:
    assert judge([text], [language]) == [None]


def test_voices_without_evidence_do_not_count() -> None:
    loud, silent = Score(0.8, 1.0, 2), Score(0.0, 0.0, 0)
    assert combine([loud, silent]) == combine([loud]) == Sentiment("positive", 0.8, 0.9)
    assert combine([silent]) == Sentiment("neutral", 0.0, 0.35)


def test_a_stronger_score_is_surer() -> None:
    weak, strong = combine([Score(-0.1, 0.5, 1)]), combine([Score(-0.6, 0.5, 1)])
    assert weak.label == strong.label == "negative"
    assert weak.confidence < strong.confidence <= 0.9
