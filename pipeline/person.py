"""One person as the data folder knows them: by what names, and everything that is held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow.compute as pc

from pipeline.landing import Landing
from pipeline.query import records
from pipeline.suppress import SHORTEST_PLAIN, forms, is_full_name
from pipeline.written import word_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.config import Config

_ACCOUNT: Final = """
    platform = $platform and (
        lower(author_id) = $account or lower(ltrim(author_handle, '@＠')) = $account
    )
"""
_SEEN: Final = ["author_id", "author_handle", "author_name", "author_url"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """The ids, handles, full names and addresses of one account, as they were seen."""

    platform: str
    account: str
    author_ids: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()

    @property
    def shown(self) -> frozenset[str]:
        """How they show in texts, addresses and payloads."""
        return forms(
            author_ids={*self.author_ids, *self.urls},
            handles={*self.handles, self.account},
            names=self.names,
        )

    @property
    def whole(self) -> frozenset[str]:
        """What counts as this author: ids and handles."""
        return frozenset({*self.author_ids, *self.handles, self.account})

    @property
    def words(self) -> frozenset[str]:
        """Lower-case texts none of which may be left in any file; a short one behind @ or /."""
        told = {*self.author_ids, *self.handles, *self.urls, self.account}
        plain = {word_of(each).lstrip("@＠") for each in told}
        plain |= {each.split("@")[0] for each in plain if "://" not in each}
        short = {each for each in plain if len(each) < SHORTEST_PLAIN}
        full = {word_of(name) for name in self.names if is_full_name(name)}
        return frozenset(
            (plain - short) | full | {f"{sign}{each}" for each in short for sign in "@/"}
        )


def who(database: DuckDBPyConnection, data: Path, platform: str, account: str) -> Person:
    """All names under which an account was seen, in the database and in what landed.

    Args:
        database: the private database.
        data: the data folder.
        platform: as the connector is called.
        account: id or handle, with or without ``@``.
    """
    plain = account.strip().lower().lstrip("@＠")
    values = {"platform": platform, "account": plain}
    told = records(
        database,
        f"select {', '.join(_SEEN)} from raw.authors where {_ACCOUNT}",
        values,
    )
    told += records(
        database,
        f"select distinct author_id, author_handle from raw.posts where {_ACCOUNT}",
        values,
    )
    for file in Landing(data / "landing").files():
        for batch in file.batches():
            is_theirs = pc.equal(batch["platform"], platform)
            is_named = pc.or_kleene(
                pc.equal(pc.utf8_lower(batch["author_id"]), plain),
                pc.equal(
                    pc.utf8_ltrim(pc.utf8_lower(batch["author_handle"]), characters="@＠"), plain
                ),
            )
            found = batch.filter(pc.and_kleene(is_theirs, is_named)).select(_SEEN)
            told += found.to_pylist()
    return Person(
        platform=platform,
        account=plain,
        author_ids=_seen(told, "author_id"),
        handles=_seen(told, "author_handle"),
        names=_seen(told, "author_name"),
        urls=_seen(told, "author_url"),
    )


def _seen(told: list[dict[str, Any]], name: str) -> frozenset[str]:
    return frozenset(row[name] for row in told if row.get(name))


def held(database: DuckDBPyConnection, config: Config, person: Person) -> dict[str, Any]:
    """Everything that is held about a person: what, where it came from, and until when.

    For an access request (article 15 of the AVG): readable as JSON.
    """
    values = {"platform": person.platform, "ids": sorted(person.whole)}
    which = """
        platform = $platform and (
            list_contains($ids, author_id) or list_contains($ids, author_handle)
            or list_contains($ids, lower(ltrim(author_handle, '@＠')))
        )
    """
    posts = records(database, f"select * from raw.posts where {which} order by created_at", values)
    keys = {"platform": person.platform, "posts": [post["post_id"] for post in posts]}
    of_posts = "platform = $platform and list_contains($posts, post_id)"
    by_table = {
        table: records(database, f"select * from {table} where {of_posts}", keys)
        for table in (
            "raw.post_versions",
            "raw.payloads",
            "raw.post_counts",
            "raw.post_sources",
            "raw.cut_threads",
        )
    }
    author = records(
        database,
        "select * from raw.authors where platform = $platform and list_contains($ids, author_id)",
        {"platform": person.platform, "ids": sorted(person.author_ids)},
    )
    audience = records(
        database,
        "select * from raw.author_counts where platform = $platform "
        "and list_contains($ids, author_id) order by observed_at",
        {"platform": person.platform, "ids": sorted(person.author_ids)},
    )
    return {
        "platform": person.platform,
        "account": person.account,
        "author": author,
        "audience": audience,
        "posts": [{**post, **_until(post, config)} for post in posts],
        "earlier_texts": by_table["raw.post_versions"],
        "payloads": by_table["raw.payloads"],
        "counts": by_table["raw.post_counts"],
        "came_from": by_table["raw.post_sources"],
        "threads_cut_off": by_table["raw.cut_threads"],
        **_understood(database, of_posts, keys),
        "mentioned_in_posts_of_others": _named_by_others(database, person, keys["posts"]),
    }


def _named_by_others(
    database: DuckDBPyConnection, person: Person, own: Sequence[str]
) -> list[dict[str, Any]]:
    """Posts of others that mention them, or whose words hold their handle or full name."""
    words = "|".join(re.escape(word) for word in sorted(person.words, key=len, reverse=True))
    return records(
        database,
        """
        select platform, post_id, created_at, title, text from raw.posts
        where not (platform = $platform and list_contains($own, post_id)) and (
            platform = $platform and len(list_filter(
                mentions, lambda name: list_contains($names, lower(ltrim(name, '@＠')))
            )) > 0
            or regexp_matches(lower(concat_ws(' ', title, text)), $words)
        )
        order by created_at
        """,
        {
            "platform": person.platform,
            "own": own,
            "names": sorted(each.lower().lstrip("@＠") for each in person.whole),
            "words": rf"(^|\W)({words})($|\W)",
        },
    )


def _understood(
    database: DuckDBPyConnection, of_posts: str, keys: dict[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """What was read in somebody's posts, and what people of the company said of them."""
    asked = {
        "read_in_texts": f"""
            select posts.post_id, texts.* exclude (text_key) from raw.posts as posts
            join enriched.texts as texts using (text_key) where {of_posts}
        """,
        "names_organisations": f"""
            select post_id, organisation, alias from enriched.matches where {of_posts}
        """,
        "judged_to_be_about": f"""
            select post_id, organisation, relevance, is_relevant, reason
            from enriched.relevance where {of_posts}
        """,
        "moods_about_organisations": f"""
            select posts.post_id, moods.* exclude (text_key) from raw.posts as posts
            join enriched.moods as moods using (text_key) where {of_posts}
        """,
        "marked_by_people_of_the_company": f"""
            select post_id, 'about ' || organisation as task, mark, marked_at
            from enriched.samples where {of_posts}
            union all
            select posts.post_id, labels.task, labels.label, labels.labelled_at
            from raw.posts as posts join enriched.labels as labels using (text_key)
            where {of_posts}
        """,
    }
    return {name: records(database, query, keys) for name, query in asked.items()}


def _until(post: dict[str, Any], config: Config) -> dict[str, datetime]:
    """Until when the words of a post and the post itself are kept, at the latest."""
    begin = max(each for each in (post["created_at"], post["first_seen_at"]) if each)
    privacy = config.privacy
    return {
        "text_kept_until": begin + timedelta(days=privacy.text_days),
        "kept_until": begin + timedelta(days=privacy.pseudonym_days),
    }
