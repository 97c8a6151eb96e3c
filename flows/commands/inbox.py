"""inbox: who waits for an answer, in a terminal, a file, a page or a webcare tool."""

from __future__ import annotations

import errno
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import typer

from connectors import platforms
from flows.commands.output import print_json, safe
from pipeline import inbox_page, inbox_table
from pipeline.config import Config, load, suggestion
from pipeline.errors import ConfigError
from pipeline.inbox import Inbox, read_inbox
from pipeline.inbox_csv import as_csv
from pipeline.report.page import safe_link
from pipeline.report.words import Words

LIMITS: Final = {"table": 20, "html": 200, "csv": 0, "json": 0}
"""How many people are told unless said otherwise; 0 is all."""


def inbox(
    path: Path,
    *,
    form: str,
    html: Path | None,
    webhook: str | None,
    limit: int | None,
    organisation: str | None,
    order: str,
    language: str | None,
) -> None:
    """Print the inbox, write it as a page, or hand it over."""
    if form not in LIMITS:
        raise ConfigError(
            f"unknown format {form!r}", where="--format", todo="table, csv, json or html"
        )
    if webhook is not None and not webhook.strip():
        raise ConfigError(
            "names no address to send to",
            where="--webhook",
            todo="give one that begins with https://, or the environment variable that holds it",
        )
    config = load(path, platforms())
    words = Words(language or config.language, config.timezone)
    usual = LIMITS["html" if html else "json" if webhook else form]
    told = read_inbox(
        config.data,
        _organisation(config, organisation),
        config.inbox,
        limit=(usual if limit is None else limit) or None,
        order=order,
    )
    if webhook:
        _hand_over(told, webhook, config, as_json=form == "json")
    if html:
        _write(inbox_page.render(told, words), html)
        if form == "json" and not webhook:
            print_json({"inbox": str(html)})
        else:
            typer.echo(f"inbox: {html}", err=True)
    if not webhook and not html:
        _print(told, form, words)


def _write(page: str, path: Path) -> None:
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        inbox_page.write(page, path)
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}",
            where=str(path),
            todo="choose a file with --html in a folder where you may write",
        ) from error


def _organisation(config: Config, asked: str | None) -> str:
    names = {each.name.casefold(): each.name for each in config.organisations}
    if asked is None:
        return config.organisation.name
    if asked.casefold() not in names:
        raise ConfigError(
            f"unknown organisation {asked!r}{suggestion(asked, names.values())}",
            where="--organisation",
            todo="name your company or one of your competitors as luister.toml does",
        )
    return names[asked.casefold()]


def _hand_over(told: Inbox, target: str, config: Config, *, as_json: bool) -> None:
    from pipeline.inbox_webhook import deliver
    from pipeline.night import http_settings

    delivery = deliver(told, target, config.inbox, http_settings(config), now=datetime.now(UTC))
    if as_json:
        print_json(delivery)
        return
    typer.echo(
        f"handed over: {delivery.conversations} conversations, id {delivery.id} ({delivery.status})"
    )


def _print(told: Inbox, form: str, words: Words) -> None:
    if form == "json":
        print_json(told)
    elif form == "csv":
        sys.stdout.write(as_csv(told))
    elif form == "html":
        sys.stdout.write(inbox_page.render(told, words))
    else:
        _print_table(told, words)


def _print_table(told: Inbox, words: Words) -> None:
    if not told.waiting:
        typer.echo(words.say("Nobody waits for an answer."))
        return
    from rich.console import Console
    from rich.style import Style
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True)
    for heading in inbox_table.headings(words):
        table.add_column(heading, overflow="fold")
    table.columns[0].justify = "right"
    for each in told.waiting:
        shown = [Text(safe(cell)) for cell in inbox_table.cells(each, words)]
        link = safe(safe_link(each.link or ""))
        if link:
            shown[-1].append(f"\n{link}", style=Style(link=link))
        table.add_row(*shown)
    Console().print(table)
    for line in inbox_table.summary(told, words):
        typer.echo(safe(line))
