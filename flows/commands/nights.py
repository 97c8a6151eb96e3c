"""run, schedule, status, build: the night and what it left."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Set
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import typer

from connectors import load as connector_of
from connectors import platforms
from flows.commands.held import running_is_fine
from flows.commands.output import counted, print_json, safe
from flows.commands.progress import watch
from pipeline import night as steps
from pipeline.budget import Left, Spending, limits
from pipeline.config import Config, load
from pipeline.errors import AlreadyRunning, ConfigError, LuisterError, ModelError, WarehouseError
from pipeline.night import Outcome
from pipeline.plan import MOST_CONFIRMED, asks_in_one_job
from pipeline.secret_names import SecretNames, named_secrets, of_kept
from pipeline.verbs import NOTHING_TO_ASK


def run(
    path: Path,
    *,
    is_direct: bool,
    only: tuple[str, ...],
    record: Path | None,
    replay: Path | None,
    is_quiet: bool,
    as_json: bool,
) -> None:
    """Do tonight's work and exit with its code."""
    config = load(path, platforms())
    if (record or replay) and not is_direct:
        raise ConfigError(
            "recording and replay work without Prefect", where="--record", todo="add --direct"
        )
    night = steps.open_night(config, steps.new_run_id(), only=only, record=record, replay=replay)
    with running_is_fine(), watch(is_quiet=is_quiet, usual=_usual(config)) as watcher:
        outcome = (
            steps.run(night, connector_of, watcher)
            if is_direct
            else _through_prefect(path, night, as_json=as_json)
        )
    _tell(outcome, as_json=as_json)
    raise typer.Exit(outcome.exit_code)


