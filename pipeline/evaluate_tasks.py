"""What can be evaluated: the classes of each task, how they are spelled, and who answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from pipeline import enrich
from pipeline.enrich import acts, intent, language, purpose, sentiment
from pipeline.enrich.sentiment_about import judge_about
from pipeline.enrich.text import readable
from pipeline.learn_readers import outside_readers

ABSTAINED: Final = "(none)"
"""The answer of a reader that gives none: right for nobody."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled text; ``language`` is what its platform said, ``organisation`` about whom."""

    text: str
    label: str
    language: str | None = None
    organisation: str | None = None


Answer = Callable[[Sequence[Row]], list[str]]
Learnt = Callable[[Sequence[str]], list[str]]
"""A model in use: texts to labels."""


def _nothing(_: Sequence[Row]) -> str:
    return ""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A task: its classes with their other spellings, and the reader that answers.

    Without classes any label is one, as it is spelled. ``is_several`` tells that several classes
    may hold of a text, joined by ``|``.
    """

    name: str
    about: str
    classes: Mapping[str, tuple[str, ...]]
    answer: Answer
    is_several: bool = False
    note: Callable[[Sequence[Row]], str] = _nothing

    def spelled(self, label: str) -> str | None:
        """The class that a label means, or None."""
        if self.is_several:
            parts = {self._one(part) for part in label.replace(",", "|").split("|")}
            found = sorted(part for part in parts if part)
            return "|".join(found) if found and None not in parts else None
        return self._one(label)

    def _one(self, label: str) -> str | None:
        written = label.strip().lower().replace(" ", "_")
        for name, spellings in self.classes.items():
            if written == name.lower() or written in spellings:
                return name
        return None


class _AnyLanguage(Task, frozen=True, kw_only=True):
    def _one(self, label: str) -> str | None:
        written = label.strip().lower().replace("_", "-").partition("-")[0]
        code = _LANGUAGES.get(written, written)
        is_code = len(code) in {2, 3} and code.isascii() and code.isalpha()
        return code if is_code else None


class _AnyLabel(Task, frozen=True, kw_only=True):
    def _one(self, label: str) -> str | None:
        return label.strip().lower() or None


def by_model(task: str, learnt: Learnt) -> Task:
    """A task as the model in use answers it; a task of the company's own has its own labels."""
    known = TASKS.get(task) or _AnyLabel(
        name=task, about="a task of your own", classes={}, answer=lambda _: []
    )

    def answer(rows: Sequence[Row]) -> list[str]:
        return [known.spelled(label) or label for label in learnt([row.text for row in rows])]

    note = "read by the model that was learnt, not by the rules"
    return msgspec.structs.replace(known, answer=answer, note=lambda _: note)


def by_outside(task: Task) -> Task:
    """A task as readers of other packages answer it, and as before where they leave a text."""
    readers = [reader for reader in outside_readers() if reader.task == task.name]
    if not readers:
        return task

    def answer(rows: Sequence[Row]) -> list[str]:
        found = list(task.answer(rows))
        codes = _languages([readable(row.text) for row in rows], rows)
        for reader in readers:
            labels = reader.labels([row.text for row in rows], codes)
            for place, label in enumerate(labels):
                found[place] = (task.spelled(label) or label) if label else found[place]
        return found

    note = f"read by {', '.join(reader.version for reader in readers)}"
    return msgspec.structs.replace(task, answer=answer, note=lambda _: note)


def warm(task: Task, rows: Sequence[Row]) -> None:
    """Load what a task reads with: a lexicon is loaded once and not for each text."""
    task.answer(rows)


def placed(rows: Sequence[Row]) -> list[Row]:
    """The rows with the language of their platform; where none is given, that of most of the file.

    A file is of one community, as a source is: "ok thanks" alone could be any language.
    """
    given = [row.language for row in rows]
    if all(given):
        return list(rows)
    codes = [found.code for found in language.detect([readable(r.text) for r in rows], given)]
    told = Counter(code for code in codes if code != language.UNKNOWN)
    most, times = told.most_common(1)[0] if told else (None, 0)
    if times < len(rows) / 2:
        return list(rows)
    return [msgspec.structs.replace(row, language=row.language or most) for row in rows]


