"""How well texts are read after ``luister learn``: the table of docs/quality.md about learning.

Every label is held back in turn, five folds with copies of a text on one side; beside it the same
folds read by what is usual: TF-IDF of words and letters with logistic regression.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union

from pipeline import learn
from pipeline.learn_labels import from_csv
from pipeline.learn_model import Labelled
from pipeline.learn_tasks import of_task


class Learnable(NamedTuple):
    """A labelled file, and the task that is learnt from it."""

    file: str
    task: str
    about: str


LEARNABLE = (
    Learnable("airline_en.dev.csv", "sentiment", "tweets to six airlines"),
    Learnable("vader_tweets_en.dev.csv", "sentiment", "tweets, mean of 20 ratings"),
    Learnable("bolcom_nl.dev.csv", "sentiment", "reviews of books and music, two classes"),
    Learnable("complaints_en.dev.csv", "complaint", "tweets to companies"),
    Learnable("corporate_messaging_en.dev.csv", "message_type", "posts of companies"),
    Learnable("homonym_apple_en.dev.csv", "relevance", "tweets with apple: the company or not"),
)
_HEAD = """
## After `luister learn`

Each label is held back in turn (five folds, copies of a text on one side), so that no text is read
by a model that has seen it. A company with all labels learns from a quarter more than each fold
did. Beside it what is usual, on the same folds: TF-IDF of words and letters with logistic
regression. The model takes over where its gain over the rules is beyond chance.

| set | task | labels | rules | learnt | gain, 95% | TF-IDF | takes over |
|---|---|---|---|---|---|---|---|
"""


def table(folder: Path) -> str:
    """The section, from the sets in a folder."""
    return _HEAD + "".join(_rows(folder))


def _rows(folder: Path) -> Iterator[str]:
    for each in LEARNABLE:
        examples = of_task(each.task, from_csv(folder / each.file))[0]
        with tempfile.TemporaryDirectory() as data:
            lesson = learn.learn(each.task, examples, Path(data))
        yield (
            f"| {each.about} | {each.task} | {lesson.examples} | {lesson.rules:.3f} | "
            f"**{lesson.model:.3f}** | {lesson.gain_low:+.3f} … {lesson.gain_high:+.3f} | "
            f"{_usual(examples):.3f} | {'yes' if lesson.is_better else 'no'} |\n"
        )


def _usual(examples: Sequence[Labelled]) -> float:
    """Macro-F1 of TF-IDF with logistic regression on the same folds."""
    texts, labels = [each.text for each in examples], [each.label for each in examples]
    folds = StratifiedGroupKFold(learn.FOLDS, shuffle=True, random_state=0)
    said = [""] * len(labels)
    for seen, unseen in folds.split(labels, labels, learn.copies_of(examples)):
        model = make_pipeline(
            make_union(
                TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
                TfidfVectorizer(ngram_range=(2, 5), min_df=2, analyzer="char_wb"),
            ),
            OneVsRestClassifier(
                LogisticRegression(C=10, class_weight="balanced", solver="liblinear")
            ),
        )
        model.fit([texts[place] for place in seen], [labels[place] for place in seen])
        for place, label in zip(
            unseen, model.predict([texts[place] for place in unseen]), strict=True
        ):
            said[place] = label
    return learn.macro_f1(labels, said)
