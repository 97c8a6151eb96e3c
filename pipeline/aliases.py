"""Other names of posts: whoever is named by one is known by its ``post_id`` as soon as that is.

It works both ways: the post may arrive before or after those that name it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.query import exists

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REFERENCES: Final = ("parent_id", "root_id", "quoted_id", "reposted_id")


def merge_aliases(database: DuckDBPyConnection) -> None:
    """Keep the aliases of incoming posts, and rename what they resolve."""
    database.execute(
        """
        create or replace temp table new_aliases as
        select platform, alias, min(post_id) as post_id
        from (select platform, post_id, unnest(aliases) as alias from incoming)
        anti join raw.post_aliases using (platform, alias)
        where alias <> post_id
        group by platform, alias
        """
    )
    database.execute("insert into raw.post_aliases by name from new_aliases")
    if not exists(database, "select 1 from raw.post_aliases limit 1"):
        return
    named = " union ".join(f"select platform, {name} as alias from incoming" for name in REFERENCES)
    database.execute(
        f"""
        create or replace temp table renames as
        select platform, alias, post_id
        from (
            from new_aliases
            union
            from raw.post_aliases semi join ({named}) using (platform, alias)
        ) as names
        where not exists (
            select 1 from raw.posts as posts
            where posts.platform = names.platform and posts.post_id = names.alias
        )
        """
    )
    if exists(database, "select 1 from renames limit 1"):
        _rename(database)


def _rename(database: DuckDBPyConnection) -> None:
    database.execute(
        """
        insert into touched
        select posts.platform, posts.post_id
        from raw.posts as posts join renames
            on posts.platform = renames.platform and posts.parent_id = renames.alias
        """
    )
    for name in REFERENCES:
        database.execute(
            f"""
            update raw.posts as posts set {name} = renames.post_id
            from renames
            where posts.platform = renames.platform and posts.{name} = renames.alias
            """
        )
