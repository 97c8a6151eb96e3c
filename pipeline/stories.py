"""Stories: posts that tell the same in nearly the same words, or at the same address.

Texts are fingerprinted once and compared with all that came before, so that a new copy joins its
story whenever it comes. What is kept is which texts are copies; stories are what hangs together by
that, reckoned anew each night from the posts that are there, and so the same whatever the order in
which they came. A story bears the name of its earliest post.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from pipeline.enrich import copies
from pipeline.query import batches, exists, transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH_ROWS: Final = 20_000
_CROWD: Final = 20
"""In a crowd of texts that share a band each is compared with so many: enough to hang together."""
_WRITTEN: Final = "case when coalesce(title, '') = '' then text else title || chr(10) || text end"
_THERE: Final = "deleted_at is null and visibility in ('public', 'unlisted') and kind <> 'repost'"


def tell(database: DuckDBPyConnection) -> None:
    """Bring copies and stories up to date; a killed run goes on where it was.

    Args:
        database: the private database, outside any transaction.
    """
    _forget(database)
    _fingerprint(database)
    _compare(database)
    _write(database)


def _forget(database: DuckDBPyConnection) -> None:
    """What is gone, or read by an older version, goes with what was told by it."""
    database.execute(
        f"""
        delete from enriched.fingerprints
        where version <> $version
            or text_key not in (select text_key from raw.posts where {_THERE})
        """,
        {"version": copies.VERSION},
    )
    database.execute(
        """
        delete from enriched.copies
        where text_key not in (select text_key from enriched.fingerprints)
            or copy_key not in (select text_key from enriched.fingerprints)
        """
    )


def _fingerprint(database: DuckDBPyConnection) -> None:
    unseen = f"""
        select text_key, min({_WRITTEN}) as text
        from raw.posts
        anti join enriched.fingerprints using (text_key)
        where {_THERE} and length(text) + length(coalesce(title, '')) >= {copies.FEWEST_LETTERS}
        group by text_key
        order by text_key
    """
    for batch in batches(database, unseen, {}, _BATCH_ROWS):
        bands = copies.fingerprints(batch.column("text").to_pylist())
        seen = pa.table(
            {
                "text_key": batch.column("text_key"),
                "bands": pa.array(bands, pa.list_(pa.uint32())),
            }
        )
        database.register("seen_texts", seen)
        try:
            database.execute(
                """
                insert into enriched.fingerprints by name
                select text_key, bands, $version as version, bands is null as is_compared
                from seen_texts
                """,
                {"version": copies.VERSION},
            )
        finally:
            database.unregister("seen_texts")


def _compare(database: DuckDBPyConnection) -> None:
    """Compare what is new with everything, where a band is shared."""
    if not exists(database, "select 1 from enriched.fingerprints where not is_compared limit 1"):
        return
    database.execute("create or replace temp table candidates (text_key varchar, copy_key varchar)")
    for band in range(1, copies.BANDS + 1):
        _add_candidates(database, band)
    found = list(_copies(database))
    with transaction(database):
        for table in found:
            _insert(database, "enriched.copies", table)
        database.execute(
            "update enriched.fingerprints set is_compared = true where not is_compared"
        )
    database.execute("drop table candidates")


def _add_candidates(database: DuckDBPyConnection, band: int) -> None:
    """Pairs that share a band, at least one of them new; in a crowd only with the first of it."""
    database.execute(
        f"""
        insert into candidates
        with placed as (
            select
                text_key,
                is_compared,
                bands[{band}] as band,
                row_number() over (partition by bands[{band}] order by text_key) as place
            from enriched.fingerprints
            where bands[{band}] in (
                select bands[{band}] from enriched.fingerprints where not is_compared
            )
        )
        select earlier.text_key, later.text_key as copy_key
        from placed as earlier
        join placed as later
            on earlier.band = later.band and earlier.text_key < later.text_key
        where earlier.place <= {_CROWD} and not (earlier.is_compared and later.is_compared)
        """
    )


_CANDIDATES: Final = f"""
    with pairs as (select distinct text_key, copy_key from candidates),
    texts as (
        select text_key, min({_WRITTEN}) as text from raw.posts
        where {_THERE} and text_key in (
            select text_key from pairs union select copy_key from pairs
        )
        group by text_key
    )
    select pairs.text_key, pairs.copy_key, earlier.text, later.text as copy_text
    from pairs
    join texts as earlier on pairs.text_key = earlier.text_key
    join texts as later on pairs.copy_key = later.text_key
    order by pairs.text_key, pairs.copy_key
