"""Stories: posts that tell the same in nearly the same words, or at the same address.

Texts are fingerprinted once and compared with all that came before, so that a new copy joins its
story whenever it comes. What is kept is which texts are copies; stories are what hangs together by
that, reckoned anew each night from the posts that are there, and so the same whatever the order in
which they came. A story bears the name of its earliest post.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.enrich import alike, copies
from pipeline.query import batches, exists, first, transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH_ROWS: Final = 20_000
_WRITTEN: Final = "case when coalesce(title, '') = '' then text else title || chr(10) || text end"
_THERE: Final = "deleted_at is null and visibility in ('public', 'unlisted') and kind <> 'repost'"


def tell(database: DuckDBPyConnection) -> None:
    """Bring copies and stories up to date; a killed run goes on where it was.

    Args:
        database: the private database, outside any transaction.
    """
    with transaction(database):
        forget_copies(database)
    _fingerprint(database)
    _compare(database)
    _write(database)


def forget_copies(database: DuckDBPyConnection) -> None:
    """What is gone, or read by an older version, goes with what was told by it.

    What hung together by it is compared again. Must run inside a transaction.
    """
    gone = database.sql(
        f"""
        select text_key from enriched.fingerprints
        where version <> $version
            or text_key not in (select text_key from raw.posts where {_THERE})
        """,
        params={"version": copies.VERSION},
    ).to_arrow_table()
    if not len(gone):
        return
    keys, prints = _fingerprints(database)
    is_gone = pc.is_in(keys, gone.column("text_key").combine_chunks()).to_numpy()
    again = alike.to_compare_again(prints, _known(database, keys), is_gone)
    _with(
        database,
        pa.table({"text_key": keys.filter(pa.array(again))}),
        """
        update enriched.fingerprints set is_compared = false
        where text_key in (select text_key from given_rows)
        """,
    )
    for column in ("text_key", "copy_key"):
        _with(
            database,
            gone,
            f"delete from enriched.copies where {column} in (select text_key from given_rows)",
        )
    _with(
        database,
        gone,
        "delete from enriched.fingerprints where text_key in (select text_key from given_rows)",
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
        _with(
            database,
            seen,
            f"""
            insert into enriched.fingerprints by name
            select text_key, bands, '{copies.VERSION}' as version, bands is null as is_compared
            from given_rows
            """,
        )


def _compare(database: DuckDBPyConnection) -> None:
    """Compare what is new with everything, where a band is shared."""
    if not exists(database, "select 1 from enriched.fingerprints where not is_compared limit 1"):
        return
    keys, prints = _fingerprints(database)
    words = alike.word_pairs(len(prints), _texts(database, keys, alike.to_compare(prints)))
    ones, others = alike.links(prints, _known(database, keys), words)
    found = pa.table(
        {"text_key": keys.take(pa.array(ones)), "copy_key": keys.take(pa.array(others))}
    )
    with transaction(database):
        _insert(database, "enriched.copies", found)
        database.execute(
            "update enriched.fingerprints set is_compared = true where not is_compared"
        )


def _fingerprints(database: DuckDBPyConnection) -> tuple[pa.ChunkedArray, alike.Fingerprints]:
    """Keys of the texts that may be anybody's story, in their order, and their fingerprints."""
    row = first(database, "select count(*) from enriched.fingerprints where bands is not null")
    count = int(row[0]) if row else 0
    bands, is_new = np.empty((count, copies.BANDS), np.uint32), np.empty(count, np.bool_)
    keys, place = [], 0
    asked = """
        select text_key, bands, not is_compared as is_new from enriched.fingerprints
        where bands is not null order by text_key
    """
    for batch in database.sql(asked).to_arrow_reader(_BATCH_ROWS):
        rows = slice(place, place + batch.num_rows)
        bands[rows] = batch.column("bands").flatten().to_numpy().reshape(-1, copies.BANDS)
        is_new[rows] = batch.column("is_new").to_numpy(zero_copy_only=False)
        keys.append(batch.column("text_key"))
        place += batch.num_rows
    return pa.chunked_array(keys, pa.string()), alike.Fingerprints(bands, is_new)


def _known(database: DuckDBPyConnection, keys: pa.ChunkedArray) -> alike.Links:
    """The copies that were found, as numbers of their keys."""
    found = database.sql("select text_key, copy_key from enriched.copies").to_arrow_table()
    ones, others = (
        pc.index_in(found.column(name), keys).cast(pa.int64()) for name in ("text_key", "copy_key")
    )
    is_there = pc.and_(pc.is_valid(ones), pc.is_valid(others))
    return ones.filter(is_there).to_numpy(), others.filter(is_there).to_numpy()


def _texts(
    database: DuckDBPyConnection, keys: pa.ChunkedArray, wanted: alike.Marks
) -> Iterator[tuple[list[int], list[str]]]:
    """Numbers and texts of those that are wanted; one that several posts have comes as often."""
    asked = {
        "text_key": keys.filter(pa.array(wanted)),
        "number": pa.array(np.flatnonzero(wanted), pa.int64()),
    }
    database.register("asked_texts", pa.table(asked))
    try:
        reader = database.sql(
            f"select number, {_WRITTEN} as text "
            f"from raw.posts join asked_texts using (text_key) where {_THERE}"
        ).to_arrow_reader(_BATCH_ROWS)
        for batch in reader:
            yield batch.column("number").to_pylist(), batch.column("text").to_pylist()
    finally:
        database.unregister("asked_texts")


def _insert(database: DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    _with(database, rows, f"insert into {table} by name select * from given_rows")


def _with(database: DuckDBPyConnection, rows: pa.Table, statement: str) -> None:
    """One statement, to which these rows are the table ``given_rows``."""
    database.register("given_rows", rows)
    try:
        database.execute(statement)
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
    database.execute("create or replace temp table roots (node varchar, root varchar)")
    _insert(database, "roots", _roots(database))
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


def _roots(database: DuckDBPyConnection) -> pa.Table:
    """What hangs together, copies and texts with the address they stand at: node and root.

    The root is the smallest of all that hang together; what is its own root is left out.
    """
    links = database.sql(
        """
        select text_key as one, copy_key as other from enriched.copies
        union all
        select addresses.text_key, addresses.address
        from addresses
        semi join (from enriched.fingerprints where bands is not null) using (text_key)
        """
    ).to_arrow_table()
    chunks = [*links.column("one").chunks, *links.column("other").chunks]
    both = pa.chunked_array(chunks, pa.string())
    nodes = pc.unique(both)
    nodes = nodes.take(pc.sort_indices(nodes))
    ones, others = (
        pc.index_in(links.column(name), nodes).to_numpy().astype(np.int64)
        for name in ("one", "other")
    )
    root = alike.joined(np.arange(len(nodes)), ones, others)
    hangs = np.flatnonzero(root != np.arange(len(nodes)))
    return pa.table(
        {"node": nodes.take(pa.array(hangs)), "root": nodes.take(pa.array(root[hangs]))}
    )


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
