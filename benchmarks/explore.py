"""How long explore takes over a million posts, as a ratio to plain questions of DuckDB.

    python -m benchmarks.explore [ROWS]

The published file is made up. The baseline of a filter is one plain count over the joined tables
of the file; each is the best of five, in one run. A page is everything: counts, posts and HTML.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb

from pipeline.explore import questions, views
from pipeline.explore.filters import Filter
from pipeline.explore.published import Night
from pipeline.hardened import open_hardened
from pipeline.report.words import Words

ROWS: Final = 1_000_000
ROUNDS: Final = 5
MOST: Final = 4.0
"""Times as long as the plain count: what a filter may take."""

TABLES: Final = """
    create schema marts;
    create table marts.posts as
    select
        list_value('mastodon', 'bluesky', 'reddit', 'feed')[1 + (hash(n, 1) % 4)::int] as platform,
        md5(n::varchar) as post_key, md5((n // 3)::varchar) as thread_key,
        md5((n % 90000)::varchar) as author_key, 'post' as kind,
        timestamptz '2024-01-01 00:00:00+00' + to_seconds((n * 63)::bigint) as posted_at,
        (date '2024-01-01' + (n * 63 // 86400)::int)::date as posted_date,
        case when n % 90000 = 0 then 'Ours' end as author_organisation,
        null::varchar as title,
        array_to_string([
            'woord' || floor(30000 * power((hash(n, k) % 1000000) / 1e6, 3))::int
            for k in range(3, 11 + (hash(n, 99) % 16)::int)
        ], ' ') || '. En nu?' as text,
        list_value('nl', 'en', 'de', null)[1 + (hash(n, 5) % 4)::int] as language,
        list_value('service', 'image', 'sales', null)[1 + (hash(n, 7) % 4)::int] as purpose,
        null::double as rating, '0-99' as audience_band, 1::bigint as likes_count,
        null::bigint as reposts_count, 0::bigint as replies_count
    from range({rows}) as numbers(n);
    create table marts.post_roles as
    select
        list_value('Ours', 'Theirs')[1 + (hash(post_key, 8) % 2)::int] as organisation,
        platform, post_key, posted_date,
        list_value('addressed', 'mentioned', 'outbound')[1 + (hash(post_key, 9) % 3)::int] as role,
        list_value('positive', 'neutral', 'negative')[1 + (hash(post_key, 6) % 3)::int]
            as sentiment_about
    from marts.posts;
    create table marts.organisations as
    select * from (values ('Ours', 'own'), ('Theirs', 'competitor')) as known(organisation, role);
    create table marts.publication as
    select 'run' as run_id, now() as published_at, now() as collected_through, 'UTC' as timezone;
"""
PLAIN: Final = """
    select platform, count(*) from marts.post_roles as roles
    inner join marts.posts as posts using (platform, post_key)
    where organisation = 'Ours' and language = 'nl' group by platform
"""
PLAIN_SEARCH: Final = """
    select count(*) from marts.posts where contains(lower(text), 'woord123')
"""


def best(work: Callable[[], object]) -> float:
    """Milliseconds of the quickest round."""
    found = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return 1000 * min(found)


def write(path: Path, rows: int) -> None:
    """A published file of so many made-up posts."""
    with duckdb.connect(str(path)) as database:
        for statement in re.split(r";\s*\n", TABLES.format(rows=rows).strip()):
            database.execute(statement)


def main() -> None:
    """Print times and ratios; exit 1 when a filter takes more than ``MOST`` plain counts."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "analytics.duckdb"
        write(path, rows)
        with open_hardened(path) as database:
            plain = best(lambda: database.execute(PLAIN).fetchall())
            plain_search = best(lambda: database.execute(PLAIN_SEARCH).fetchall())
        begin = time.perf_counter()
        night = Night(path)
        ready = 1000 * (time.perf_counter() - begin)
        page(night, Filter(organisation="Ours"))
        first = 1000 * (time.perf_counter() - begin)
        night.words("woord123")
        searchable = 1000 * (time.perf_counter() - begin)
        everything = best(lambda: page(night, Filter(organisation="Ours")))
        filtered = best(lambda: page(night, Filter(organisation="Ours", language="nl")))
        searched = best(lambda: page(night, Filter(organisation="Ours", search="woord123")))
        night.close()
    print(f"posts                        {rows:10,d}")
    print(f"plain count, joined          {plain:10.0f} ms")
    print(f"plain search in the text     {plain_search:10.0f} ms")
    print(f"ready from a closed file     {ready:10.0f} ms")
    print(f"first page from a closed file{first:10.0f} ms")
    print(f"searchable after             {searchable:10.0f} ms")
    print(f"page without filter          {everything:10.0f} ms {everything / plain:6.2f}")
    print(f"page with a filter           {filtered:10.0f} ms {filtered / plain:6.2f}")
    print(f"page with a search           {searched:10.0f} ms {searched / plain_search:6.2f}")
    if filtered > MOST * plain:
        sys.exit(1)


def page(night: Night, chosen: Filter) -> None:
    """What a page of posts is made of."""
    words = Words("en", night.about.timezone)
    counts = questions.counts(night, chosen)
    views.facets(chosen, counts, words)
    views.columns(chosen, counts, night.about, words)
    [views.shown(row, chosen, night.about, words) for row in questions.posts(night, chosen)]


if __name__ == "__main__":
    main()
