"""Apple the company or the fruit: is a post that holds the name about the organisation?

Where only words name the organisation, context words speak for or against it, and so does a model
learnt from marked posts (`luister learn relevance`). A handle, link, own tag or own account settles
it without them. What falls below the threshold is kept with the reason and is not counted.
"""

from __future__ import annotations

import hashlib
import logging
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa

from pipeline.folding import fold, without_addresses
from pipeline.relevance.finding import Finder, Subject
from pipeline.relevance.tree import Text, any_of

if TYPE_CHECKING:
    from pipeline.learn_model import Model
    from pipeline.matching import Named

VERSION: Final = 2
WORD_WEIGHT: Final = math.log(3)
"""What one context word adds to or takes from the log-odds: with it alone, three to one.

Set low on purpose: nobody has measured the words that somebody writes into luister.toml. On tweets
with "apple" 14 words for the company were 45 times as frequent in its posts as in the others, and
14 against it 130 times less; a badly chosen word must not outweigh a model that is sure.
"""
MARGIN_WEIGHT: Final = 5.0
"""Log-odds for a margin of one of the learnt model (Platt's slope of a support vector machine).

Fitted on margins for tweets with "apple" that were held back: 6.0 (5.2 to 7.1) with five folds of
1,038 marks, 4.7 to 6.0 with 100 marks, 4.2 to 6.1 with 300.
"""
COMPANY: Final = "company"
TASK: Final = "relevance"
JUDGEMENT_SCHEMA: Final = pa.schema(
    [
        pa.field("platform", pa.string(), nullable=False),
        pa.field("post_id", pa.string(), nullable=False),
        pa.field("organisation", pa.string(), nullable=False),
        pa.field("relevance", pa.float64(), nullable=False),
        pa.field("is_relevant", pa.bool_(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
_FARTHEST: Final = 30.0
_log: Final = logging.getLogger(__name__)
_Key = tuple[str, str]


class Judge:
    """Judges matches by context words and models; of other organisations nothing is said.

    Args:
        organisations: with their context words and thresholds.
        model_of: the model in use for a task, or None.
    """

    def __init__(
        self, organisations: Iterable[Named], model_of: Callable[[str], Model | None]
    ) -> None:
        everybody = list(organisations)
        self._named = {each.name: each for each in everybody}
        self._models: dict[str, Model] = {}
        for place, each in enumerate(everybody):
            task = task_of(each.name, is_own=place == 0)
            if (model := _fit(task, model_of(task))) is not None:
                self._models[each.name] = model
        self._contexts = {each.name: _context(each) for each in everybody}
        self.version: str = self._version()

    def _version(self) -> str:
        """What judged: the rules, the words and the models; empty where there is nothing to."""
        told = [
            (name, each.context, each.not_context, each.threshold)
            for name, each in self._named.items()
            if self._contexts[name] is not None
        ]
        models = [(name, each.told.get("version")) for name, each in self._models.items()]
        if not told and not models:
            return ""
        plain = msgspec.json.encode([VERSION, told, models])
        return f"r{VERSION}-{hashlib.sha256(plain).hexdigest()[:12]}"

    def judge(self, posts: pa.Table, matches: pa.Table) -> pa.Table:
        """Relevance of each match that only words tell, as ``JUDGEMENT_SCHEMA``.

        Args:
            posts: with platform, post_id, title, text and language.
            matches: as ``MATCH_SCHEMA``.
        """
        if not self.version:
            return JUDGEMENT_SCHEMA.empty_table()
        unsure = _told_by_words(matches)
        wanted = {
            name: keys
            for name, keys in unsure.items()
            if name in self._models or self._contexts.get(name) is not None
        }
        texts = _texts(posts, {key for keys in wanted.values() for key in keys})
        rows: list[dict[str, Any]] = []
        for name, keys in wanted.items():
            rows += self._judged(name, keys, texts)
        return pa.Table.from_pylist(rows, schema=JUDGEMENT_SCHEMA)

    def _judged(
        self, name: str, keys: Sequence[_Key], texts: Mapping[_Key, tuple[str, str]]
    ) -> list[dict[str, Any]]:
        margins = self._margins(name, [texts[key] for key in keys])
        threshold = self._named[name].threshold
        rows = []
        for key, margin in zip(keys, margins, strict=True):
            found = self._context_of(name, texts[key][0])
            if margin is None and not found and self._contexts[name] is None:
                continue
            odds = WORD_WEIGHT * sum(found.values()) + MARGIN_WEIGHT * (margin or 0.0)
            relevance = 1 / (1 + math.exp(-max(-_FARTHEST, min(_FARTHEST, odds))))
            rows.append(
                {
                    "platform": key[0],
                    "post_id": key[1],
                    "organisation": name,
                    "relevance": round(relevance, 4),
                    "is_relevant": round(relevance, 4) >= threshold,
                    "reason": _reason(found, margin, self._models.get(name)),
                }
            )
        return rows

    def _margins(self, name: str, texts: Sequence[tuple[str, str]]) -> list[float | None]:
        """How strongly the model speaks for the company, in the languages it has learnt."""
        model = self._models.get(name)
        margins: list[float | None] = [None] * len(texts)
        if model is None:
            return margins
        learnt = set(model.told.get("languages", ()))
        places = [place for place, (_, language) in enumerate(texts) if language in learnt]
        if places:
            asked = [texts[place] for place in places]
            scores = model.scores([text for text, _ in asked], [code for _, code in asked])
            column = model.classes.index(COMPANY)
            for place, score in zip(places, scores[:, column].tolist(), strict=True):
                margins[place] = score
        return margins

    def _context_of(self, name: str, text: str) -> dict[str, int]:
        """Context words in a text: 1 for the organisation, -1 against it."""
        finder = self._contexts[name]
        if finder is None:
            return {}
        subject = Subject(fold(without_addresses(text)))
        return {word: 1 if number == 0 else -1 for number, (word, _) in finder.find(subject)}


def task_of(organisation: str, *, is_own: bool) -> str:
    """The task a model of an organisation is learnt under: ``relevance``, or with its name."""
    if is_own:
        return TASK
    plain = re.sub(r"[^a-z0-9]+", "_", fold(organisation)).strip("_")
    return f"{TASK}_{plain}"[:41]


def _fit(task: str, model: Model | None) -> Model | None:
    """A model that tells the company from the rest; another is not used."""
    if model is None or COMPANY in model.classes:
        return model
    _log.warning("the model of %s has no label %r: it is not used", task, COMPANY)
    return None


def _context(named: Named) -> Finder | None:
    sides = {
        number: (any_of([Text(word) for word in words]), ())
        for number, words in enumerate((named.context, named.not_context))
        if words
    }
    return Finder(sides) if sides else None


def _told_by_words(matches: pa.Table) -> dict[str, list[_Key]]:
    """Per organisation the posts in which only words, or tags that a query asks for, name it."""
    is_sure: dict[tuple[str, _Key], bool] = {}
    columns = ("organisation", "platform", "post_id", "alias", "alias_kind")
    for name, platform, post_id, alias, kind in zip(
        *(matches.column(each).to_pylist() for each in columns), strict=True
    ):
        by_word = kind == "name" or (kind == "tag" and alias.startswith("tag:"))
        key = (name, (platform, post_id))
        is_sure[key] = is_sure.get(key, False) or not by_word
    unsure: dict[str, list[_Key]] = {}
    for (named, post), is_settled in is_sure.items():
        if not is_settled:
            unsure.setdefault(named, []).append(post)
    return unsure


def _texts(posts: pa.Table, keys: set[_Key]) -> dict[_Key, tuple[str, str]]:
    """Title and text, and language, of the posts asked for."""
    columns = ("platform", "post_id", "title", "text", "language")
    rows = zip(*(posts.column(each).to_pylist() for each in columns), strict=True) if keys else ()
    return {
        (platform, post_id): (f"{title}\n{text}" if title else text, language or "und")
        for platform, post_id, title, text, language in rows
        if (platform, post_id) in keys
    }


def _reason(found: Mapping[str, int], margin: float | None, model: Model | None) -> str:
    """Why, in a few words: what spoke for it, what against, and what the model said."""
    sides = {
        "for": [word for word, sign in found.items() if sign > 0],
        "against": [word for word, sign in found.items() if sign < 0],
    }
    told = [f"{side}: {', '.join(words[:5])}" for side, words in sides.items() if words]
    if margin is not None and model is not None:
        told.append(f"model {model.told.get('version', 0)}: {margin:+.2f}")
    return "; ".join(told) or "no context word"
