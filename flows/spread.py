"""A night whose sources are collected by any number of Prefect workers, on any number of machines.

Each source is a run of its own on a work pool. How much of a platform a source may take stands in
its plan, a share of what is left for all of them; and while one source asks a platform, no other
does, on whatever machine: each platform has a global concurrency limit of one. Who asks next knows
what the others asked, so that a pace of so many requests a minute holds over all of them. A limit
that is missing stops the run: quota is never spent by accident.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.concurrency.sync import concurrency
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound

from connectors import load as connector_of
from connectors import platforms
from flows.nightly import in_order
from pipeline import night as steps
from pipeline.config import load as load_config
from pipeline.errors import ConfigError, SourceUnavailable
from pipeline.handover import hand_in_failure, shared_pace
from pipeline.pace import Pace

DEPLOYMENT: Final = "collect-source/luister-collect"
SLACK_SECONDS: Final = 900
"""For workers that start late, beside the time sources may take."""


def limit_of(platform: str) -> str:
    """The name of a platform's global concurrency limit."""
    return f"luister-{platform}"


def set_limits(found: Iterable[str]) -> None:
    """One source at a time for each platform; somebody's own, wider limit is left as it is."""
    with get_client(sync_client=True) as client:
        known = {limit.name for limit in client.read_global_concurrency_limits(limit=200, offset=0)}
        for platform in sorted(set(found)):
            if limit_of(platform) not in known:
                client.upsert_global_concurrency_limit_by_name(limit_of(platform), 1)


@flow(name="collect-source", persist_result=False, validate_parameters=False)
def collect_source(config_path: str, run_id: str, source: str) -> str:
    """Collect one source on this worker, while nobody else asks its platform."""
    path = Path(os.environ.get("LUISTER_CONFIG", config_path))
    night = steps.open_night(load_config(path, platforms()), run_id)
    platform, pace = night.sources[source].platform, Pace()
    with (
        concurrency(limit_of(platform), occupy=1, strict=True),
        shared_pace(night.config, platform, pace),
    ):
        return steps.collect(night, source, connector_of, pace, steps.Silent()).status


@flow(name="nightly-spread", persist_result=False, validate_parameters=False)
def nightly_spread(
    config_path: str = "luister.toml",
    run_id: str | None = None,
    only: list[str] | None = None,
    deployment: str = DEPLOYMENT,
) -> steps.Outcome:
    """One whole night; its sources are collected by the workers of the deployment.

    Raises:
        ConfigError: there is no store through which workers could hand in what they read.
    """
    run = run_id or steps.new_run_id()
    here = str(Path(config_path).resolve())
    night = steps.open_night(load_config(Path(here), platforms()), run)
    if night.config.landing is None:
        raise ConfigError(
            "workers elsewhere have nowhere to hand in what they read",
            where=here,
            todo='name an object store: landing = "s3://bucket/luister"',
        )

    return in_order(here, run, only or [], lambda names: hand_out(night, here, names, deployment))


def hand_out(
    night: steps.Night, config_path: str, names: list[str], deployment: str = DEPLOYMENT
) -> None:
    """Have sources that were planned collected by workers, and wait until all have ended.

    Raises:
        ConfigError: there are no such workers.
        LandingError: the store does not answer.
    """
    set_limits(night.sources[name].platform for name in names)
    started = {name: _start(deployment, config_path, night.run_id, name) for name in names}
    for name in _not_completed(started, _patience(night, names)):
        lost = SourceUnavailable("its worker ended without handing in anything", where=name)
        hand_in_failure(night.config, night.sources[name], lost, night.run_id, night.now)


def _start(deployment: str, config_path: str, run_id: str, source: str) -> UUID:
    """Have a worker begin; a second start of the same source in the same run is the first.

    Raises:
        ConfigError: the deployment is not there.
    """
    try:
        begun: Any = run_deployment(
            deployment,
            parameters={"config_path": config_path, "run_id": run_id, "source": source},
            flow_run_name=f"collect {source}",
            timeout=0,
            idempotency_key=f"{run_id} {source}",
            as_subflow=False,
        )
    except ObjectNotFound as error:
        raise ConfigError(
            "Prefect knows nobody who collects",
            where=deployment,
            todo="run `prefect deploy --name luister-collect`",
        ) from error
    # outside an event loop it is the run itself
    return UUID(str(begun.id))


def _patience(night: steps.Night, names: list[str]) -> float:
    """Seconds in which all may end: sources of one platform go one after the other."""
    each = night.config.collection.source_deadline_seconds
    together: dict[str, int] = {}
    for name in names:
        platform = night.sources[name].platform
        together[platform] = together.get(platform, 0) + 1
    return math.ceil(each * max(together.values(), default=0)) + SLACK_SECONDS


def _not_completed(started: dict[str, UUID], seconds: float) -> list[str]:
    """Wait until all have ended; returns the sources whose run did not complete in time."""
    waiting, lost = dict(started), []
    until = time.monotonic() + seconds
    with get_client(sync_client=True) as client:
        while waiting and time.monotonic() < until:
            for name, run in list(waiting.items()):
                state = client.read_flow_run(run).state
                if state is not None and state.is_final():
                    del waiting[name]
                    lost += [] if state.is_completed() else [name]
            if waiting:
                time.sleep(2.0)
    return sorted([*lost, *waiting])
