"""What things are called on their platform: handles, ids, addresses of posts."""

from __future__ import annotations

import hashlib
from typing import Final

from pipeline.world.shape import Person, Said

HOME: Final = "plein.example"
"""The Mastodon server the company reads: its own people have no server in their name there."""
BASE32: Final = "234567abcdefghijklmnopqrstuvwxyz"
HACKER_BASE: Final = 47_000_000
SEQUENCE_BITS: Final = 16


def address(person: Person) -> str:
    """The @name by which posts on the person's platform tag them."""
    return f"@{handle(person)}" if person.platform == "bluesky" else f"@{person.handle}"


def handle(person: Person) -> str:
    """The whole name of an account, as a configuration file writes it."""
    if person.platform == "mastodon":
        return f"{person.handle}@{person.server}"
    if person.platform == "bluesky":
        return person.server if person.role == "owned" else f"{person.handle}.{person.server}"
    return person.handle if person.platform == "hackernews" else person.name


def base32(number: int, length: int) -> str:
    """A sortable base-32 number, as in record keys and decentralised ids."""
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        digits.append(BASE32[rest])
    return "".join(reversed(digits))


def did(person: Person) -> str:
    """A Bluesky account's permanent id."""
    digest = hashlib.sha256(f"did {person.number} {person.handle}".encode()).digest()
    return "did:plc:" + base32(int.from_bytes(digest[:15], "big"), 24)


def record_key(said: Said) -> str:
    """A Bluesky record key: microseconds since 1970 and the post's number, in base 32."""
    microseconds = round(said.at.timestamp() * 1_000_000)
    return base32((microseconds << 10) | (said.number % 1024), 13)


def at_uri(said: Said) -> str:
    """The permanent address of a Bluesky post or repost."""
    collection = "repost" if said.kind == "repost" else "post"
    return f"at://{did(said.author)}/app.bsky.feed.{collection}/{record_key(said)}"


def content_id(said: Said, text: str) -> str:
    """A Bluesky content id: changes with the text."""
    digest = hashlib.sha256(f"{said.number} {text}".encode()).digest()
    return "bafyrei" + base32(int.from_bytes(digest, "big"), 52)


def snowflake(said: Said) -> str:
    """A Mastodon id on the company's server: milliseconds since 1970 and a number."""
    milliseconds = round(said.at.timestamp() * 1000)
    return str((milliseconds << SEQUENCE_BITS) | (said.number % (1 << SEQUENCE_BITS)))


def uri(said: Said) -> str:
    """The global id of a Mastodon post; of a boost its activity."""
    base = f"https://{said.author.server}/users/{said.author.handle}/statuses/{snowflake(said)}"
    return f"{base}/activity" if said.kind == "repost" else base


def account_id(person: Person) -> str:
    """A Mastodon account id on the company's server."""
    return str((round(person.created_at.timestamp() * 1000) << SEQUENCE_BITS) | person.number)


def hacker_id(said: Said) -> int:
    """A Hacker News item number."""
    return HACKER_BASE + said.number


def post_id(said: Said) -> str:
    """The global identity of a post, as ``pipeline.post.Post.post_id`` has it.

    An entry of a feed is known by the address of its page: its guid is an alias.
    """
    if said.platform == "mastodon":
        return uri(said)
    if said.platform == "bluesky":
        return at_uri(said)
    return str(hacker_id(said)) if said.platform == "hackernews" else page(said)


def guid(said: Said) -> str:
    """The permanent id of a feed entry: WordPress style for the blog and its comments."""
    host = said.root.author.server
    if said.kind == "comment":
        return f"https://{host}/?p={said.root.number}#comment-{said.number}"
    return f"https://{host}/?p={said.number}"


def page(said: Said) -> str:
    """The public address of a feed entry."""
    root = said.root
    base = f"https://{root.author.server}/{root.at:%Y/%m}/{root.number}/"
    return f"{base}#comment-{said.number}" if said.kind == "comment" else base
