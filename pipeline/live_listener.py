"""One source, live: what its lines tell is judged, held for a minute at most, and landed.

It lands under a name of its own, ``SOURCE-live``, with status ``partial`` and over no stretch of
time: to have heard something proves of no stretch that it was heard as a whole. So the load takes
the posts and moves no progress, opens no gap and closes none; the night looks at everything again.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from pipeline.errors import ConfigError, LuisterError, SourceUnavailable
from pipeline.http import Usage
from pipeline.landing import Collected, Landing, Withdrawn
from pipeline.live_budget import noted, used_since
from pipeline.live_line import Cut, Ended, Line, LiveSettings, Message, News, Opened
from pipeline.live_memory import Names, Places, Recent, tombstone
from pipeline.live_stream import Gone, LiveConnector, Stream, moment_of, place_of
from pipeline.live_watch import Watch
from pipeline.manifest import LIVE
from pipeline.night import new_run_id
from pipeline.post import Post, Rejected
from pipeline.privacy import blind_name, keepable
from pipeline.secrets import EVERYWHERE
from pipeline.session import HttpSettings
from pipeline.source import Source, Verb

if TYPE_CHECKING:
    from pipeline.http import Client

MOST_NEWS: Final = 100
MOST_REJECTED: Final = 100
KEPT_OF_REJECTED: Final = 10_000
NAMES_SECONDS: Final = 3_600.0
_log = logging.getLogger(__name__)


class LiveWatcher(Protocol):
    """Who wants to see it go by."""

    def opened(self, source: str, stream: str) -> None:
        """A line is open."""
        ...

    def cut(self, source: str, stream: str, why: str, pause: float) -> None:
        """A line was cut, or a landing must wait; it is tried again after a pause."""
        ...

    def landed(self, source: str, posts: int) -> None:
        """So many posts are on disk."""
        ...


class Listener:
    """Listens for one source until ``stop``.

    Args:
        source: what is listened to.
        connector: the live module of its platform.
        client: asks what streams do not tell; used by this thread alone.
        landing: where posts land.
        places: how far was heard and landed before.
        settings: how often, how far back, how patiently.
        http: times and sizes for the lines.
        honour_opt_out: whether people who opted out are left out.
        stop: set when it is time to land and leave.
        watcher: sees it go by.
    """

    def __init__(
        self,
        source: Source,
        connector: LiveConnector,
        client: Client,
        *,
        landing: Landing,
        places: Places,
        settings: LiveSettings,
        http: HttpSettings,
        honour_opt_out: bool,
        stop: threading.Event,
        watcher: LiveWatcher,
    ) -> None:
        self._source = source
        self._connector = connector
        self._client = client
        self._landing = landing
        self._places = places
        self._settings = settings
        self._http = http
        self._honour = honour_opt_out
        self._stop = stop
        self._watcher = watcher
        self._news: queue.Queue[News] = queue.Queue(MOST_NEWS)
        self._at: dict[str, int] = {}
        self._watches: dict[str, Watch] = {}
        self._recent = Recent()
        self._names = Names(source.platform)
        self._basket: dict[str, tuple[Verb, Post]] = {}
        self._fresh: set[str] = set()
        self._rejected: list[Rejected] = []
        self._left_out = 0
        self._held_bytes = 0
        self._is_stuck = False
        self._told_usage = Usage()
        self.landed_posts = 0

    def run(self) -> None:
        """Listen until told to stop, landing every so often and once more at the end.

        Raises:
            LuisterError: none of its streams can be listened to.
        """
        self._at = self._places.read()
        self._names.look(self._landing.folder)
        streams = self._streams()
        if not streams and not self._stop.is_set():
            raise ConfigError("there is nothing to listen to: no tags, and no inbox")
        self._begin(streams)
        for stream in streams:
            self._watches[stream.name] = Watch(self._source, stream.accounts)
            self._line(stream).start()
        try:
            self._listen({stream.name for stream in streams})
        finally:
            while not self._news.empty():
                self._heed(self._news.get_nowait())
            self._land()

    def _begin(self, streams: Sequence[Stream]) -> None:
        """A stream that was never heard begins now, whatever happens before its first landing."""
        for stream in streams:
            if stream.has_places:
                self._at.setdefault(stream.name, place_of(datetime.now(UTC)))
        self._places.write(self._at)

    def _line(self, stream: Stream) -> Line:
        return Line(
            stream,
            self._connector,
            self._news,
            self._settings,
            self._http,
            place=self._at.get(stream.name),
            allow_private=self._source.allow_private,
            stop=self._stop,
        )

    def _streams(self) -> Sequence[Stream]:
        """What to listen to; a server that does not answer now is asked again."""
        pause = self._settings.first_pause_seconds
        while not self._stop.is_set():
            try:
                return self._connector.streams(self._source, self._client)
            except SourceUnavailable as error:
                self._watcher.cut(self._source.name, "streams", _told(error), pause)
                self._stop.wait(pause)
                pause = min(2 * pause, self._settings.longest_pause_seconds)
        return ()

    def _listen(self, open_lines: set[str]) -> None:
        land_at = time.monotonic() + self._settings.every_seconds
        look_at = time.monotonic() + NAMES_SECONDS
        while not self._stop.is_set() and open_lines:
            news = self._next(land_at)
            if isinstance(news, Ended):
                open_lines.discard(news.stream.name)
                if not open_lines:
                    raise news.error
                why = _told(news.error)
                self._watcher.cut(self._source.name, news.stream.name, why, float("inf"))
            elif news is not None:
                self._heed(news)
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + NAMES_SECONDS
                self._names.look(self._landing.folder)
            if time.monotonic() >= land_at or (self._is_full and not self._is_stuck):
                self._land()
                land_at = time.monotonic() + self._settings.every_seconds

    def _next(self, land_at: float) -> News | None:
        """The next news, or None when there is none; none is taken while too many posts wait."""
        wait = min(max(land_at - time.monotonic(), 0.0), 0.5)
        if self._is_full:
            self._stop.wait(wait)
            return None
        try:
            return self._news.get(timeout=wait) if wait else self._news.get_nowait()
        except queue.Empty:
            return None

    @property
    def _is_full(self) -> bool:
        most = self._settings
        return len(self._basket) >= most.most_posts or self._held_bytes >= most.most_bytes

    def _heed(self, news: News) -> None:
        if isinstance(news, Message):
            for told in news.heard.told:
                self._take(news.stream, told)
            if news.heard.place is not None:
                name = news.stream.name
                self._at[name] = max(news.heard.place, self._at.get(name, 0))
        elif isinstance(news, Opened):
            self._watcher.opened(self._source.name, news.stream.name)
            if news.place is not None and not news.stream.has_places:
                self._catch_up(news.stream, moment_of(news.place))
        elif isinstance(news, Cut):
            name = self._source.name
            self._watcher.cut(name, news.stream.name, _told(news.error), news.pause)

    def _catch_up(self, stream: Stream, heard_until: datetime) -> None:
        """Ask in the ordinary way for what a stream without places told while it was cut."""
        missed = getattr(self._connector, "missed", None)
        if missed is None or self._stop.is_set():
            return
        settings = self._settings
        since = max(
            heard_until - timedelta(seconds=settings.overlap_seconds),
            datetime.now(UTC) - timedelta(seconds=settings.catch_up_seconds),
        )
        try:
            for each in missed(self._source, self._client, stream, since):
                if isinstance(each, Post | Rejected):
                    self._take(stream, each)
        except LuisterError as error:
            self._watcher.cut(self._source.name, stream.name, _told(error), 0.0)

    def _take(self, stream: Stream, told: Post | Rejected | Gone) -> None:
        if isinstance(told, Gone):
            for post_id in self._names.of(told):
                self._remove(post_id, told)
        elif isinstance(told, Rejected):
            self._set_apart(stream, told)
        else:
            verb = self._verb(stream, told)
            if verb is not None and not self._recent.is_repeat(told):
                self._hold(verb, told)

    def _verb(self, stream: Stream, post: Post) -> Verb | None:
        """How a post was asked for; one that is known stays of interest whatever it says now."""
        verb = stream.verb or self._watches[stream.name].verb_of(post)
        return verb or ("refresh" if post.post_id in self._names else None)

    def _hold(self, verb: Verb, post: Post) -> None:
        if post.post_id not in self._names:
            self._fresh.add(post.post_id)
        self._names.add(post.post_id, post.aliases)
        self._held_bytes += len(post.payload)
        held = self._basket.get(post.post_id)
        if held is None:
            self._basket[post.post_id] = (verb, post)
        elif post.observed_at >= held[1].observed_at:
            self._basket[post.post_id] = ("inbox" if verb == "inbox" else held[0], post)

    def _remove(self, post_id: str, gone: Gone) -> None:
        """Of a post that was never landed nothing is left; of others their tombstone lands."""
        if post_id in self._fresh:
            self._fresh.discard(post_id)
            _, post = self._basket.pop(post_id)
            self._names.forget(post)
            return
        left = tombstone(self._source.platform, post_id, gone)
        if not self._recent.is_repeat(left):
            self._basket[post_id] = ("refresh", left)

    def _set_apart(self, stream: Stream, rejected: Rejected) -> None:
        """What was not understood; of a whole network no words that have none of our names in them.

        That the network's own frames were not understood is told all the same.
        """
        watch = self._watches[stream.name]
        if stream.verb is None and not watch.may_concern(rejected.payload):
            if rejected.path.startswith("$."):
                return
            rejected = msgspec.structs.replace(rejected, payload="")
        if len(self._rejected) < MOST_REJECTED:
            payload = rejected.payload[:KEPT_OF_REJECTED]
            self._rejected.append(msgspec.structs.replace(rejected, payload=payload))
        else:
            self._left_out += 1

    def _land(self) -> None:
        """Put on disk what is held, and only then how far was heard; else all is held on to."""
        try:
            posts, withdrawn = self._judged()
            if posts or withdrawn or self._rejected:
                self._landing.write(self._collected(posts, withdrawn))
                self._told_usage = noted(self._client.usage)
            self._places.write(self._at)
        except LuisterError as error:
            why, pause = _told(error), self._settings.every_seconds
            self._watcher.cut(self._source.name, "landing", why, pause)
            self._is_stuck = True
            return
        self._is_stuck = False
        if self._left_out:
            _log.warning("%s: %d more were not understood", self._source.name, self._left_out)
        self.landed_posts += len(posts)
        if posts:
            self._watcher.landed(self._source.name, len(posts))
        self._basket.clear()
        self._held_bytes = 0
        self._fresh.clear()
        self._rejected.clear()
        self._left_out = 0

    def _judged(self) -> tuple[list[tuple[str, Post]], list[Withdrawn]]:
        """What may be kept, complete, and the blind names of what may not."""
        held = list(self._basket.values())
        speaking = [post for _, post in held if post.deleted_at is None]
        complete: Callable[..., Any] = getattr(self._connector, "complete", _as_they_are)
        found = complete(self._source, self._client, speaking) if speaking else []
        whole = {post.post_id: post for post in found}
        kept: list[tuple[str, Post]] = []
        withdrawn: list[Withdrawn] = []
        for verb, post in held:
            judged = whole.get(post.post_id, post)
            if keepable(judged, honour_opt_out=self._honour):
                kept.append((verb, judged))
            else:
                name = blind_name(post.platform, post.post_id)
                withdrawn.append(Withdrawn(name=name, observed_at=post.observed_at))
                self._names.forget(post)
        return kept, withdrawn

    def _collected(self, posts: list[tuple[str, Post]], withdrawn: list[Withdrawn]) -> Collected:
        now = datetime.now(UTC)
        return Collected(
            run_id=new_run_id(now),
            source=f"{self._source.name}{LIVE}",
            platform=self._source.platform,
            asked_from=now,
            asked_through=now,
            status="partial",
            posts=posts,
            rejected=self._rejected,
            withdrawn=withdrawn,
            usage=used_since(self._told_usage, self._client.usage),
        )


def _as_they_are(source: Source, client: Client, posts: Sequence[Post]) -> Sequence[Post]:
    del source, client
    return posts


def _told(error: Exception) -> str:
    return EVERYWHERE.redact(str(error))
