"""What can be learnt: tasks, their labels, and how our rules tell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pipeline.enrich import acts, intent, language, purpose, sentiment
from pipeline.enrich.intent_phrases import spoken
from pipeline.enrich.text import readable

if TYPE_CHECKING:
    from pipeline.learn_model import Labelled

_A_COMMUNITY: Final = 10
"""Texts in one language from which the others are likely in it too."""
Rules = Callable[[Sequence[str], Sequence[str]], list[str]]


class Task(NamedTuple):
    """What is told apart, and how our rules tell it: None where they do not."""

    labels: tuple[str, ...]
    rules: Rules | None


def _plain(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    plain = [readable(text) for text in texts]
    return plain, [spoken(text) for text in plain]


def _mood(texts: Sequence[str], languages: Sequence[str]) -> list[str]:
    plain, _ = _plain(texts)
    return [mood.label if mood else "neutral" for mood in sentiment.judge(plain, languages)]


def _intent(name: str, other: str) -> Rules:
    def rules(texts: Sequence[str], languages: Sequence[str]) -> list[str]:
        plain, said = _plain(texts)
        found = intent.intents(plain, said, languages, sentiment.judge(plain, languages))
        return [name if name in wants else other for wants in found]

    return rules


def _purpose(texts: Sequence[str], languages: Sequence[str]) -> list[str]:
    plain, said = _plain(texts)
    wanted = intent.intents(plain, said, languages, sentiment.judge(plain, languages))
    return [use or "none" for use in purpose.purposes(said, languages, wanted)]


def _act(field: str) -> Rules:
    def rules(texts: Sequence[str], languages: Sequence[str]) -> list[str]:
        found = acts.acts(*_plain(texts), languages)
        return [getattr(act, field) or "none" for act in found]

    return rules


TASKS: Final = {
    "sentiment": Task(("positive", "neutral", "negative"), _mood),
    **{
        name: Task((name, "other"), _intent(name, "other"))
        for name in intent.INTENTS
        if name != intent.QUESTION
    },
    "question": Task(("question", "statement"), _intent("question", "statement")),
    "purpose": Task((*purpose.USES, "none"), _purpose),
    "message_type": Task(("information", "action", "community"), _act("message_type")),
    "giving": Task(("give", "take", "neither"), _act("giving")),
    "pr_model": Task(
        (
            *("press_agentry", "public_information"),
            *("two_way_asymmetrical", "two_way_symmetrical", "none"),
        ),
        _act("pr_model"),
    ),
    "relevance": Task(("company", "other"), None),
}
_SAME: Final = {"dialogue": "community", "statement": "other"}
"""Labels that other people call otherwise; compared in small letters."""


def of_task(task: str, examples: Sequence[Labelled]) -> tuple[list[Labelled], int]:
    """Examples with labels of a task that rules read too, as they are compared; how many have not.

    Other tasks have whatever labels people give.
    """
    known = TASKS.get(task)
    if known is None or known.rules is None:
        return list(examples), 0
    labels = {folded(label) for label in known.labels}
    kept = [each._replace(label=folded(each.label)) for each in examples]
    kept = [each for each in kept if each.label in labels]
    return kept, len(examples) - len(kept)


def folded(label: str) -> str:
    """A label as it is compared: ``Dialogue`` is ``community``."""
    small = label.strip().lower()
    return _SAME.get(small, small)


def baseline(task: str) -> str:
    """What a model of this task is compared with."""
    return "rules" if task in TASKS and TASKS[task].rules else "guessing"


def by_rules(task: str, examples: Sequence[Labelled]) -> list[str]:
    """What our rules say; where there are none, labels dealt out at random."""
    known = TASKS.get(task)
    if known is None or known.rules is None:
        labels = np.array([each.label for each in examples])
        return [str(label) for label in np.random.default_rng(0).permutation(labels)]
    return known.rules([each.text for each in examples], [each.language for each in examples])


def languages_of(texts: Sequence[str]) -> list[str]:
    """The language of each text; where most are in one, that one breaks ties for short ones."""
    plain = [readable(text) for text in texts]
    codes = [found.code for found in language.detect(plain, [None] * len(plain))]
    told = Counter(code for code in codes if code != language.UNKNOWN)
    most, times = told.most_common(1)[0] if told else (language.UNKNOWN, 0)
    if times < max(len(codes) / 2, _A_COMMUNITY):
        return codes
    again = language.detect(plain, [most] * len(plain))
    return [most if found.code == language.UNKNOWN else found.code for found in again]
