"""What the warehouse knows: questions the night asks before it collects and before it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from pipeline.manifest import LIVE
from pipeline.post import Post, from_row
from pipeline.query import batches_at, exists, first, has_table, records

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.http import Validator

BATCH_ROWS: Final = 50_000
MOST_POSTS: Final = 20_000
_POST: Final = """
    posts.platform, posts.post_id, posts.kind, posts.last_seen_at as observed_at,
    posts.created_at, posts.native_id, posts.url, posts.parent_id, posts.root_id,
    posts.author_id, posts.author_handle, posts.replies_count,
    (
        select list(aliases.alias order by aliases.alias) from raw.post_aliases as aliases
        where aliases.platform = posts.platform and aliases.post_id = posts.post_id
    ) as aliases
"""
_GIVEN: Final = f"(from raw.post_sources where source in ($source, $source || '{LIVE}'))"
"""What a source gave at night, and what it said while it was listened to live."""
WRITTEN: Final = "case when coalesce(title, '') = '' then text else title || chr(10) || text end"
"""What a post says, as it is read: its title and its text, one below the other."""
ABOUT: Final = """(
    select platform, post_id, organisation from enriched.matches
    anti join (from enriched.relevance where not is_relevant)
        using (platform, post_id, organisation)
)"""
"""Whom each post names, without namesakes that relevance has set aside."""

_NOTE_CANDIDATES: Final = """
    create or replace temp table candidates as
    select posts.rowid as place, posts.platform, posts.post_id from raw.posts as posts {these}
"""
_NOTE_CONCERNING: Final = f"""
    create or replace temp table concerning as
    select place, platform, post_id
    from candidates semi join {ABOUT} as about using (platform, post_id)
    union
    select candidates.place, candidates.platform, candidates.post_id
    from candidates
    join raw.posts as posts on posts.rowid = candidates.place
    join conf.accounts as accounts
        on posts.platform = accounts.platform and accounts.account in (
            lower(ltrim(posts.author_handle, '@')), lower(posts.author_id),
            lower(posts.parent_author_id)
        )
    union
    select tagged.place, tagged.platform, tagged.post_id
    from (
        select
            candidates.place, candidates.platform, candidates.post_id,
            lower(ltrim(unnest(posts.mentions), '@')) as account
        from candidates join raw.posts as posts on posts.rowid = candidates.place
    ) as tagged
    join conf.accounts as accounts using (platform, account)
