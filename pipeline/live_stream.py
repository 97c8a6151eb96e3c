"""What live listening and its connectors hand each other: streams, frames and what was heard.

A module ``connectors.PLATFORM_live`` names the streams of a source and understands their frames; it
opens nothing itself. Places in a stream are microseconds since 1970: the platform's own where it
keeps them, else the moment we heard something, so that what was missed can be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, Protocol

import msgspec

from pipeline.post import Post, Read, Rejected
from pipeline.source import Source, Verb

if TYPE_CHECKING:
    from pipeline.http import Client

MAX_FRAME_BYTES: Final = 1_000_000
"""No post is nearly as long; a longer frame ends the connection."""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """One connection to keep open.

    ``kind`` is ``socket`` (websocket) or ``events`` (server-sent events over HTTP). The place to go
    on from is sent as the parameter ``cursor``, where the platform keeps places (``has_places``).
    ``verb`` is how its posts would have been asked for; None where everything of the network comes
    and only what concerns the source is kept: then ``accounts`` are all names of its accounts.
    ``topic`` is the connector's own.
    """

    name: str
    kind: Literal["socket", "events"]
    url: str
    has_places: bool = False
    verb: Verb | None = None
    accounts: tuple[str, ...] = ()
    topic: str = ""
    bearer: str | None = None

    def __repr__(self) -> str:
        return f"Stream({self.name!r}, {self.url!r})"


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a stream as it came; ``event`` is its kind where the stream tells one apart.

    A heartbeat is a frame without data.
    """

    data: bytes
    observed_at: datetime
    event: str = ""


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A post that was deleted, by its ``post_id`` or an alias; or all posts of an author.

    Streams tell this of everybody's posts: only what is known here is of interest.
    """

    at: datetime
    name: str | None = None
    author_id: str | None = None


Told = Post | Rejected | Gone


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What one frame says, and its place in the stream (None where it has none)."""

    place: int | None = None
    told: tuple[Told, ...] = ()


class LiveConnector(Protocol):
    """A module ``connectors.PLATFORM_live``.

    Two more functions are optional: ``missed(source, client, stream, since)``, what a stream that
    keeps no places would have told since then, asked for in the ordinary way; and
    ``complete(source, client, posts)``, the posts with what frames leave out and landing needs to
    know, such as whether their authors want to be kept.
    """

    __name__: str

    def streams(self, source: Source, client: Client) -> Sequence[Stream]:
        """The connections that together tell what the source listens to.

        Raises:
            SourceRefused: a secret is needed that is not there.
        """
        ...

    def hear(self, stream: Stream, frame: Frame) -> Heard:
        """Understand one frame; pure, and total: whatever comes, it raises nothing."""
        ...


class Missed(Protocol):
    """The optional ``missed`` of a live connector."""

    def __call__(
        self, source: Source, client: Client, stream: Stream, since: datetime
    ) -> Iterator[Read]:
        """What was not heard."""
        ...


def place_of(moment: datetime) -> int:
    """A moment as a place in a stream."""
    return int(moment.timestamp() * 1_000_000)


def moment_of(place: int) -> datetime:
    """The moment of a place in a stream."""
    return datetime.fromtimestamp(place / 1_000_000, tz=UTC)
