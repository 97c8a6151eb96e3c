"""Feeds read into posts against feedparser's own call on the same bytes, as a ratio from one run.

    python -m benchmarks.feeds                  # 40 feeds of 50 entries
    python -m benchmarks.feeds --feeds 200

The feeds are composed here: articles of the simulated world with markup, links and tags, as RSS and
as Atom. Both sides get the same bytes in turns; the times are of the processor, the best of three.
"""

from __future__ import annotations

import argparse
import io
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

import feedparser

from connectors import feed
from connectors.paging import understand
from pipeline.post import Post
from pipeline.source import Reply

ROUNDS = 3
ENTRIES = 50
NOW = datetime(2026, 11, 24, tzinfo=UTC)
BLOG = "https://blog.example"
WORDS = (
    "storing monteur factuur klantenservice dank snel wachten app route vertraging antwoord "
    "vandaag morgen helaas prima kapot hersteld prijs abonnement stroom trein pakket the and is"
).split()


def bodies(count: int, seed: int = 1) -> list[bytes]:
    """Feeds, RSS and Atom by turns, no two alike."""
    chance = random.Random(seed)
    forms: tuple[Callable[[random.Random, int], str], ...] = (_rss, _atom)
    return [forms[number % 2](chance, number).encode() for number in range(count)]


def _prose(chance: random.Random) -> str:
    paragraphs = (" ".join(chance.choices(WORDS, k=chance.randrange(20, 80))) for _ in range(4))
    link = f'<a href="/{chance.randrange(10**6)}?utm_source=rss">lees meer</a>'
    return "".join(f"<p>{each} <b>nu</b> &amp; {link}</p>" for each in paragraphs)


def _rss(chance: random.Random, number: int) -> str:
    items = "".join(
        f"<item><title>{' '.join(chance.choices(WORDS, k=7))}</title>"
        f"<link>{BLOG}/{number}/{index}</link><guid>{BLOG}/?p={number * ENTRIES + index}</guid>"
        f"<pubDate>{format_datetime(NOW - timedelta(hours=index))}</pubDate>"
        f"<dc:creator>Jonas</dc:creator><category>nieuws</category>"
        f"<description>{escape(_prose(chance))}</description></item>"
        for index in range(ENTRIES)
    )
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Blog'
        f"</title><link>{BLOG}</link><language>nl</language>{items}</channel></rss>"
    )


def _atom(chance: random.Random, number: int) -> str:
    entries = "".join(
        f"<entry><id>tag:blog.example,2026:{number}.{index}</id><title>{chance.choice(WORDS)}</title>"
        f'<link href="{BLOG}/{number}/{index}"/><author><name>Jonas</name></author>'
        f"<updated>{(NOW - timedelta(hours=index)).isoformat()}</updated>"
        f'<content type="html">{escape(_prose(chance))}</content></entry>'
        for index in range(ENTRIES)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>{entries}</feed>'


def into_posts(feeds: list[bytes]) -> int:
    """Posts of the connector."""
    replies = (Reply(url=f"{BLOG}/feed", body=body, observed_at=NOW) for body in feeds)
    return sum(isinstance(each, Post) for each in understand(feed, replies))


def by_feedparser(feeds: list[bytes]) -> int:
    """Entries of feedparser, with its defaults."""
    headers = {"content-type": "application/xml", "content-location": f"{BLOG}/feed"}
    return sum(
        len(feedparser.parse(io.BytesIO(body), response_headers=headers).entries) for body in feeds
    )


def measured(work: Callable[[list[bytes]], int], feeds: list[bytes]) -> tuple[float, int]:
    """Seconds of the processor, and what came out."""
    started = time.process_time()
    count = work(feeds)
    return time.process_time() - started, count


def main() -> None:
    """Print entries per second of both, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=40)
    feeds = bodies(parser.parse_args().feeds)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(measured(into_posts, feeds))
        theirs.append(measured(by_feedparser, feeds))
    (seconds, posts), (alone, entries) = min(ours), min(theirs)
    if posts != entries:
        raise SystemExit(f"{posts} posts of {entries} entries")
    print(f"feedparser alone    {entries / alone:8.0f} entries a second")
    print(f"feed into posts     {posts / seconds:8.0f} entries a second")
    print(f"time, as a multiple of feedparser's: {seconds / alone:.2f} (at most 1.3)")


if __name__ == "__main__":
    main()