"""


def progress(database: DuckDBPyConnection, source: str) -> datetime | None:
    """The instant up to which a source has looked, or None before its first complete run."""
    row = first(
        database, "select min(collected_through) from ops.progress where source = ?", [source]
    )
    return row[0] if row else None


def verb_progress(database: DuckDBPyConnection, source: str) -> dict[str, datetime]:
    """The instant up to which each verb of a source was asked, of those that ever were.

    Empty too for a source that was last read before this was noted.
    """
    if not has_table(database, "ops", "verb_progress"):
        return {}
    rows = database.execute(
        "select verb, collected_through from ops.verb_progress where source = ?", [source]
    ).fetchall()
    return dict(rows)


def asked_names(database: DuckDBPyConnection, source: str) -> dict[str, frozenset[str]]:
    """The digests of what each verb of a source was asked for when it was last heard to its end.

    A verb that was last asked before this was noted is absent.
    """
    if not has_table(database, "ops", "asked_names"):
        return {}
    rows = database.execute(
        "select verb, list(name_digest) from ops.asked_names where source = ? group by verb",
        [source],
    ).fetchall()
    return {verb: frozenset(digests) for verb, digests in rows}


def was_asked(database: DuckDBPyConnection, source: str) -> bool:
    """Whether a verb of listening of a source has asked anything in a run that noted it."""
    return exists(
        database,
        "select 1 from ops.collections where source = ? and asked_verbs <> ''",
        [source],
    )


def validators(database: DuckDBPyConnection, source: str) -> dict[str, Validator]:
    """Validators of conditional requests by address, verbatim."""
    from pipeline.http import Validator

    rows = database.execute(
        "select address, etag, last_modified, body_digest from ops.http_state where source = ?",
        [source],
    ).fetchall()
    return {
        address: Validator(etag=etag, last_modified=last_modified, body_digest=body_digest)
        for address, etag, last_modified, body_digest in rows
    }


def posts_to_thread(database: DuckDBPyConnection, source: str, since: datetime) -> list[Post]:
    """Posts of a source that concern an organisation and whose thread is not complete.

    Not complete: the parent is unknown, more replies are told of than are known, or the platform
    does not tell, or it was cut off by what waiting may cure.
    """
    _note_concerning(
        database,
        f"""
        semi join {_GIVEN} using (platform, post_id)
        where posts.deleted_at is null
            and posts.kind not in ('repost', 'review', 'article')
            and coalesce(posts.created_at, posts.first_seen_at) >= $since
        """,
        {"source": source, "since": since},
    )
    incomplete = _posts(
        database,
        f"""
        select {_POST}
        from raw.posts as posts
        join concerning on posts.rowid = concerning.place
        left join raw.threads as threads
            on concerning.platform = threads.platform and concerning.post_id = threads.post_id
        left join (
            select parents.place, count(*) as known_replies
            from concerning as parents
            join raw.posts as replies
                on parents.platform = replies.platform and parents.post_id = replies.parent_id
            group by parents.place
        ) as children on concerning.place = children.place
        where posts.replies_count is null
            or posts.replies_count > coalesce(children.known_replies, 0)
            or (posts.parent_id is not null and threads.is_parent_known is not true)
        order by coalesce(posts.created_at, posts.first_seen_at) desc, posts.post_id
        limit {MOST_POSTS}
        """,
        {},
    )
    told = {post.post_id for post in incomplete}
    cut = _cut_off(database, source, of_organisations=True)
    return [*incomplete, *(post for post in cut if post.post_id not in told)]


def posts_cut_off(database: DuckDBPyConnection, source: str) -> list[Post]:
    """Posts of a source that concern nobody and whose thread broke off, and may be whole tonight.

    When to give up is for nights to say that heard their source (``pipeline.cut_threads``): where
    none did, no answer was lost by waiting.
    """
    return _cut_off(database, source, of_organisations=False)


def _cut_off(database: DuckDBPyConnection, source: str, *, of_organisations: bool) -> list[Post]:
    if not has_table(database, "raw", "cut_threads"):
        return []
    open_ones = "select 1 from raw.cut_threads where source = ? and closed_by_run_id is null"
    if not exists(database, f"{open_ones} and is_asked_again", [source]):
        return []
    _note_concerning(
        database,
        """
        join raw.cut_threads as cut using (platform, post_id)
        where cut.source = $source and cut.closed_by_run_id is null
            and cut.is_asked_again and posts.deleted_at is null
        """,
        {"source": source},
    )
    return _posts(
        database,
        f"""
        select {_POST}
        from raw.posts as posts
        join candidates on posts.rowid = candidates.place
        {"semi" if of_organisations else "anti"} join concerning
            on candidates.place = concerning.place
        order by coalesce(posts.created_at, posts.first_seen_at) desc, posts.post_id
        limit {MOST_POSTS}
        """,
        {},
    )


def _note_concerning(database: DuckDBPyConnection, these: str, values: Mapping[str, Any]) -> None:
    """Note posts in table ``candidates``, and those that concern an organisation in ``concerning``.

    In tables: of a part of a statement it would not be known how few they are.
    """
    database.execute(_NOTE_CANDIDATES.format(these=these), values)
    database.execute(_NOTE_CONCERNING)


def posts_to_refresh(
    database: DuckDBPyConnection, source: str, since: datetime, most: int = MOST_POSTS
) -> list[Post]:
    """Posts of a source that are not deleted, as far as known; at most ``most``.

    Those come first that were not seen or confirmed for longest, so that each has its turn. Those
    whose words were removed (text_key ``kept-…``) come last: nothing of them is overdue.
    """
    in_turn = "order by starts_with(posts.text_key, 'kept-'), posts.last_seen_at, posts.post_id"
    these = f"""
        semi join {_GIVEN} using (platform, post_id)
        where posts.deleted_at is null
            and coalesce(posts.created_at, posts.first_seen_at) >= $since
        {in_turn} limit $most
    """
    database.execute(
        _NOTE_CANDIDATES.format(these=these), {"source": source, "since": since, "most": most}
    )
    return _posts(
        database,
        f"""
        select {_POST} from raw.posts as posts
        join candidates on posts.rowid = candidates.place {in_turn}
        """,
        {},
    )


def _posts(database: DuckDBPyConnection, query: str, values: Mapping[str, Any]) -> list[Post]:
    return [from_row(row) for row in records(database, query, values)]


def unread_texts(database: DuckDBPyConnection, version: str) -> Iterator[pa.Table]:
    """Texts this version of the enricher has not read, each once.

    Yields:
        Tables of text_key, text (title and text, one below the other), language (as the platform
        gave it, or null; of several the first by alphabet) and was_read (false where no version has
        read it), of at most 50,000 rows.
    """
    unread = """
        with waiting as (
            select min(posts.rowid) as place, min(language) as language, hash(text_key) as name
            from raw.posts as posts
            anti join (from enriched.texts where enricher_version = $version) using (text_key)
            where deleted_at is null
            group by text_key
        ),
        read as (
            select hash(text_key) as name from enriched.texts where enricher_version <> $version
        )
        select place, language, name in (select name from read) as was_read from waiting
    """
    said = f"""
        select
            posts.text_key,
            {WRITTEN} as text,
            found.language,
            found.was_read
        from raw.posts as posts
        join found on posts.rowid = found.place
        where text <> '' or coalesce(title, '') <> ''
        order by posts.text_key
    """
    yield from batches_at(database, unread, said, {"version": version}, BATCH_ROWS)


def unmatched_posts(database: DuckDBPyConnection, version: str) -> Iterator[pa.Table]:
    """Posts whose present text this version of the matcher has not seen.

    What was found in words that were removed since (text_key ``kept-…``) stays as it is.

    Yields:
        Tables of platform, post_id, text_key, kind, title, text, url, mentions, tags, links,
        author_id, author_handle, parent_author_id, language (as read, else as the platform gave it)
        and was_matched (false where no version has seen the post), of at most 50,000 rows.
    """
    # of millions of names their hashes are compared, two of each: a third of the time and memory
    database.execute(
        """
        create or replace temp table unmatched as
        select posts.rowid as place, hash(platform, post_id) as name
        from raw.posts as posts
        anti join (from enriched.matched_posts where matcher_version = $version) as matched
            on hash(posts.platform, posts.post_id, posts.text_key)
            = hash(matched.platform, matched.post_id, matched.text_key)
            and hash(posts.text_key, posts.post_id, posts.platform)
            = hash(matched.text_key, matched.post_id, matched.platform)
        where deleted_at is null and not starts_with(text_key, 'kept-')
        """,
        {"version": version},
    )
    # by itself, so that the few are looked for among all that were seen, not the other way round;
    # the first version of the database kept what it found, and not where it had looked
    database.execute(
        """
        create or replace temp table matched_before as
        select name from unmatched
        semi join (
            select hash(platform, post_id) as name from enriched.matched_posts
            union all
            select hash(platform, post_id) as name from enriched.matches
        ) using (name)
        """
    )
    unseen = "select place, name in (from matched_before) as was_matched from unmatched"
    said = """
        select
            platform, post_id, text_key, kind, title, text, url, mentions, tags, links,
            author_id, author_handle, parent_author_id,
            coalesce(nullif(texts.language, 'und'), posts.language) as language,
            found.was_matched
        from raw.posts as posts
        join found on posts.rowid = found.place
        left join enriched.texts as texts using (text_key)
    """
    try:
        yield from batches_at(database, unseen, said, {}, BATCH_ROWS)
    finally:
        for name in ("unmatched", "matched_before"):
            database.execute(f"drop table if exists temp.{name}")
