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
from numpy.typing import NDArray

from pipeline.enrich import alike, copies
from pipeline.known import WRITTEN
from pipeline.processes import each_with
from pipeline.query import batches_at, exists, transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH_ROWS: Final = 20_000
_AT_ONCE: Final = 250_000
"""New texts that are compared at once: with their words they must fit into memory."""
_BANDS: Final = copies.BANDS
_AROUND: Final = """
    create or replace temp table around as select text_key, bands from enriched.fingerprints
"""
Names = NDArray[np.uint64]
"""Of texts and addresses: DuckDB's hash of their keys, for millions of keys are slow to compare."""
_NAMING_TEXTS: Final = (
    ("enriched.copies", "text_key"),
    ("enriched.copies", "copy_key"),
    ("enriched.fingerprints", "text_key"),
)
_ALONE: Final = 5
"""So many batches are fingerprinted here: to begin processes takes as long."""
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
    _forget_older(database)
    gone = database.sql(
        f"""
        select text_key, hash(text_key) as name from enriched.fingerprints
        where text_key not in (select text_key from raw.posts where {_THERE})
        """
    ).to_arrow_table()
    if not len(gone):
        return
    _with(database, gone, f"{_AROUND} semi join given_rows using (text_key)")
    near, prints = _near(database)
    is_waiting = pc.invert(near.column("is_compared")).to_numpy() & ~prints.is_new
    moved_up = alike.moved_up(prints, prints.is_new, is_waiting)
    again = [near.column("name").to_numpy()[moved_up], _torn(database, gone)]
    _with(
        database,
        pa.table({"name": np.concatenate(again)}),
        """
        update enriched.fingerprints set is_compared = false
        where bands is not null and hash(text_key) in (select name from given_rows)
        """,
    )
    for table, column in _NAMING_TEXTS:
        _with(
            database,
            gone,
            f"delete from {table} where {column} in (select text_key from given_rows)",
        )
    database.execute("drop table around")


def _forget_older(database: DuckDBPyConnection) -> None:
    """Where another version has read any of the texts, all are compared by this one."""
    others = f"enriched.fingerprints where version <> '{copies.VERSION}'"
    if exists(database, f"select 1 from {others} limit 1"):
        database.execute(f"delete from {others}")
        database.execute("delete from enriched.copies")
        database.execute("update enriched.fingerprints set is_compared = bands is null")


def _torn(database: DuckDBPyConnection, gone: pa.Table) -> Names:
    """Texts that hung together with one of those that are gone."""
    names, label = _wholes(database)
    is_gone = np.isin(names, gone.column("name").to_numpy())
    return names[alike.torn(label, is_gone)]


def _fingerprint(database: DuckDBPyConnection) -> None:
    unseen = f"""
        select min(posts.rowid) as place
        from raw.posts as posts
        anti join enriched.fingerprints using (text_key)
        where {_THERE} and length(text) + length(coalesce(title, '')) >= {copies.FEWEST_LETTERS}
        group by text_key
    """
    said = f"""
        select text_key, {WRITTEN} as text
        from raw.posts as posts join found on posts.rowid = found.place
        order by text_key
    """
    unread = batches_at(database, unseen, said, {}, _BATCH_ROWS)
    for batch, bands in each_with(_bands, unread, alone=_ALONE):
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


def _bands(batch: pa.Table) -> list[list[int] | None]:
    return copies.fingerprints(batch.column("text").to_pylist())


def _compare(database: DuckDBPyConnection) -> None:
    """Compare what is new with everything, where a band is shared; so much of it at once."""
    new = "enriched.fingerprints where not is_compared and bands is not null"
    while exists(database, f"select 1 from {new} limit 1"):
        # in the order of their keys: what comes later stands behind, and moves nobody in a crowd
        database.execute(f"{_AROUND} where not is_compared order by text_key limit {_AT_ONCE}")
        near, prints = _near(database, "(is_compared or is_around)")
        keys = near.column("text_key")
        words = alike.word_pairs(len(prints), _texts(database, keys, alike.to_compare(prints)))
        ones, others = alike.links(prints, _known(database, near), words)
        found = pa.table(
            {"text_key": keys.take(pa.array(ones)), "copy_key": keys.take(pa.array(others))}
        )
        with transaction(database):
            _insert(database, "enriched.copies", found)
            database.execute(
                """
                update enriched.fingerprints set is_compared = true
                where text_key in (select text_key from around)
                """
            )
        database.execute("drop table around")


