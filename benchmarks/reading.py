"""The stages in which texts are read, each beside its floor: see ``benchmarks.stages``.

Word lists, models and processes are there before the clock runs: a night begins them once, for any
number of texts, and these stages read few of them.
"""

from __future__ import annotations

from typing import Final

import duckdb
import pyarrow as pa

from benchmarks.bench import Bench
from benchmarks.clock import Clock
from pipeline import enrich
from pipeline.enrich import language, sentiment
from pipeline.enrich.text import readable
from pipeline.processes import cores, pool

SAMPLE: Final = 2_000
TEXTS: Final = 20_000
MANY: Final = 100_000
"""Texts for the stages on all cores."""
WARM: Final = 1_000
"""Texts that are read before the clock runs; a short one is among them that asks for lingua."""


def tell_language(bench: Bench, clock: Clock) -> int:
    """Languages by the reader of a night."""
    texts = [readable(text) for text in _texts(bench)]
    language.detect(texts[:WARM], [None] * len(texts[:WARM]))
    with clock:
        language.detect(texts, [None] * len(texts))
    return len(texts)


def lingua(bench: Bench, clock: Clock) -> int:
    """Languages by lingua, one call a text."""
    from lingua import Language, LanguageDetectorBuilder

    four = (Language.DUTCH, Language.ENGLISH, Language.GERMAN, Language.FRENCH)
    detector = LanguageDetectorBuilder.from_languages(*four).build()
    texts = [readable(text) for text in _texts(bench, SAMPLE)]
    for text in texts[:WARM]:
        detector.detect_language_of(text)
    with clock:
        for text in texts:
            detector.detect_language_of(text)
    return len(texts)


def judge(bench: Bench, clock: Clock) -> int:
    """Moods by the reader of a night."""
    texts = [readable(text) for text in _texts(bench)]
    codes = [each.code for each in language.detect(texts, [None] * len(texts))]
    sentiment.judge(texts[:WARM], codes[:WARM])
    with clock:
        sentiment.judge(texts, codes)
    return len(texts)


def textblob(bench: Bench, clock: Clock) -> int:
    """Moods by TextBlob, one call a text."""
    from textblob import TextBlob

    texts = _texts(bench, SAMPLE)
    for text in texts[:WARM]:
        _ = TextBlob(text).sentiment
    with clock:
        for text in texts:
            _ = TextBlob(text).sentiment
    return len(texts)


def read(bench: Bench, clock: Clock) -> int:
    """Everything that is read of a text, on all cores."""
    texts = _texts(bench, MANY)
    keys = [str(number) for number in range(len(texts))]
    tags = pa.array([None] * len(texts), pa.string())
    table = pa.table({"text_key": keys, "text": texts, "language": tags})
    with enrich.readers() as reader:
        reader(table.slice(0, _warm(len(texts))))
        with clock:
            reader(table)
    return len(texts)


def kernels(bench: Bench, clock: Clock) -> int:
    """Language and mood alone, in as many processes."""
    texts = _texts(bench, MANY)
    starts = range(0, len(texts), enrich.PORTION)
    portions = [texts[start : start + enrich.PORTION] for start in starts]
    warm = portions[: _warm(len(texts)) // enrich.PORTION]
    if len(texts) < enrich.POOL_FROM:
        list(map(language_and_mood, warm))
        with clock:
            list(map(language_and_mood, portions))
        return len(texts)
    with pool(cores()) as processes:
        list(processes.map(language_and_mood, warm))
        with clock:
            list(processes.map(language_and_mood, portions))
    return len(texts)


def _warm(texts: int) -> int:
    """How many of so many texts are read before the clock runs: on all cores where they will be."""
    return enrich.POOL_FROM if texts >= enrich.POOL_FROM else WARM


def language_and_mood(texts: list[str]) -> int:
    """Read both of some texts; returns how many have a mood."""
    plain = [readable(text) for text in texts]
    tongues = language.detect(plain, [None] * len(plain))
    moods = sentiment.judge(plain, [tongue.code for tongue in tongues])
    return sum(mood is not None for mood in moods)


def _texts(bench: Bench, most: int = TEXTS) -> list[str]:
    """Texts of the folder, no two alike, in the order of the digests that name them."""
    with duckdb.connect(str(bench.database), read_only=True) as database:
        rows = database.execute(
            "select text from raw.posts where text <> '' order by text_key limit ?", [most]
        ).fetchall()
    return list(dict.fromkeys(text for (text,) in rows))
