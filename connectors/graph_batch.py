"""What the answer to a batch of Meta holds, kept in a file: answers, refusals and holes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from connectors.graph import refusal, replies_in
from connectors.paging import decode
from pipeline.errors import LuisterError, SourceGone, SourceUnavailable
from pipeline.exchange import fault_of
from pipeline.source import Reply


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
