"""Answers that name their status in the body alone: kept in files, or sent by a careless proxy."""

from __future__ import annotations

import msgspec

from connectors.paging import decode
from pipeline.errors import LuisterError, PayloadError
from pipeline.exchange import fault_of
from pipeline.source import Reply


class _Data(msgspec.Struct):
    status: int | None = None


class _Told(msgspec.Struct):
    """Reddit writes the number as ``error``, WordPress in ``data``, GitHub as text."""

    error: int | None = None
    status: int | str | None = None
    data: _Data | None = None
    message: str = ""


def refused(reply: Reply, what: str) -> LuisterError:
    """The error for an answer that holds nothing else: of its status, else ``what``, a new form."""
    try:
        told = decode(reply.body, _Told)
    except PayloadError:
        return PayloadError(what, where="$")
    words = told.message.lower()
    if "rate limit" in words or "abuse detection" in words:
        status = 429
    else:
        given = told.status or told.error or (told.data.status if told.data else None) or 0
        status = int(given) if str(given).isdecimal() else 0
    fault = fault_of(msgspec.structs.replace(reply, status=status)) if status >= 400 else None
    return fault or PayloadError(what, where="$")
