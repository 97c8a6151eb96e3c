"""The packages' lexicons, read without what the packages drag in."""

import subprocess
import sys

import pytest

from pipeline.enrich.lexicons import LANGUAGES, polarities, vader


def test_words_have_the_packages_own_weights() -> None:
    from textblob.en import sentiment
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    theirs = SentimentIntensityAnalyzer().lexicon
    ours = vader()
    assert {word: ours[word] for word in ("good", "horrible", ":)")} == {
        word: theirs[word] for word in ("good", "horrible", ":)")
    }
    assert len(ours) > 7_000
    assert polarities("en")["good"] == sentiment["good"][None][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_polarities_lie_between_minus_one_and_one(language: str) -> None:
    found = polarities(language)
    assert len(found) > 2_000
    assert all(-1 <= polarity <= 1 for polarity in found.values())


def test_judging_imports_none_of_the_packages() -> None:
    script = (
        "import sys; from pipeline.enrich.sentiment import judge\n"
        "judge(['goed', 'good'], ['nl', 'en'])\n"
        "print({'nltk', 'scipy', 'textblob', 'vaderSentiment', 'sklearn'} & set(sys.modules))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "set()"
