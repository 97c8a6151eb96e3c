"""Names in running text: people of a conversation, called by their names in its words.

A name is known where its bearer wrote in the same thread: the full name as the platform shows it,
and its first word where that stands with a capital. In another thread the same word is a word. The
organisation's own accounts are named freely, and so are the makers of articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from pipeline.query import exists, identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NAMELESS: Final = "[name]"
TABLE: Final = "named_in_posts"

_NAMED: Final = f"""
    create or replace temp table {TABLE} as
    -- grain: one row per post_key of a post in whose words somebody of its thread is named
    with
    people as (
        select distinct
            threads.platform, threads.thread_id, authors.author_name,
            regexp_extract(authors.author_name, '^[\\p{{L}}]{{3,}}') as first_name
        from raw.posts as posts
        join raw.threads as threads using (platform, post_id)
        join raw.authors as authors using (platform, author_id)
        anti join conf.accounts as accounts
            on accounts.account_kind = 'owned' and accounts.platform = posts.platform
            and accounts.account in (
                lower(ltrim(posts.author_handle, '@')), lower(posts.author_id)
            )
        where posts.kind <> 'article' and authors.author_name is not null
            and length(authors.author_name) >= 3
            and lower(authors.author_name) not in (
                select lower(organisation) from conf.organisations
            )
    ),
    spoken as (
        select
            platform, thread_id, post_id,
            concat_ws(' ', title, text) as words,
            regexp_extract_all(concat_ws(' ', title, text), '\\p{{Lu}}\\p{{L}}{{2,}}') as capitals
        from raw.posts join raw.threads using (platform, post_id)
        where deleted_at is null and exists (
            select 1 from people
            where people.platform = threads.platform and people.thread_id = threads.thread_id
        )
    ),
    hits as (
        select platform, post_id, author_name as name
        from spoken join people using (platform, thread_id)
        where contains(words, author_name)
        union
        select platform, post_id, first_name
        from spoken join people using (platform, thread_id)
        where list_contains(capitals, first_name)
            and lower(first_name) not in (
                select lower(unnest(string_split(organisation, ' '))) from conf.organisations
            )
    )
    select
        -- as the macro post_key of the models
        substr(sha256(concat_ws(' ', platform, post_id)), 1, 24) as post_key,
        list(distinct name order by length(name) desc, name) as names
    from hits
    group by platform, post_id
"""


def note_names(database: DuckDBPyConnection) -> None:
    """Work out in which posts people of their thread are named, for ``named``."""
    database.execute(_NAMED)


def named(database: DuckDBPyConnection, source: str, column: str) -> list[tuple[str, list[str]]]:
    """Texts of a column of a mart by post, with the names of people that stand in them.

    Args:
        database: ``note_names`` was called on it.
        source: the mart, as SQL writes it; it has a ``post_key``.
        column: a column of text.
    """
    if not exists(database, f"select 1 from {TABLE} limit 1"):
        return []
    name = identifier(column)
    return database.execute(
        f"""
        select mart.{name}, list(distinct each.name) from (
            select post_key, unnest(names) as name from {TABLE}
        ) as each join {source} as mart using (post_key)
        where contains(mart.{name}, each.name)
        group by mart.{name}
        """
    ).fetchall()


def without_names(text: str, names: Iterable[str]) -> str:
    """A text with ``[name]`` for each of these names where it stands as words of its own."""
    longest_first = sorted(names, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest_first))
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", NAMELESS, text) if pattern else text
