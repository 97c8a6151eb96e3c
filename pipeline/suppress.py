"""The suppress list: people who asked to be forgotten, by keyed digests of how they show.

It is checked before anything lands. A post of theirs is never written again, and in posts of others
their name, handle and address are blanked. Nobody can read from the list who is on it: its key
stands apart from it, and is not that of the pseudonyms.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.errors import PrivacyError
from pipeline.files import force, settle
from pipeline.post import Post, Rejected
from pipeline.privacy import own_key
from pipeline.written import from_capitals, low, places, plain, readings, without

LIST_NAME: Final = "suppressed.json"
KEY_NAME: Final = "suppressed.key"
GONE: Final = "…"
MOST_WORDS: Final = 5
SHORTEST_PLAIN: Final = 5
_REFERENCES: Final = (
    *("native_id", "url", "parent_id", "root_id", "quoted_id", "reposted_id"),
    *("parent_author_id", "author_name", "author_url"),
)
_LISTS: Final = ("aliases", "mentions", "tags", "links")
_WORD: Final = re.compile(r"did:[a-z]+:[\w.%-]+|\w+(?:(?:\.|-+)\w+)*(?:@\w[\w.-]*\w)?")
"""A word or handle. Two dots part words, for no handle has them."""

_JOINT: Final = re.compile(r"[.@-]")


def forms(
    *, author_ids: Iterable[str] = (), handles: Iterable[str] = (), names: Iterable[str] = ()
) -> frozenset[str]:
    """How somebody shows in texts, addresses and payloads; lower case.

    A short handle counts only behind ``@`` or ``/``: as a plain word it is anybody's. A full name
    counts from two words on, parted by spaces: with dashes it is the address of a namesake as well.
    """
    found: set[str] = set()
    for author_id in author_ids:
        found |= _shown(low(plain(author_id)))
    for handle in handles:
        whole = low(plain(handle)).lstrip("@＠")
        found |= _shown(whole) | {f"@{whole}", f"@{whole.split('@')[0]}"}
    for name in names:
        if is_full_name(name):
            found.add(" ".join(_WORD.findall(low(plain(name)))))
    return frozenset(found | {from_capitals(each) for each in found})


def is_full_name(name: str) -> bool:
    """Whether a name is looked for in running text."""
    return 1 < len(_WORD.findall(low(plain(name)))) <= MOST_WORDS and len(name) >= 8


def _shown(name: str) -> set[str]:
    """A name as it stands alone; of an address the last part, which is the person's."""
    if "://" in name:
        last = name.rstrip("/").rsplit("/", 1)[-1].lstrip("@")
        return {f"@{last}"} | ({last} if len(last) >= SHORTEST_PLAIN else set())
    words = _WORD.findall(name)
    alone = {" ".join(words)} if len(name) >= SHORTEST_PLAIN else set()
    return alone | {f"@{name}"} if len(words) <= 1 else alone


