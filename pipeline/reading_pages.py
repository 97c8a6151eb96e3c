"""Understand the pages of a platform in order, on all cores where that is what takes the time.

Servers are waited for, as a rule, and then one core has nothing to do but that. Where pages come
faster than they are understood (a server near by that asks for no pace), processes beside this one
understand them.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from itertools import chain, islice
from types import ModuleType
from typing import Any, Final

import msgspec

from pipeline.errors import LuisterError
from pipeline.post import Post, Read, Rejected
from pipeline.reading import Reader, read_item
from pipeline.source import Reply

ALONE: Final = 128
"""Pages that are understood here before it is asked what takes the time."""
TOGETHER: Final = 16
"""Pages that are sent to another process at once, fewer where they are large."""
LARGE: Final = 4_000_000
"""Bytes of such pages after which no more are added."""
LONG: Final = 1.0
"""Seconds of waiting after which no more are added: whoever reads looks at the clock in between."""
_one_at_a_time: Final = threading.Lock()
"""All sources of a night share the cores: processes for one of them use them all."""


def understand(connector: Reader | Any, replies: Iterable[Reply]) -> Iterator[Read]:
    """Posts of the replies in order; an item that is not understood comes as ``Rejected``.

    A reply that cannot be cut at all raises: that is a changed platform, not one odd item. What
    stood before it was given by then. Where replies come quickly some are taken ahead.
    """
    pages = _Pages(replies)
    while not pages.ended:
        pages.watch()
        for page in islice(pages, ALONE):
            yield from pages.timed(_understood(connector, page))
        if not pages.ended and pages.come_quickly and _one_at_a_time.acquire(blocking=False):
            try:
                yield from _understood_beside(connector, pages)
            finally:
                _one_at_a_time.release()


@contextmanager
def closed_behind(reads: Iterable[object]) -> Iterator[None]:
    """Let go of what the reads hold (pages, processes), also where they are not read to their end.

    The error that ends them keeps all it passed through, and them with it.
    """
    try:
        yield
    finally:
        if isinstance(reads, Generator):
            reads.close()


class _Pages(Iterator[Reply]):
    """Pages, for how long they are waited for, and how long it takes to understand them."""

    def __init__(self, replies: Iterable[Reply]) -> None:
        self._replies = iter(replies)
        self.ended = False
        self.wait = 0.0
        self.watch()

    def watch(self) -> None:
        """Look at the clock from now on."""
        self._waited = self._worked = 0.0

    def timed(self, reads: Iterator[Read]) -> Iterator[Read]:
        """What is understood of a page; what is done with it meanwhile does not count."""
        while True:
            begun = time.perf_counter()
            try:
                read = next(reads)
            except StopIteration:
                return
            finally:
                self._worked += time.perf_counter() - begun
            yield read

    @property
    def come_quickly(self) -> bool:
        """Whether waiting for them took less time than understanding them."""
        return self._waited < self._worked

    def __next__(self) -> Reply:
        begun = time.perf_counter()
        try:
            return next(self._replies)
        except BaseException:
            self.ended = True
            raise
        finally:
            self.wait = time.perf_counter() - begun
            self._waited += self.wait


class _Told(msgspec.Struct, array_like=True, gc=False):
    """What was understood elsewhere; the places are those of the rejected among all."""

    posts: list[Post]
    rejected: list[Rejected]
    places: list[int]


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(_Told)


def _understood(connector: Reader | Any, reply: Reply) -> Iterator[Read]:
    for item in connector.read(reply):
        read = read_item(connector, item)
        if read is not None:
            yield read


def _understood_beside(connector: Reader | Any, pages: _Pages) -> Iterator[Read]:
    """The same of the pages that are left, as long as none of them is long in coming.

    Of none where nothing can be sent elsewhere.
    """
    from pipeline.processes import cores, each_with

    sent = _sendable(connector)
    if sent is None or cores() == 1:
        return
    portions = _Portions(pages)
    for portion, told in each_with(partial(_tell, sent), portions, alone=0, here=_not_here):
        reads = None if told is None else _reads(told)
        yield from _each_understood(connector, portion) if reads is None else reads
    if portions.failure is not None:
        raise portions.failure


class _Portions(Iterator[list[Reply]]):
    """Some pages at a time, until one is long in coming: none is waited for with others in hand.

    What ended them is kept until what came before it was understood.
    """

    def __init__(self, pages: _Pages) -> None:
        self._pages = pages
        self._is_over = False
        self.failure: Exception | None = None

    def __next__(self) -> list[Reply]:
        portion: list[Reply] = []
        try:
            size, waited = 0, 0.0
            for page in islice(self._pages, 0 if self._is_over else TOGETHER):
                portion.append(page)
                size += len(page.body)
                waited += self._pages.wait
                self._is_over = self._pages.wait > LONG
                if size > LARGE or waited > LONG:
                    break
        except Exception as error:  # noqa: BLE001 - raised once what came before it was understood
            self.failure = error
            self._is_over = True
        if not portion:
            raise StopIteration
        return portion


def _each_understood(connector: Reader | Any, portion: Iterable[Reply]) -> Iterator[Read]:
    return chain.from_iterable(_understood(connector, page) for page in portion)


def _sendable(connector: Reader | Any) -> Any:
    """The connector in a form that another process can be given, None where there is none."""
    if isinstance(connector, ModuleType):
        return connector.__name__
    try:
        pickle.dumps(connector)
    except (pickle.PicklingError, TypeError, AttributeError):
        return None
    return connector


def _tell(sent: Any, portion: Sequence[Reply]) -> bytes | None:
    """What is understood of some pages, written down; None where that is for the caller to find."""
    connector = import_module(sent) if isinstance(sent, str) else sent
    told = _Told(posts=[], rejected=[], places=[])
    try:
        for place, read in enumerate(_each_understood(connector, portion)):
            if isinstance(read, Post):
                told.posts.append(read)
            elif isinstance(read, Rejected):
                told.rejected.append(read)
                told.places.append(place)
        return _encoder.encode(told)
    except (LuisterError, UnicodeEncodeError, OverflowError, TypeError):
        return None


def _not_here(_: Sequence[Reply]) -> bytes | None:
    """Nothing is written down for oneself: the pages are understood when their turn comes."""
    return None


def _reads(written: bytes) -> Iterable[Read] | None:
    """What was told elsewhere, in order; None where it does not come back as it was."""
    try:
        told = _decoder.decode(written)
    except msgspec.DecodeError:
        return None
    if not told.rejected:
        return told.posts
    reads: list[Read] = list(told.posts)
    for place, rejected in zip(told.places, told.rejected, strict=True):
        reads.insert(place, rejected)
    return reads