"""


def _copies(database: DuckDBPyConnection) -> Iterator[pa.Table]:
    """The candidates that are copies indeed: text_key and copy_key."""
    pairs_of = lru_cache(maxsize=_BATCH_ROWS)(copies.pairs)
    for batch in database.sql(_CANDIDATES).to_arrow_reader(_BATCH_ROWS):
        texts = zip(
            batch.column("text").to_pylist(), batch.column("copy_text").to_pylist(), strict=True
        )
        is_copy = [
            copies.similarity(pairs_of(text), pairs_of(copy)) >= copies.ALIKE
            for text, copy in texts
        ]
        found = pa.Table.from_batches([batch]).select(["text_key", "copy_key"])
        yield found.filter(pa.array(is_copy, pa.bool_()))


def _insert(database: DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    database.register("given_rows", rows)
    try:
        database.execute(f"insert into {table} by name select * from given_rows")
    finally:
        database.unregister("given_rows")


def _write(database: DuckDBPyConnection) -> None:
    """Every post that shares its story with another, in place of what was told before."""
    addresses = _addresses(database)
    database.execute(
        "create or replace temp table addresses "
        "(platform varchar, post_id varchar, text_key varchar, address varchar)"
    )
    _insert(database, "addresses", addresses)
    roots = _hanging_together(_links(database))
    database.execute("create or replace temp table roots (node varchar, root varchar)")
    _insert(
        database,
        "roots",
        pa.table(
            {
                "node": pa.array(list(roots), pa.string()),
                "root": pa.array(list(roots.values()), pa.string()),
            }
        ),
    )
    with transaction(database):
        database.execute("delete from enriched.stories")
        database.execute(f"insert into enriched.stories by name {_STORIES}")
    database.execute("drop table addresses")
    database.execute("drop table roots")


def _addresses(database: DuckDBPyConnection) -> pa.Table:
    """Articles with the address they stand at, written alike."""
    articles = database.sql(
        f"""
        select platform, post_id, text_key, url as address from raw.posts
        where {_THERE} and kind = 'article' and url is not null
        """
    ).to_arrow_table()
    written = [copies.canonical(address) for address in articles.column("address").to_pylist()]
    place = articles.schema.get_field_index("address")
    return articles.set_column(place, "address", pa.array(written, pa.string())).filter(
        pa.array([address is not None for address in written], pa.bool_())
    )


def _links(database: DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """What hangs together: copies, and texts with the address they stand at."""
    yield from database.execute(
        """
        select text_key, copy_key from enriched.copies
        union
        select addresses.text_key, addresses.address
        from addresses
        semi join (from enriched.fingerprints where bands is not null) using (text_key)
        """
    ).fetchall()


def _hanging_together(links: Iterator[tuple[str, str]]) -> dict[str, str]:
    """For each node the smallest of those it hangs together with (disjoint sets, Tarjan 1975)."""
    above: dict[str, str] = {}

    def top(node: str) -> str:
        while above.setdefault(node, node) != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    for one, other in links:
        first, second = sorted((top(one), top(other)))
        above[second] = first
    return {node: top(node) for node in above}


_STORIES: Final = f"""
    with nodes as (
        select
            posts.platform,
            posts.post_id,
            posts.created_at,
            coalesce(addresses.address, fingerprints.text_key) as node
        from raw.posts as posts
        left join addresses
            on posts.platform = addresses.platform and posts.post_id = addresses.post_id
        left join (from enriched.fingerprints where bands is not null) as fingerprints
            on posts.text_key = fingerprints.text_key
        where {_THERE}
    ),
    rooted as (
        select nodes.*, coalesce(roots.root, nodes.node) as root
        from nodes left join roots on nodes.node = roots.node
        where nodes.node is not null
    ),
    earliest as (
        select
            root,
            arg_min(
                {{'platform': platform, 'post_id': post_id}},
                (coalesce(created_at, 'infinity'::timestamptz), platform, post_id)
            ) as post
        from rooted
        group by root
        having count(*) > 1
    )
    select
        rooted.platform,
        rooted.post_id,
        earliest.post.platform as story_platform,
        earliest.post.post_id as story_post_id
    from rooted join earliest on rooted.root = earliest.root
"""