def _languages(plain: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """The language each text is read in: unsure texts in that of their platform or file."""
    told = [row.language for row in rows]
    codes = [found.code for found in language.detect(plain, told)]
    return [language.spoken_in(code, tag) for code, tag in zip(codes, told, strict=True)]


def _sentiment(rows: Sequence[Row]) -> list[str]:
    plain = [readable(row.text) for row in rows]
    codes = _languages(plain, rows)
    names = {row.organisation: [row.organisation] for row in rows if row.organisation}
    moods = sentiment.judge(plain, codes, names)
    for place, row in enumerate(rows):
        if row.organisation:
            about = judge_about(row.text, codes[place], names)
            moods[place] = about.get(row.organisation) or moods[place]
    if _is_of_two(rows):
        return [
            sentiment.lean(mood, code) if mood else ABSTAINED
            for mood, code in zip(moods, codes, strict=True)
        ]
    return [mood.label if mood else ABSTAINED for mood in moods]


def _is_of_two(rows: Sequence[Row]) -> bool:
    """Whether the file knows no neutral: then the nearer side is asked for."""
    return "neutral" not in {row.label for row in rows}


def _note_on_sides(rows: Sequence[Row]) -> str:
    told = "the file has no neutral: each text is given the nearer of positive and negative"
    return told if _is_of_two(rows) else ""


def _language(rows: Sequence[Row]) -> list[str]:
    found = language.detect([readable(row.text) for row in rows], [None] * len(rows))
    return [one.code for one in found]


def _column(name: str, say: Callable[[object], str]) -> Answer:
    """An answer from one column of the whole reading."""
    place = [field.name for field in enrich.READING_SCHEMA].index(name) - 1

    def answer(rows: Sequence[Row]) -> list[str]:
        readings = enrich.read([row.text for row in rows], [row.language for row in rows])
        return [say(reading[place]) for reading in readings]

    return answer


def _wants(name: str, yes: str, no: str) -> Answer:
    return _column("intents", lambda found: yes if name in found else no)  # type: ignore[operator]


def _several(found: object) -> str:
    return "|".join(sorted(found)) or ABSTAINED  # type: ignore[call-overload]


def _said(found: object) -> str:
    return str(found) if found is not None else ABSTAINED


def _needs(found: object) -> str:
    return "yes" if intent.needs_response(found) else "no"  # type: ignore[arg-type]


def _as_spelled(names: Sequence[str], **spellings: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {name: spellings.get(name, ()) for name in names}


_YES: Final = ("yes", "ja", "true", "1", "1.0")
_NO: Final = ("no", "nee", "false", "0", "0.0")
_LANGUAGES: Final = {
    "dutch": "nl",
    "nederlands": "nl",
    "nld": "nl",
    "dut": "nl",
    "english": "en",
    "eng": "en",
    "german": "de",
    "deu": "de",
    "ger": "de",
    "french": "fr",
    "fra": "fr",
    "fre": "fr",
    "frisian": "fy",
    "fry": "fy",
    "afrikaans": "af",
    "afr": "af",
    "spanish": "es",
    "spa": "es",
}
_POSITIVE: Final = (
    *("pos", "positief", "+", "1", "1.0", "joy", "gratitude", "love", "relief", "admiration"),
    *("approval", "amusement", "excitement", "optimism", "pride", "caring", "happiness", "vreugde"),
)
_NEGATIVE: Final = (
    *("neg", "negatief", "-", "-1", "-1.0", "anger", "annoyance", "disappointment", "sadness"),
    *("fear", "disgust", "nervousness", "confusion", "remorse", "disapproval", "desperation"),
    *("woede", "verdriet", "angst"),
)
_TASKS: Final = (
    Task(
        name="sentiment",
        about="the mood of a text: positive, neutral or negative",
        classes={
            "positive": _POSITIVE,
            "neutral": ("neu", "neutraal", "none", "0", "0.0", "objective"),
            "negative": _NEGATIVE,
        },
        answer=_sentiment,
        note=_note_on_sides,
    ),
    _AnyLanguage(
        name="language", about="which language a text is in", classes={}, answer=_language
    ),
    Task(
        name="question",
        about="whether a text asks something",
        classes={
            "question": ("vraag", *_YES),
            "other": ("statement", "no_question", "not_question", *_NO),
        },
        answer=_wants("question", "question", "other"),
    ),
    Task(
        name="complaint",
        about="whether a text complains",
        classes={
            "complaint": ("klacht", *_YES),
            "other": ("no_complaint", "not_complaint", "non-complaint", "noncomplaint", *_NO),
        },
        answer=_wants("complaint", "complaint", "other"),
    ),
    Task(
        name="intent",
        about="all that a text wants, several joined by |",
        classes=_as_spelled(
            intent.INTENTS, fault_report=("fault", "storing"), question=("vraag",), thanks=("dank",)
        ),
        answer=_column("intents", _several),
        is_several=True,
    ),
    Task(
        name="needs_response",
        about="whether a text waits for an answer",
        classes={"yes": _YES, "no": _NO},
        answer=_column("intents", _needs),
    ),
    Task(
        name="purpose",
        about="which of the six strategic uses a text is about",
        classes=_as_spelled(purpose.USES),
        answer=_column("purpose", _said),
    ),
    Task(
        name="message_type",
        about="whether a company's own post informs, asks for action or speaks with people",
        classes={
            "information": ("info",),
            "action": (),
            "community": ("dialogue", "dialog"),
        },
        answer=_column("message_type", _said),
    ),
    Task(
        name="giving",
        about="whether a company's own post gives or takes",
        classes={"give": (), "take": (), "neither": ("none",)},
        answer=_column("giving", _said),
    ),
    Task(
        name="pr_model",
        about="after which model of public relations a company's own post speaks",
        classes=_as_spelled(acts.Model.__args__),  # type: ignore[attr-defined]
        answer=_column("pr_model", _said),
    ),
)
TASKS: Final = {task.name: task for task in _TASKS}
"""Every task by its name."""
