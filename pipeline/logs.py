"""Logs without secrets, whoever writes them.

A filter on the root logger would miss loggers that keep their records to themselves, so the
redaction sits where every record is born.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any, Final

from pipeline.secrets import EVERYWHERE, Redactor

LEVELS: Final = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "stamina": logging.ERROR,
}
"""Libraries that write whole addresses, or every retry, and from which level on they may speak."""


def redact_logs(redactor: Redactor = EVERYWHERE) -> None:
    """From now on no log record of this process holds a known secret; may be called again."""
    current = logging.getLogRecordFactory()
    if not isinstance(current, _Discreet):
        logging.setLogRecordFactory(_Discreet(current, redactor))
    for name, level in LEVELS.items():
        logging.getLogger(name).setLevel(level)


class _Discreet:
    """Makes records with the former factory and blanks what should not be in them."""

    def __init__(self, inner: Callable[..., logging.LogRecord], redactor: Redactor) -> None:
        self._inner = inner
        self._redactor = redactor

    def __call__(self, *args: Any, **more: Any) -> logging.LogRecord:
        record = self._inner(*args, **more)
        try:
            said = record.getMessage()
        except (TypeError, ValueError, KeyError):
            said = f"{record.msg} {record.args!r}"
        record.msg, record.args = self._redactor.redact(said), None
        if record.exc_info and record.exc_info[0] is not None:
            raised = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
            record.exc_text = self._redactor.redact(raised)
            if record.exc_text != raised:
                record.exc_info = None
        return record
