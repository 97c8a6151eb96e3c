"""sample: matches picked at random, marked, and what comes of it."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flows.commands.output import print_json, safe
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.relevance.sample import Mark, Precision, Sampled
    from pipeline.relevance.tree import Query
    from pipeline.warehouse import Warehouse

_SHOWN = 600
"""Characters of a post that are shown."""


def sample(
    about: str | None, count: int, form: str, seed: str | None, path: Path, *, as_json: bool
) -> None:
    """Ask for marks in the terminal, or print a table to mark, and say how precise matching is."""
    from connectors import platforms
    from pipeline.config import load
    from pipeline.relevance import sample as sampling
    from pipeline.warehouse import open_warehouse

    if form not in {"ask", "csv"}:
        raise ConfigError(f"unknown format {form!r}", where="--format", todo="ask or csv")
    if form == "csv" and as_json:
        raise ConfigError(
            "CSV is no JSON", where="--format csv", todo="leave it or --json out: JSON tells marks"
        )
    config = load(path, platforms())
    name, query = _whom(config, about)
    with open_warehouse(config.data) as warehouse, _tried(warehouse, query):
        is_begun = warehouse.is_begun()
        drawn = sampling.draw(warehouse.database, name, count, seed or secrets.token_hex(8))
    if form == "csv":
        sys.stdout.write(sampling.as_csv(drawn))
        return
    given = _ask(drawn) if drawn and not as_json else []
    if not drawn and not as_json:
        typer.echo(
            "Every match has a mark, or nothing matches."
            if is_begun
            else "There are no posts to mark yet: `luister run` first."
        )
    with open_warehouse(config.data) as warehouse:
        sampling.store(warehouse.database, config.data, given, datetime.now(UTC))
        with _tried(warehouse, query):
            found = sampling.precision(warehouse.database, name)
    _tell(found, name, as_json=as_json)


def read_back(file: Path, path: Path, *, as_json: bool) -> None:
    """Keep the marks of a table, and say how precise matching is."""
    from connectors import platforms
    from pipeline.config import load
    from pipeline.relevance import sample as sampling
    from pipeline.warehouse import open_warehouse

    config = load(path, platforms())
    given = sampling.from_csv(file)
    names = list(dict.fromkeys(each.organisation for each in given))
    with open_warehouse(config.data) as warehouse:
        sampling.store(warehouse.database, config.data, given, datetime.now(UTC))
        found = []
        for name in names:
            _, query = _whom(config, name)
            with _tried(warehouse, query):
                found += sampling.precision(warehouse.database, name)
    if not as_json:
        typer.echo(f"{len(given)} marks are kept.")
    _tell(found, ", ".join(names) or "anybody", as_json=as_json)


def _whom(config: Config, about: str | None) -> tuple[str, Query | None]:
    """The organisation that is meant, or a query under its own words."""
    from pipeline.relevance.parse import parse
    from pipeline.relevance.tree import written

    if about is None:
        return config.organisation.name, None
    for each in config.organisations:
        if each.name.casefold() == about.strip().casefold():
            return each.name, None
    query = parse(about)
    return written(query), query


@contextmanager
def _tried(warehouse: Warehouse, query: Query | None) -> Iterator[None]:
    """A query that is not configured matches within, and has left nothing behind after."""
    from pipeline.relevance import sample as sampling

    if query is None:
        yield
        return
    warehouse.database.execute("begin")
    try:
        sampling.try_out(warehouse.database, query)
        yield
    finally:
        warehouse.database.execute("rollback")


def _ask(samples: list[Sampled]) -> list[Mark]:
    """Marks by the keyboard; ends at q or at the end of the input."""
    from pipeline.relevance.sample import Mark, answer

    given: list[Mark] = []
    for number, each in enumerate(samples, 1):
        typer.echo(f"\n{number}/{len(samples)}  {safe(each.platform)}  {safe(each.url)}")
        typer.echo(safe(each.text[:_SHOWN]))
        question = f"about {safe(each.organisation)} ({safe(each.alias)})?  y yes  n no  s skip  q"
        said: str | None = None
        while said is None:
            try:
                typed = str(typer.prompt(question, prompt_suffix=" > ")).strip()
            except typer.Abort:
                return given
            if typed.lower() == "q":
                return given
            said = answer(typed)
        if said:
            given.append(Mark(each.organisation, each.platform, each.post_id, said))
    return given


def _tell(found: list[Precision], name: str, *, as_json: bool) -> None:
    if as_json:
        print_json([_row(each) for each in found])
        return
    if not found:
        typer.echo(f"No match of {safe(name)} is marked yet.")
    for each in found:
        low, high = each.interval
        what = each.organisation if each.alias == "all" else f"  {each.alias}"
        typer.echo(
            f"{safe(what)}: {each.right} of {each.marked} right, "
            f"{each.share or 0:.0%} ({low:.0%} to {high:.0%})"
        )


def _row(each: Precision) -> dict[str, object]:
    low, high = each.interval
    return {**each._asdict(), "precision": each.share, "low": low, "high": high}
