"""How each organisation is spoken of in texts that name several.

A post that praises us and slates a competitor is two judgements. They are kept by text and
organisation, and read again when the names in luister.toml or the reader change; where a text names
one organisation only, the mood of the whole text is the mood about it. Namesakes that relevance set
aside are nobody: a text about us and a fruit is about us alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa

from pipeline.enrich import sentiment, sentiment_about
from pipeline.known import ABOUT, WRITTEN
from pipeline.query import batches_at, transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.matching import Named

Spellings = Mapping[str, Sequence[str]]
"""Organisation → how it is written."""

_BATCH_ROWS: Final = 5_000
_SCHEMA: Final = pa.schema(
    [
        ("text_key", pa.string()),
        ("organisation", pa.string()),
        ("sentiment", pa.string()),
        ("sentiment_score", pa.float64()),
        ("sentiment_confidence", pa.float64()),
    ]
)
_NAMING_SEVERAL: Final = f"""
    create or replace temp table naming_several as
    with
    -- few posts name several: they are looked for by a hash of their names, and then by these
    perhaps as (
        select hash(platform, post_id) as name from {ABOUT} as about
        group by name having min(organisation) <> max(organisation)
    ),
    several as (
        select platform, post_id from {ABOUT} as about
        where hash(platform, post_id) in (select name from perhaps)
        group by platform, post_id having min(organisation) <> max(organisation)
    )
    select posts.text_key, posts.kind, posts.rowid as place
    from raw.posts as posts
    join several on posts.platform = several.platform and posts.post_id = several.post_id
    where posts.deleted_at is null
"""
_UNJUDGED: Final = """
    select min(place) as place
    from naming_several
    anti join (from enriched.judged_texts where version = $version) using (text_key)
    where kind <> 'repost'
    group by text_key
"""
_SAID: Final = f"""
    select
        posts.text_key,
        {WRITTEN} as text,
        coalesce(texts.language, 'und') as language,
        posts.language as tag
    from raw.posts as posts
    join found on posts.rowid = found.place
    left join enriched.texts as texts on posts.text_key = texts.text_key
    order by posts.text_key
"""


def judge(database: DuckDBPyConnection, names: Spellings) -> None:
    """Judge what was not judged by this version and these names; a killed run goes on.

    Args:
        database: the private database, posts matched and texts read, outside any transaction.
        names: as ``spellings`` gives them.
    """
    database.execute(_NAMING_SEVERAL)
    _forget(database)
    version = version_for(names)
    for batch in batches_at(database, _UNJUDGED, _SAID, {"version": version}, _BATCH_ROWS):
        _write(database, batch, _judged(batch, names), version)
    database.execute("drop table naming_several")


def spellings(organisations: Sequence[Named]) -> dict[str, list[str]]:
    """Names, aliases, tags and accounts of each organisation."""
    return {
        each.name: [
            each.name,
            *each.aliases,
            *each.tags,
            *(account for accounts in each.accounts.values() for account in accounts),
        ]
        for each in organisations
    }


def version_for(names: Spellings) -> str:
    """Another reader or other names, other judgements."""
    told = msgspec.json.encode([[name, sorted(names[name])] for name in names])
    digest = hashlib.sha256(told).hexdigest()[:8]
    return f"{sentiment_about.VERSION}-{sentiment.VERSION}-{digest}"


def _forget(database: DuckDBPyConnection) -> None:
    """Judgements of texts that are gone, or that name one organisation only by now.

    Which name several stands in table ``naming_several``.
    """
    for table in ("enriched.moods", "enriched.judged_texts"):
        database.execute(
            f"delete from {table} where text_key not in (select text_key from naming_several)"
        )


def _judged(texts: pa.Table, names: Spellings) -> pa.Table:
    rows: list[dict[str, Any]] = []
    for text in texts.to_pylist():
        found = sentiment_about.judge_about(text["text"], text["language"], names, text["tag"])
        # who is alone in the text after all is spoken of by all of it
        for organisation, mood in found.items() if len(found) > 1 else ():
            label, score, confidence = mood or (None, None, None)
            rows.append(
                {
                    "text_key": text["text_key"],
                    "organisation": organisation,
                    "sentiment": label,
                    "sentiment_score": score,
                    "sentiment_confidence": confidence,
                }
            )
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _write(database: DuckDBPyConnection, texts: pa.Table, moods: pa.Table, version: str) -> None:
    """Judgements in place of older ones, and that these texts were judged."""
    database.register("judged_now", texts.select(["text_key"]))
    database.register("found_moods", moods)
    try:
        with transaction(database):
            for table in ("enriched.moods", "enriched.judged_texts"):
                database.execute(
                    f"delete from {table} where text_key in (select text_key from judged_now)"
                )
            database.execute(
                "insert into enriched.moods by name select *, ? as version from found_moods",
                [version],
            )
            database.execute(
                "insert into enriched.judged_texts select text_key, ? from judged_now", [version]
            )
    finally:
        database.unregister("judged_now")
        database.unregister("found_moods")