class Suppressed:
    """Who is on the list of a data folder; empty when there is none."""

    def __init__(self, key: bytes, digests: frozenset[str]) -> None:
        self._key = key
        self._digests = digests
        self._knows = lru_cache(maxsize=200_000)(self._is_listed)
        self._is_whole = lru_cache(maxsize=20_000)(self._look_up_account)

    def __bool__(self) -> bool:
        return bool(self._digests)

    def _is_listed(self, form: str) -> bool:
        return _digest(self._key, form) in self._digests

    def is_author(self, author_id: str | None, handle: str | None) -> bool:
        """Whether somebody with this id or handle is on the list."""
        whole = (handle or "").lower().lstrip("@＠")
        return bool(author_id and self._is_whole(author_id.lower())) or bool(
            whole and self._is_whole(whole)
        )

    def _look_up_account(self, account: str) -> bool:
        return self._is_listed(f"={account}") or self._is_listed(account)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where in a text somebody on the list is named, from left to right."""
        first, *rest = readings(text)
        if not rest:
            return self._spans(first)
        return iter(sorted(span for read in (first, *rest) for span in self._spans(read)))

    def _spans(self, lowered: str) -> Iterator[tuple[int, int]]:
        words = [(match.start(), match.end()) for match in _WORD.finditer(lowered)]
        past = 0
        for index, (begin, end) in enumerate(words):
            if begin < past:
                continue
            found = self._longest(lowered, words[index : index + MOST_WORDS])
            sign = lowered[begin - 1 : begin]
            if found is None and sign in {"@", "＠", "/"}:
                found = self._cut(lowered, begin, end, "@")
            if found is not None:
                past = found
                yield begin, found

    def _longest(self, text: str, words: list[tuple[int, int]]) -> int | None:
        """Where the longest name ends that begins with the first of these words."""
        for count in range(len(words), 0, -1):
            first = "".join(f"{text[begin:end]} " for begin, end in words[: count - 1])
            found = self._cut(text, *words[count - 1], first)
            if found is not None:
                return found
        return None

    def _cut(self, text: str, begin: int, end: int, before: str) -> int | None:
        """Where a name ends with this word, or with its begin where no space parts two sentences.

        ``before`` is what stands before that word in the name.
        """
        ends = [begin + match.start() for match in _JOINT.finditer(text[begin:end])]
        for finish in (end, *reversed(ends)):
            if self._knows(before + text[begin:finish]):
                return finish
        return None

    def names(self, text: str) -> bool:
        """Whether a text names somebody on the list, in whatever codes or escapes."""
        if next(self.spans(text), None) is not None:
            return True
        read = plain(text)
        return read != text and next(self.spans(read), None) is not None

    def blank(self, text: str) -> str:
        """A text with ``…`` in place of who is on the list; the rest of it as it was."""
        text = without(text, self.spans(text), GONE)
        if self.names(text):
            read, begins, ends = places(text)
            coded = [(begins[begin], ends[end - 1]) for begin, end in self.spans(read)]
            text = without(text, coded, GONE)
        while self.names(text):
            text = plain(text)
            text = without(text, self.spans(text), GONE)
        return text

    def clean(self, post: Post) -> Post | None:
        """A post as it may be kept; None when it is by somebody on the list."""
        if self.is_author(post.author_id, post.author_handle) or self.names(post.post_id):
            return None
        changes: dict[str, Any] = {}
        for name in _REFERENCES:
            value = getattr(post, name)
            if value is not None and self._refers(value):
                changes[name] = None
        for name in _LISTS:
            values = getattr(post, name)
            left = tuple(value for value in values if not self._refers(value))
            if left != values:
                changes[name] = left
        for name in ("title", "text"):
            value = getattr(post, name)
            if value and (blanked := self.blank(value)) != value:
                changes[name] = blanked
        if post.payload and (changes or self.names(post.payload)):
            changes["payload"] = ""
        return msgspec.structs.replace(post, **changes) if changes else post

    def _refers(self, value: str) -> bool:
        whole = value.lower().lstrip("@＠")
        return self._is_whole(whole) or self._knows(f"@{whole}") or self.names(value)


def read_suppressed(data: Path) -> Suppressed:
    """The list of a data folder.

    Raises:
        PrivacyError: the list is damaged, or its key is gone: nothing may land unchecked.
    """
    path = data / "keys" / LIST_NAME
    if not path.exists():
        return Suppressed(b"", frozenset())
    digests = frozenset(_listed(path))
    return Suppressed(own_key(data / "keys", KEY_NAME, may_create=False), digests)


def add(data: Path, shown: Iterable[str], whole: Iterable[str]) -> Suppressed:
    """Put somebody on the list; returns the list.

    Args:
        data: the data folder.
        shown: how they show, as ``forms`` tells.
        whole: their ids and handles, which count as an author only.
    """
    folder = data / "keys"
    path = folder / LIST_NAME
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = _listed(path) if path.exists() else []
    key = own_key(folder, KEY_NAME, may_create=not known)
    exact = (f"={each.lower().lstrip('@＠')}" for each in whole)
    digests = {_digest(key, form) for form in (*shown, *exact)} | set(known)
    temporary = path.with_suffix(".tmp")
    temporary.touch(mode=0o600)
    temporary.write_bytes(msgspec.json.encode(sorted(digests)))
    settle(temporary, path)
    return read_suppressed(data)


def carry_over(folder: Path, into: Path) -> bool:
    """Let who is on the list of one data folder be on that of another; returns whether any was.

    Raises:
        PrivacyError: both have a list, under different keys: they cannot be joined.
    """
    source, target = folder / "keys", into / "keys"
    if not (source / LIST_NAME).exists():
        return False
    known = target / LIST_NAME
    key = (source / KEY_NAME).read_bytes()
    if known.exists() and (target / KEY_NAME).read_bytes() != key:
        raise PrivacyError(
            "both hold a list of who was forgotten, under different keys",
            where=str(folder),
            todo="move the data folder away first; who is on its list must be forgotten again",
        )
    target.mkdir(exist_ok=True, mode=0o700)
    digests = set(_listed(source / LIST_NAME))
    if known.exists():
        digests |= set(_listed(known))
    for name, content in ((KEY_NAME, key), (LIST_NAME, msgspec.json.encode(sorted(digests)))):
        (target / name).touch(mode=0o600)
        (target / name).write_bytes(content)
        force(target / name)
    return True


def _listed(path: Path) -> list[str]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[str])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PrivacyError(
            f"the list of who asked to be forgotten is damaged: {error}",
            where=str(path),
            todo="put back this file of a backup; without it nothing is collected",
        ) from error


def _digest(key: bytes, form: str) -> str:
    return hmac.digest(key, form.encode("utf-8", "surrogatepass"), "sha256")[:16].hex()


def allowed(
    suppressed: Suppressed, posts: Iterable[tuple[str, Post]]
) -> Iterator[tuple[str, Post]]:
    """The posts that may land, with their verbs."""
    for verb, post in posts:
        cleaned = suppressed.clean(post)
        if cleaned is not None:
            yield verb, cleaned


def allowed_rejected(suppressed: Suppressed, rejected: list[Rejected]) -> list[Rejected]:
    """What was not understood, without the payloads that name somebody on the list."""
    return [
        msgspec.structs.replace(each, payload="") if suppressed.names(each.payload) else each
        for each in rejected
    ]
