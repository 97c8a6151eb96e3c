"""What Meta answers to many questions at once: answers, refusals and holes, or things by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from connectors.graph import refusal, replies_in
from connectors.paging import decode
from pipeline.errors import LuisterError, PayloadError, SourceGone, SourceUnavailable
from pipeline.exchange import fault_of
from pipeline.source import Reply


class _Known(msgspec.Struct):
    id: str | int


def answered(reply: Reply) -> Iterator[Reply]:
    """The answers to a batch that hold something; what is gone holds nothing.

    An answer may be left out on request, or because the platform ran out of time.

    Raises:
        LuisterError: when those were read, what the first other one refuses.
        SourceUnavailable: all were left out.
    """
    parts = replies_in(reply)
    faults: list[LuisterError] = []
    for part in parts:
        fault = refusal(part) or fault_of(part)
        if fault is None and part.body:
            yield part
        elif fault is not None and not isinstance(fault, SourceGone):
            faults.append(fault)
    if not parts and decode(reply.body, list[msgspec.Raw]):
        faults.append(SourceUnavailable("nothing of a batch was answered", where=reply.url))
    if faults:
        raise faults[0]


def by_name(answer: Mapping[str, msgspec.Raw]) -> Iterator[tuple[bytes, str]]:
    """Each thing in an answer to several ids, and where it stands.

    Raises:
        PayloadError: it is no such answer.
    """
    if not answer:
        raise PayloadError("neither posts nor a list of them", where="$")
    for name, thing in answer.items():
        decode(bytes(thing), _Known, where=f"$.{name}")
        yield bytes(thing), f"$.{name}"