def _near(
    database: DuckDBPyConnection, condition: str = "true"
) -> tuple[pa.Table, alike.Fingerprints]:
    """Texts that share a band with one of ``around``, in the order of their keys.

    Returns:
        Their ``text_key``, ``name`` and ``is_compared``, and their fingerprints, of which those of
        ``around`` are the new ones.
    """
    shares = " or ".join(
        f"bands[{band}] in (select bands[{band}] from around)" for band in range(1, _BANDS + 1)
    )
    found = database.sql(
        f"""
        select
            text_key, hash(text_key) as name, bands, is_compared,
            text_key in (select text_key from around) as is_around
        from enriched.fingerprints
        where bands is not null and ({shares}) and {condition}
        order by text_key
        """
    ).to_arrow_table()
    bands = found.column("bands").combine_chunks().flatten().to_numpy().reshape(-1, _BANDS)
    is_around = found.column("is_around").to_numpy()
    return found.drop_columns(["bands", "is_around"]), alike.Fingerprints(bands, is_around)


def _wholes(database: DuckDBPyConnection, more: str = "") -> tuple[Names, alike.Numbers]:
    """What hangs together by copies and more links.

    Returns:
        Its names in order, and for each the place of the first that it hangs together with.
    """
    links = database.sql(
        f"""
        select hash(text_key) as one, hash(copy_key) as other from enriched.copies
        {more}
        """
    ).to_arrow_table()
    ends = [links.column(name).to_numpy() for name in ("one", "other")]
    names, place = np.unique(np.concatenate(ends), return_inverse=True)
    ones, others = place[: len(links)], place[len(links) :]
    return names, alike.wholes(len(names), ones, others)


def _known(database: DuckDBPyConnection, near: pa.Table) -> alike.Links:
    """What hangs together already of these texts, as links of each with the first of its whole."""
    names, label = _wholes(database)
    asked = near.column("name").to_numpy()
    is_known = np.isin(asked, names)
    wholes = label[np.searchsorted(names, asked[is_known])]
    _, first_of, whole = np.unique(wholes, return_index=True, return_inverse=True)
    numbers = np.flatnonzero(is_known)
    return numbers[first_of[whole]], numbers


def _texts(
    database: DuckDBPyConnection, keys: pa.ChunkedArray, wanted: alike.Marks
) -> Iterator[tuple[list[int], list[str]]]:
    """Numbers and texts of those that are wanted."""
    asked = {
        "text_key": keys.filter(pa.array(wanted)),
        "number": pa.array(np.flatnonzero(wanted), pa.int64()),
    }
    places = f"""
        select min(posts.rowid) as place, number
        from raw.posts as posts join asked_texts using (text_key) where {_THERE}
        group by number
    """
    said = f"""
        select number, {WRITTEN} as text
        from raw.posts as posts join found on posts.rowid = found.place
    """
    database.register("asked_texts", pa.table(asked))
    try:
        for batch in batches_at(database, places, said, {}, _BATCH_ROWS):
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
    database.execute("create or replace temp table roots (node ubigint, root ubigint)")
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

    What is its own root is left out.
    """
    names, label = _wholes(
        database,
        """
        union all
        select hash(addresses.text_key), hash(addresses.address)
        from addresses
        semi join (from enriched.fingerprints where bands is not null) using (text_key)
        """,
    )
    hangs = np.flatnonzero(label != np.arange(len(label)))
    return pa.table({"node": names[hangs], "root": names[label[hangs]]})


_STORIES: Final = f"""
    -- most texts stand alone: those that may not are looked for first
    with perhaps as (
        select hash(text_key) as name from raw.posts where {_THERE}
        group by name having count(*) > 1
        union all
        select unnest([node, root]) from roots
        union all
        select hash(text_key) from addresses
    ),
    nodes as (
        select
            posts.platform,
            posts.post_id,
            posts.created_at,
            case
                when addresses.address is not null then hash(addresses.address)
                when hash(posts.text_key) in (
                    select hash(text_key) from enriched.fingerprints where bands is not null
                ) then hash(posts.text_key)
            end as node
        from raw.posts as posts
        left join addresses
            on posts.platform = addresses.platform and posts.post_id = addresses.post_id
        where {_THERE} and hash(posts.text_key) in (select name from perhaps)
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