def _tell(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        print_json(outcome)
    else:
        tell(outcome)


def _usual(config: Config) -> dict[str, int]:
    """Posts each source gave last time, to tell how far it is; none when nobody knows."""
    from pipeline.warehouse import read_status

    try:
        told = read_status(config.data)
    except WarehouseError:  # a night is at work: the run itself says so
        return {}
    return {each["source"]: each["posts_count"] or 0 for each in told["sources"]}


def _through_prefect(path: Path, night: steps.Night, *, as_json: bool) -> Outcome:
    """The night as a flow; a server that is not there, or is gone on the way, undoes nothing."""
    prepare_prefect(night.config)
    from flows import server
    from flows.nightly import nightly

    if not server.begins():
        typer.echo("Prefect's server does not answer: the night is done without it", err=True)
        return steps.run(night, connector_of)

    def leave(outcome: Outcome) -> NoReturn:
        typer.echo("Prefect's server is gone: the night was done without it", err=True)
        _tell(outcome, as_json=as_json)
        server.leave(outcome.exit_code)

    server.if_gone.set(leave)
    try:
        named = list(night.sources) if night.insists else None
        return nightly(str(path.resolve()), night.run_id, named)
    except LuisterError as error:
        if server.is_there():
            raise
        typer.echo(f"{error.code}: {error}", err=True)
        server.leave(0 if isinstance(error, AlreadyRunning) else error.exit_code)
    except Exception:
        if server.is_there():
            raise
    return leave(steps.run(night, connector_of))


def prepare_prefect(config: Config) -> None:
    """Quiet, private and patient Prefect, unless the environment says otherwise."""
    for folder in (config.data, config.data / "prefect"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    defaults = {
        "PREFECT_HOME": str(config.data / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_LOGGING_LEVEL": "WARNING" if os.environ.get("LUISTER_DEBUG") else "CRITICAL",
        "PREFECT_CLI_PROMPT": "false",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def tell(outcome: Outcome) -> None:
    """The outcome in a few lines."""
    typer.echo(f"{outcome.run_id}: {outcome.status}")
    typer.echo(f"{counted(outcome.posts, 'post')} read, {outcome.new_posts} new")
    for failure in outcome.failures:
        typer.echo(f"  ! {safe(failure)}")
    for line in outcome.headlines:
        typer.echo(f"  {safe(line)}")
    typer.echo(f"report: {outcome.report}")


def schedule(path: Path) -> None:
    """Serve the night, and what its quiet hours held, until stopped."""
    config = load(path, platforms())
    prepare_prefect(config)
    from prefect import serve

    from flows.schedule import announced, deployments

    typer.echo(safe(announced(config)))
    serve(*deployments(config, path.resolve()), limit=1, print_starting_message=False)


def status(path: Path, *, as_json: bool) -> None:
    """Print the last run and how far each source has looked."""
    from pipeline.warehouse import read_status

    config = load(path, platforms())
    told = read_status(config.data)
    budgets = _budgets(config, told["spending"])
    if as_json:
        print_json({**told, "budgets": budgets})
        return
    jobs = {each.name for each in config.source if asks_in_one_job(each.options)}
    _print_status(told, jobs)
    for platform, found in budgets.items():
        typer.echo(f"budget of {platform}")
        _print_left(found, "  ")


def _print_left(limits: Iterable[Left], indent: str) -> None:
    for each in limits:
        typer.echo(
            f"{indent}{each.quota}: {each.left:g} left of {each.limit:g} a {each.per} "
            f"({each.spent:g} taken)"
        )


def rehearse(path: Path, *, only: tuple[str, ...], as_json: bool) -> None:
    """Print what tonight would ask of each source, and what budget there is for it."""
    from pipeline.rehearsal import rehearse as rehearsed

    config = load(path, platforms())
    night = steps.open_night(config, steps.new_run_id(), only=only)
    plans = list(rehearsed(night, connector_of))
    if as_json:
        print_json(plans)
        return
    for plan in plans:
        asked = ", ".join(plan.verbs) or "nothing"
        typer.echo(
            f"{plan.source} ({plan.platform}): {asked}, since {plan.since:%Y-%m-%d %H:%M} UTC"
        )
        conversations = counted(plan.threads, "conversation")
        posts = counted(plan.refreshes, "post")
        typer.echo(f"  {conversations} to complete, {posts} to refresh")
        for verb, begin in plan.since_by_verb.items():
            typer.echo(f"  {verb} since {begin:%Y-%m-%d %H:%M} UTC: it could not be asked before")
        for verb, names in plan.new_names.items():
            told = ", ".join(names)
            typer.echo(f"  {verb} once since {plan.first_since:%Y-%m-%d %H:%M} UTC, for {told}")
        if plan.verbs_without_access:
            typer.echo(f"  no access for: {', '.join(plan.verbs_without_access)}")
        if plan.requests_last_time is not None:
            typer.echo(
                f"  last time: {counted(plan.requests_last_time, 'request')}, "
                f"{counted(plan.reads_last_time or 0, 'post')} read"
            )
        _print_left(plan.limits, "  ")


def _budgets(config: Config, spending: Mapping[str, Spending]) -> dict[str, list[Left]]:
    """What is left of each platform that counts, or is held to a budget."""
    found = {}
    for platform in sorted({each.platform for each in config.source}):
        taken = spending.get(platform, Spending())
        of_it = limits(connector_of(platform).ACCESS, config.budget.get(platform), taken)
        if of_it:
            found[platform] = of_it
    return found


def _print_status(told: Mapping[str, Any], jobs: Set[str]) -> None:
    last = told["last_run"]
    if last is None:
        typer.echo("no night has run yet: `luister run`")
        return
    finished = _moment(last["finished_at"], "not yet")
    typer.echo(f"last run {last['run_id']}: {last['status']}, finished {finished}")
    for source in told["sources"]:
        gaps = source["open_gaps"]
        gap = f", {counted(gaps, 'open gap')}" if gaps else ""
        cut = source["cut_threads"]
        gap += f", {counted(cut, 'thread')} not read to the end" if cut else ""
        error = f" → {safe(told_of)}" if (told_of := _trouble(source)) else ""
        typer.echo(
            f"  {source['source']:<20} {source['status'] or 'never':<10} "
            f"through {_moment(source['collected_through'], 'nothing yet')}{gap}{error}"
        )
    for kept in told.get("retention", ()):
        typer.echo(
            f"  {kept['kind']:<20} kept {kept['kept_days']} days; "
            f"{kept['removed_count']} removed on {_moment(kept['enforced_at'], 'no night')}"
        )
    for late in told.get("overdue", ()):
        typer.echo(
            f"  {late['source']}: {late['overdue_count']} of {late['posts_count']} posts were not "
            f"asked for again within {counted(late['term_days'], 'day')}, which "
            f"{late['platform']} gives for deletions; {_more_asked(late, jobs)}"
        )
    for move in told["moves"]:
        typer.echo(
            f"  {move['source']}: {safe(move['moved_from'])} has moved to "
            f"{safe(move['moved_to'])}; name the new address in luister.toml"
        )


def _more_asked(late: Mapping[str, Any], jobs: Set[str]) -> str:
    """What to do about posts that could not all be asked for again in a night.

    ``jobs`` are the sources whose posts one job asks for all at once.
    """
    if late["platform"] != "x":
        return "raise refresh_per_source"
    is_set = late["source"] in jobs
    if late["posts_count"] > MOST_CONFIRMED:
        job = "the job of options.compliance" if is_set else "set options.compliance: its job"
        return (
            f"{job} asks for {MOST_CONFIRMED:,} of a source a night, and the words of the others "
            "go: divide its names over more sources"
        )
    if is_set:
        return "the job of options.compliance asks for all of them in the next night"
    return "raise refresh_per_source, or set options.compliance, whose job asks for all of them"


def _trouble(source: Mapping[str, Any]) -> str:
    """What went wrong with a source, or could not be asked of it; empty when nothing."""
    names = of_kept(source["secrets_used"], source["secrets_missing"])
    if source["error"]:
        return f"{source['error']}{named_secrets(source['error_code'], names)}"
    missing = f" ({SecretNames(missing=names.missing)})" if names.missing else ""
    if source["status"] == "unasked":
        return f"{NOTHING_TO_ASK}{missing}; see `luister check`"
    lacking = source["verbs_without_access"]
    return f"no access for {lacking}{missing}" if lacking else ""


def _moment(at: datetime | None, otherwise: str) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else otherwise


def build(path: Path, select: str | None, *, full_refresh: bool, as_json: bool) -> None:
    """Run the SQL models and print what each took."""
    from pipeline.engine.choice import build_models
    from pipeline.warehouse import DATABASE_NAME, open_warehouse

    config = load(path, platforms())
    database = config.data / DATABASE_NAME
    is_begun = False
    if database.is_file():
        # an older database is brought up to date first
        with open_warehouse(config.data) as warehouse:
            is_begun = warehouse.is_begun()
    if not is_begun:
        raise ModelError(
            "no night has begun: there is nothing to build from",
            where=str(database),
            todo="`luister run` first",
        )
    result = build_models(config, select=select, full_refresh=full_refresh)
    if as_json:
        print_json(result)
        return
    for model in result.models:
        typer.echo(f"  {model.name:<40} {model.seconds:6.2f} s")
    typer.echo(f"{len(result.models)} models, {result.tests} tests, {result.seconds:.1f} s")
