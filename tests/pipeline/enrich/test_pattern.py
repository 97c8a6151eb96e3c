"""Our scorer against the packages it replaces: equal on every text."""

import re
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.testing.thorough import examples
from pipeline.enrich.pattern import scorer

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import textblob.en
    import textblob_nl.nl

THEIRS: dict[str, Callable[[str], Any]] = {
    "en": textblob.en.sentiment,
    "nl": textblob_nl.nl.sentiment,
}
SYNSET = re.compile(r"[acnrv][-_][0-9]+$")
"""Their Dutch scorer takes such a text for the name of a synonym set, and fails."""
WORDS = {
    "en": "not never no isn't very really good bad terrible wonderful great the a is was service"
    " extremely slow happy unhappy best worst quite only love hate don't Mr. e.g. U.S. 1998 auto's",
    "nl": "niet geen nooit heel erg goed slecht verschrikkelijk prachtig de het een is was service"
    " echt traag blij mooi lelijk beste slechtste tamelijk leuke dom zo'n 's ochtends bijv. 1998",
}
MARKS = """: ) ( ! ? . , ... :) :-) :( ;) :D 8 D 8) o .O O _ < 3 <3 ♥ ' '' " “ ” ’ (!) = / \\ -
* ° >:( >.> x-D xD n't END-OF-SENTENCE @ # ^ { } [ ]"""


@pytest.mark.parametrize("language", ["en", "nl"])
@settings(max_examples=examples(400), deadline=None)
@given(data=st.data())
def test_scores_equal_the_packages(language: str, data: st.DataObject) -> None:
    pieces = st.sampled_from([*WORDS[language].split(), *MARKS.split(), "\n\n"])
    joined = st.lists(st.tuples(pieces, st.sampled_from(["", " ", " ", "\n"])), max_size=25)
    text = "".join(piece + space for piece, space in data.draw(joined))
    assert_equal(language, text)


@pytest.mark.parametrize("language", ["en", "nl"])
@settings(max_examples=examples(200), deadline=None)
@given(text=st.text(max_size=80).filter(lambda text: not SYNSET.match(text)))
def test_scores_equal_the_packages_on_any_text(language: str, text: str) -> None:
    assert_equal(language, text)


def assert_equal(language: str, text: str) -> None:
    ours, theirs = scorer(language).score(text), THEIRS[language](text)
    assert (ours.polarity, ours.subjectivity) == tuple(theirs), text
    assert ours.evidence == len(theirs.assessments)


@pytest.mark.parametrize(
    ("language", "text", "polarity"),
    [
        ("en", "a good day", 0.7),
        ("en", "not a good day", -0.35),
        ("en", "this isn't good", 0.7),
        ("nl", "een goede dag", 0.55),
        ("nl", "wat een drama", 0.0),
        ("en", "", 0.0),
    ],
)
def test_known_scores_with_the_known_faults(language: str, text: str, polarity: float) -> None:
    assert scorer(language).score(text).polarity == pytest.approx(polarity, abs=0.01)


def test_the_packages_are_not_imported_for_it() -> None:
    import subprocess
    import sys

    script = (
        "import sys; from pipeline.enrich.pattern import scorer; scorer('en').score('good');"
        "scorer('nl').score('goed');"
        "print({'nltk', 'scipy', 'textblob', 'textblob_nl'} & set(sys.modules))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "set()"
