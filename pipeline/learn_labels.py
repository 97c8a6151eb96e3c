"""Labels to learn from: of a CSV file, of the private database, and which are worth asking for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline import marks
from pipeline.errors import LuisterError
from pipeline.labelled_file import reading
from pipeline.learn_model import Labelled, Model
from pipeline.learn_tasks import Rules, languages_of
from pipeline.query import records

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LOOKED_AT: Final = 2_000
"""Texts among which those worth asking for are chosen."""
_WRITTEN: Final = "case when title is null then text else title || chr(10) || text end"


class Unlabelled(NamedTuple):
    """A text nobody has labelled for a task."""

    text_key: str
    text: str


def from_csv(path: Path) -> list[Labelled]:
    """Labelled texts of a file with the columns text, label and, if it likes, language.

    Raises:
        LuisterError: no such file, or no such columns.
    """
    with reading(path, LuisterError) as reader:
        rows = list(reader)
    if not rows or not {"text", "label"} <= rows[0].keys():
        raise LuisterError(
            "has no columns text and label", where=str(path), todo="name them in its first line"
        )
    kept = [row for row in rows if row["text"] and row["label"]]
    return _in_languages([(row["text"], row["label"].strip(), row.get("language")) for row in kept])


def from_database(database: DuckDBPyConnection, task: str) -> list[Labelled]:
    """What the company's own people said of texts that are still there."""
    rows = records(
        database,
        f"""
        select any_value({_WRITTEN}) as text, labels.label, any_value(texts.language) as language
        from enriched.labels as labels
        join raw.posts as posts on labels.text_key = posts.text_key
        left join enriched.texts as texts on labels.text_key = texts.text_key
        where labels.task = $task and posts.deleted_at is null and posts.text <> ''
        group by labels.text_key, labels.label
        order by labels.text_key
        """,
        {"task": task},
    )
    return _in_languages([(row["text"], row["label"], row["language"]) for row in rows])


def _in_languages(rows: Sequence[tuple[str, str, str | None]]) -> list[Labelled]:
    unknown = [text for text, _, language in rows if not language]
    told = iter(languages_of(unknown))
    return [Labelled(text, label, language or next(told)) for text, label, language in rows]


def store(
    database: DuckDBPyConnection, data: Path, task: str, labels: Mapping[str, str], now: datetime
) -> None:
    """Keep labels by text_key, in place of what was said before; they outlive the database."""
    rows = [
        {"task": task, "text_key": text_key, "label": label, "labelled_at": now}
        for text_key, label in labels.items()
    ]
    marks.write(database, data, marks.LABELS, rows)


def worth_asking(
    database: DuckDBPyConnection, task: str, model: Model | None, rules: Rules | None, count: int
) -> list[Unlabelled]:
    """Texts where a label helps most: those the model doubts, beside some that chance picks.

    Before there is a model, labels the rules give are taken in turns, so that the rare ones are not
    missed.
    """
    rows = records(
        database,
        f"""
        select text_key, any_value({_WRITTEN}) as text
        from raw.posts
        where deleted_at is null and text <> '' and kind <> 'repost'
            and text_key not in (select text_key from enriched.labels where task = $task)
        group by text_key
        order by max(created_at) desc nulls last, text_key
        limit {LOOKED_AT}
        """,
        {"task": task},
    )
    found = sorted((Unlabelled(row["text_key"], row["text"]) for row in rows), key=_by_chance)
    if not found:
        return []
    texts = [each.text for each in found]
    if model is not None:
        margins = model.margins(texts, languages_of(texts)).tolist()
        doubted = [found[place] for place in sorted(range(len(found)), key=margins.__getitem__)]
        return _distinct([each for pair in zip(doubted, found, strict=True) for each in pair])[
            :count
        ]
    if rules is None:
        return found[:count]
    return _in_turns(found, rules(texts, languages_of(texts)))[:count]


def _by_chance(text: Unlabelled) -> str:
    """An order that has nothing to do with what texts say, and is the same tomorrow."""
    return hashlib.blake2b(text.text_key.encode(), digest_size=8).hexdigest()


def _distinct(texts: Iterable[Unlabelled]) -> list[Unlabelled]:
    return list(dict.fromkeys(texts))


def _in_turns(texts: Sequence[Unlabelled], labels: Sequence[str]) -> list[Unlabelled]:
    """One of each label, then the next of each."""
    seen: dict[str, int] = {}
    ranks = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        ranks.append(seen[label])
    return [texts[place] for place in sorted(range(len(texts)), key=ranks.__getitem__)]
