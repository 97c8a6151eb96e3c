"""The command line: for when it happens by hand. Imports are lazy, so that `--help` is instant."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from flows import (  # noqa: F401 - their commands register on the app
    cli_alert,
    cli_backup,
    cli_explore,
    cli_health,
    cli_inbox,
    cli_privacy,
    cli_report,
    cli_sample,
)
from flows.options import DEFAULT, AsJson, ConfigFile, app
from pipeline.errors import LuisterError

INTERRUPTED = 130
"""The exit code after Ctrl-C."""


@app.callback()
def options(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where in the code an error arose.")
    ] = False,
) -> None:
    """Options for every command."""
    if debug:
        os.environ["LUISTER_DEBUG"] = "1"


@app.command()
def init(
    name: Annotated[str, typer.Argument(help="Your company's name.")],
    config: ConfigFile = DEFAULT,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
    json: AsJson = False,
) -> None:
    """Write a commented luister.toml to start from.

    Example: luister init "Zonneveld Energie"
    """
    from flows.commands import setup

    setup.init(name, config, force=force, as_json=json)


@app.command()
def check(
    config: ConfigFile = DEFAULT,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no source.")] = False,
    json: AsJson = False,
) -> None:
    """Say what is in order, and how to mend what is not.

    Example: luister check --offline
    """
    from flows.commands import setup

    setup.check(config, is_online=not offline, as_json=json)


@app.command()
def connectors(json: AsJson = False) -> None:
    """List the platforms Luister reads, and what each needs.

    Example: luister connectors
    """
    from flows.commands import setup

    setup.connectors(as_json=json)


@app.command()
def run(
    config: ConfigFile = DEFAULT,
    direct: Annotated[
        bool, typer.Option("--direct", help="Without Prefect: for cron, containers and tests.")
    ] = False,
    source: Annotated[
        list[str] | None, typer.Option("--source", "-s", help="Only this source; may be repeated.")
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Keep every answer in this folder.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option("--replay", help="Answer from this folder, not the network.")
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Ask nobody: say what would be asked, and the budget."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")] = False,
    json: AsJson = False,
) -> None:
    """Do tonight's work, from collecting to the report.

    It collects, loads, understands, builds, publishes, reports and alerts. Run it twice and the
    second time changes nothing.

    Example: luister run --direct
    """
    from flows.commands import nights

    if dry_run:
        nights.rehearse(config, only=tuple(source or ()), as_json=json)
        return
    nights.run(
        config,
        is_direct=direct,
        only=tuple(source or ()),
        record=record,
        replay=replay,
        is_quiet=quiet or json,
        as_json=json,
    )


@app.command()
def listen(
    config: ConfigFile = DEFAULT,
    direct: Annotated[
        bool, typer.Option("--direct", help="Without Prefect: for services and containers.")
    ] = False,
    source: Annotated[
        list[str] | None, typer.Option("--source", "-s", help="Only this source; may be repeated.")
    ] = None,
    every: Annotated[float, typer.Option("--every", help="Seconds between landing files.")] = 60.0,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", min=0, help="Stop after so long; default: when told to."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing meanwhile.")] = False,
    json: AsJson = False,
) -> None:
    """Listen live where the platform allows: Bluesky and Mastodon.

    Stop it with Ctrl-C: what was heard is kept, and the next night loads it.

    Example: luister listen --direct
    """
    from flows.commands import listening

    listening.listen(
        config,
        is_direct=direct,
        only=tuple(source or ()),
        every=every,
        seconds=seconds,
        is_quiet=quiet or json,
        as_json=json,
    )


@app.command()
def schedule(config: ConfigFile = DEFAULT) -> None:
    """Do the night's work every night, until stopped.

    Serves the nightly deployment of Prefect: at 04:15 in the organisation's time zone.

    Example: luister schedule --config luister.toml
    """
    from flows.commands import nights

    nights.schedule(config)


@app.command()
def status(config: ConfigFile = DEFAULT, json: AsJson = False) -> None:
    """Show the last run, and how far each source has looked.

    What went wrong with a source stands there in full, with what to do.

    Example: luister status --json
    """
    from flows.commands import nights

    nights.status(config, as_json=json)


@app.command()
def build(
    config: ConfigFile = DEFAULT,
    select: Annotated[str | None, typer.Option("--select", help="Only these models.")] = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Rebuild all.")] = False,
    json: AsJson = False,
) -> None:
    """Run the SQL models and their tests over what is loaded.

    Example: luister build --select scorecard
    """
    from flows.commands import nights

    nights.build(config, select, full_refresh=full_refresh, as_json=json)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One SQL statement over the published file.")],
    config: ConfigFile = DEFAULT,
    form: Annotated[str, typer.Option("--format", "-f", help="table, csv or json.")] = "table",
    json: AsJson = False,
) -> None:
    """Ask the published file a question.

    Example: luister sql "select measure, value from marts.scorecard limit 5"
    """
    from flows.commands import reading

    reading.sql(query, config, "json" if json else form)


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, NDJSON or Parquet file of posts.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", "-m", help="field=column; may be repeated."),
    ] = None,
    platform: Annotated[
        str | None, typer.Option("--platform", help="Platform the posts come from.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Name of this source.")] = None,
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """Read a table of posts as one more source.

    The next run counts them.

    Example: luister import tweets.csv --platform x --map post_id=tweet_id --map text=text
    """
    from flows.commands import reading

    reading.import_table(file, tuple(mapping or ()), platform, name, config, as_json=json)


@app.command()
def inspect(
    platform: Annotated[str, typer.Argument(help="Which connector reads it.")],
    files: Annotated[list[Path], typer.Argument(help="Payload files; - is standard input.")],
    verb: Annotated[
        str | None, typer.Option("--verb", help="Which verb's reply it is, if that matters.")
    ] = None,
) -> None:
    """Read recorded payloads, one JSON object a post.

    What is not understood goes to standard error.

    Example: luister inspect mastodon reply.json
    """
    from flows.commands import reading

    reading.inspect(platform, files, verb)


@app.command()
def evaluate(
    task: Annotated[str, typer.Argument(help="sentiment, language, question, complaint, …")],
    file: Annotated[Path, typer.Argument(help="CSV with the columns text and label.")],
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """Measure how well texts are read, on a labelled file.

    Where a model was learnt (`luister learn`), the model reads.

    Example: luister evaluate sentiment labelled.csv
    """
    from flows.commands import evaluating

    evaluating.evaluate(task, file, config, as_json=json)


@app.command()
def label(
    task: Annotated[str, typer.Argument(help="sentiment, complaint, purpose, relevance …")],
    count: Annotated[
        int, typer.Option("--count", "-n", min=1, help="How many posts to show.")
    ] = 20,
    labels: Annotated[
        str | None, typer.Option("--labels", help="Labels of a task of your own: yes,no.")
    ] = None,
    config: ConfigFile = DEFAULT,
) -> None:
    """Label the posts where a label helps most.

    Example: luister label complaint --count 50
    """
    from flows.commands import learning

    own = tuple(each.strip() for each in (labels or "").split(",") if each.strip())
    learning.label(task, count, own, config)


@app.command()
def learn(
    task: Annotated[str, typer.Argument(help="What to learn, as in luister label.")],
    file: Annotated[
        Path | None, typer.Option("--from", help="CSV file with columns text and label.")
    ] = None,
    test: Annotated[
        Path | None, typer.Option("--test", help="Only try the model in use on this CSV file.")
    ] = None,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the version before, or to the rules.")
    ] = False,
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """Train a small model on labels.

    It takes over only where it reads better than the rules.

    Example: luister learn complaint --from labelled.csv
    """
    from flows.commands import learning

    if test:
        learning.test(task, test, config, as_json=json)
        return
    learning.learn(task, file, config, is_rollback=rollback, as_json=json)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where to keep it.")] = Path("demo"),
    seed: Annotated[int, typer.Option("--seed", help="Which simulated world.")] = 2011,
    direct: Annotated[bool, typer.Option("--direct", help="Without Prefect.")] = False,
    json: AsJson = False,
) -> None:
    """Play nights of a simulated company, and show its report.

    Example: luister demo --direct
    """
    from flows.commands import demonstration

    demonstration.demo(folder, seed, is_direct=direct, as_json=json)


@app.command()
def version(json: AsJson = False) -> None:
    """Print the version.

    Example: luister version
    """
    from importlib.metadata import version as version_of

    if json:
        from flows.commands.output import print_json

        print_json({"version": version_of("luister")})
        return
    typer.echo(version_of("luister"))


def _leave_at_once() -> None:
    """Wait for no source that is still being asked: what has landed is whole without it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def main() -> None:
    """Run the command line; an error becomes one line and an exit code."""
    try:
        app()
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            _leave_at_once()
        raise
    except LuisterError as error:
        if os.environ.get("LUISTER_DEBUG"):
            raise
        typer.echo(f"{error.code}: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:
        if os.environ.get("LUISTER_DEBUG"):
            raise
        from flows import unexpected

        told = unexpected.of_the_disk(error)
        typer.echo(f"{told.code}: {told}" if told else unexpected.tell(error), err=True)
        sys.exit(told.exit_code if told else 1)


if __name__ == "__main__":
    main()
