"""The server of Prefect: whether it is there, and how a night ends without it.

Prefect knocks for minutes at a server that is gone: to tell how the flow ended, and again for each
event it still holds when the process ends. The night itself needs it for nothing: what was done is
told by the ledger in the database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextvars import Context, ContextVar
from typing import Final, NoReturn

from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL

from pipeline.night import Outcome

if_gone: Final[ContextVar[Callable[[Outcome], NoReturn] | None]] = ContextVar("if_gone")
"""What a process that does one night and no more does at its end, when the server is gone."""


def is_there() -> bool:
    """Whether it answers; where none is named, Prefect starts one of its own.

    Asked by a client of its own: that of a flow that runs would try for a minute.
    """
    return not PREFECT_API_URL.value() or Context().run(_answers)


def begins() -> bool:
    """Whether a flow can begin: the named server answers, or Prefect's own has started.

    On a machine that is very busy or short of memory its own may take longer than it is waited for.
    """
    if PREFECT_API_URL.value():
        return is_there()
    from prefect.server.api.server import SubprocessASGIServer  # seconds, and mostly not needed

    own = SubprocessASGIServer()
    try:
        own.start()
    except (OSError, RuntimeError):
        own.stop()
        return False
    return True


def _answers() -> bool:
    with get_client(sync_client=True) as client:
        return client.api_healthcheck() is None


def ended(outcome: Outcome) -> None:
    """The night is done: leave now if there is nobody to tell, and this process may."""
    leave_with = if_gone.get(None)
    if leave_with is not None and not is_there():
        leave_with(outcome)


def leave(exit_code: int) -> NoReturn:
    """End the process without waiting for what Prefect has still to tell a server that is gone."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)
