"""How plans and posts go from hand to hand: on this machine's disk, or by way of a store.

With ``landing`` in luister.toml collectors may run anywhere: the plan of a source waits for them in
the store, and what they read comes back through it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from pipeline.collect import Known, failed
from pipeline.config import Config
from pipeline.errors import LuisterError
from pipeline.landing import Collected, Landing
from pipeline.lock import in_turn
from pipeline.pace import Pace
from pipeline.plan import read_plan, remove_plans, write_plan
from pipeline.source import Source
from pipeline.store import Store


def leave_plan(config: Config, run_id: str, source: str, known: Known) -> None:
    """Write the plan of one source for whoever collects it."""
    if config.landing is None:
        write_plan(config.data / "plans", run_id, source, known)
    else:
        Store(config.landing).write_plan(run_id, source, known)


def find_plan(config: Config, run_id: str, source: str) -> Known:
    """The plan of one source.

    Raises:
        LandingError: there is none: the night was not prepared, or has ended.
    """
    if config.landing is None:
        return read_plan(config.data / "plans", run_id, source)
    return Store(config.landing).read_plan(run_id, source)


@contextmanager
def shared_pace(config: Config, platform: str, pace: Pace) -> Iterator[None]:
    """Ask a platform's hosts as one who knows what other machines asked them before.

    Only one asks at a time, whoever holds the platform's turn: what it asked is left for the next.

    Raises:
        LandingError: the store does not answer.
    """
    if config.landing is None:
        yield
        return
    store = Store(config.landing)
    pace.recall(store.read_pace(platform), time.time())
    try:
        yield
    finally:
        store.write_pace(platform, pace.tell(time.time()))


def drop_plans(config: Config) -> None:
    """Throw away the plans of this and any earlier, broken-off night."""
    remove_plans(config.data / "plans")
    if config.landing is not None:
        Store(config.landing).remove_plans()


def hand_in(config: Config, collected: Collected) -> None:
    """Land what one source gave: here, or with whoever loads.

    Raises:
        LandingError: it cannot be written, or the store does not take it: then it waits in the
            outbox of this machine for the next run.
    """
    if config.landing is None:
        Landing(config.data / "landing").write(collected)
        return
    outbox = Landing(config.data / "outbox")
    # a machine that collects several sources at once has one outbox, and whoever ships sends all
    with in_turn(outbox.folder):
        outbox.write(collected)
        Store(config.landing).ship(outbox)


def hand_in_failure(
    config: Config, source: Source, error: LuisterError, run_id: str, now: datetime
) -> None:
    """Land that a source gave nothing, because whoever was to collect it is lost.

    Raises:
        LandingError: as above.
    """
    known = find_plan(config, run_id, source.name)
    hand_in(config, failed(source, error, known, run_id=run_id, now=now))


def take_home(config: Config) -> None:
    """Land here what collectors elsewhere handed in, without those who asked to be forgotten.

    Raises:
        LandingError: the store does not answer.
        PrivacyError: who asked cannot be told, because the key is gone.
    """
    if config.landing is None:
        return
    from pipeline.forget import clean_landing

    if Store(config.landing).take_home(Landing(config.data / "landing")):
        clean_landing(config.data)
