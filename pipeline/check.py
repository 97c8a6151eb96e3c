"""`luister check`: line by line what is in order, and how to mend what is not."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import pyexpat
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import duckdb

from pipeline.check_reach import reach
from pipeline.config import Config, resolve_sources, suggestion
from pipeline.configure import plain_account
from pipeline.damage import explain, first_line, is_damage, is_held
from pipeline.errors import LuisterError, WarehouseError
from pipeline.finding import Finding
from pipeline.hardened import refuse_unpublished
from pipeline.migrate import is_made
from pipeline.relevance.parse import parse
from pipeline.relevance.push import WORDS
from pipeline.relevance.telling import asked, dangers, described
from pipeline.secrets import Redactor, find_secret
from pipeline.settings import SourceSettings
from pipeline.source import Connector, Source
from pipeline.stranger import refuse_stranger
from pipeline.warehouse import DATABASE_NAME, PUBLISHED_NAME

MINIMUM_FREE_BYTES: Final = 500_000_000
LONGEST_QUARTER_DAYS: Final = 93
"""92, and the night after."""

_EXAMPLE: Final = "@example.org"
"""How the address in a new configuration ends."""

_PACKAGES: Final = ("luister", "duckdb", "dbt-core", "dbt-duckdb", "prefect", "httpx", "feedparser")


def check(
    config: Config, connector_of: Callable[[str], Connector], *, is_online: bool = True
) -> Iterator[Finding]:
    """All findings, cheapest first; online sources are asked one small question of each kind."""
    yield Finding(level="ok", about="configuration", found=_summary(config))
    yield from _versions()
    yield from _folder(config.data)
    yield from _queries(config)
    yield from _terms(config)
    yield from _readers()
    yield from _ourselves(config)
    yield from _unread(config, connector_of)
    for settings in config.source:
        yield from _strangers(config, settings)
    sources = resolve_sources(config)
    if not sources:
        yield Finding(
            level="wrong",
            about="sources",
            found="nothing to listen to",
            mend="add a [[source]] block to luister.toml",
        )
    reached = []
    for source in sources:
        connector = connector_of(source.platform)
        yield from _written_secrets(source)
        yield from _access(source, connector)
        yield from _searches(source, connector)
        if is_online:
            of_it = list(reach(config, source, connector))
            reached.append(any(each.level == "ok" for each in of_it))
            yield from of_it
    if len(reached) > 1 and not any(reached):
        yield Finding(
            level="note",
            about="network",
            found="no source could be read",
            mend="see whether this machine is online, and whether a proxy stands between",
        )


def _ourselves(config: Config) -> Iterator[Finding]:
    """What a new configuration still holds of its example, or leaves out."""
    if config.contact.endswith(_EXAMPLE):
        yield Finding(
            level="note",
            about="contact",
            found=f"{config.contact} is the address of the example",
            mend="write a mail address or page of yours: every server we ask is told it",
        )
    if not any(config.organisation.accounts.values()):
        yield Finding(
            level="note",
            about=f"accounts of {config.organisation.name}",
            found="none: no answer can be told from other posts, half of the measures stay empty",
            mend="name the accounts the company speaks through under [organisation.accounts]",
        )


def _unread(config: Config, connector_of: Callable[[str], Connector]) -> Iterator[Finding]:
    """Accounts on a platform that is none: by a slip they are nobody's."""
    read = {each.platform for each in config.source}
    read |= {str(each.options["platform"]) for each in config.source if "platform" in each.options}
    declared = [
        (each.name, place)
        for each in config.organisations
        for accounts in (each.accounts, each.employees)
        for place in accounts
    ]
    for name, place in dict.fromkeys(declared):
        try:
            if place not in read:
                connector_of(place)
        except LuisterError as error:
            yield Finding(
                level="note",
                about=f"accounts of {name}",
                found=f"what they say counts as anybody's: {error.what}",
                mend="correct the slip, unless a table of posts names its platform so",
            )


def _strangers(config: Config, source: SourceSettings) -> Iterator[Finding]:
    """Accounts that a source reads and no organisation names: by a slip they are never ours."""
    known = {
        plain_account(account)
        for each in config.organisations
        for declared in (each.accounts, each.employees)
        for account in declared.get(source.platform, ())
    }
    host = urlsplit(source.server or "").hostname
    for account in source.accounts or ():
        plain = plain_account(account)
        if known.isdisjoint({plain, f"{plain}@{host}"}):
            yield Finding(
                level="note",
                about=f"{source.name}: accounts",
                found=f"{account} is no account of an organisation: unless it is another name of "
                "one (a number for a handle), what it says counts as nobody's, and what is said "
                "to it as addressed to nobody",
                mend=f"write `{source.platform}` with this name under the accounts of whose it is, "
                "or correct the slip" + (suggestion(plain, known) if known else ""),
            )


def _summary(config: Config) -> str:
    names = ", ".join(each.name for each in config.organisations)
    count = len(config.source)
    return f"{count} {'source' if count == 1 else 'sources'} for {names}"


def _queries(config: Config) -> Iterator[Finding]:
    """What will count as about each organisation, and what may go wrong with that."""
    for each in config.organisations:
        query = parse(each.query) if each.query is not None else None
        about = f"what counts as about {each.name}"
        yield Finding(level="ok", about=about, found=described(each.names, query))
        if each.context or each.not_context:
            continue
        for danger in dangers(each.names, query):
            yield Finding(
                level="note",
                about=about,
                found=danger,
                mend="join it with AND or NEAR in `query`, or give `context` and `not_context`; "
                "`luister sample` shows how much is right",
            )


def _terms(config: Config) -> Iterator[Finding]:
    """Whether the posts of a quarter are all there when it ends; see docs/decisions/0008."""
    days = config.privacy.pseudonym_days
    if days < LONGEST_QUARTER_DAYS:
        yield Finding(
            level="note",
            about="privacy.pseudonym_days",
            found=f"posts leave after {days} days: the numbers of a quarter miss its first days",
            mend=f"set {LONGEST_QUARTER_DAYS} where quarters matter, or look at months",
        )


def _searches(source: Source, connector: Connector) -> Iterator[Finding]:
    """What a platform is asked where organisations have queries."""
    if source.query is None or not hasattr(connector, "mentions"):
        return
    shown, lost = asked(source.query, getattr(connector, "SYNTAX", WORDS), source.platform)
    yield Finding(
        level="note" if lost else "ok",
        about=f"{source.name}: search",
        found=f"asks for {shown}" + (f"; cannot search for {lost}" if lost else ""),
        mend="name whole words or tags beside it, or give this source `terms`" if lost else "",
    )


def _versions() -> Iterator[Finding]:
    versions = [f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES]
    found = f"Python {platform.python_version()}, {', '.join(versions)}"
    yield Finding(level="ok", about="versions", found=found)
    expat = tuple(pyexpat.version_info)
    yield Finding(
        level="ok" if expat >= (2, 4, 1) else "wrong",
        about="expat",
        found=".".join(map(str, expat)),
        mend="" if expat >= (2, 4, 1) else "update Python: older expat can be overrun by a feed",
    )


def _readers() -> Iterator[Finding]:
    """Readers of other packages, each tried on two texts."""
    from pipeline.learn_readers import outside_readers, try_out

    try:
        for reader in outside_readers():
            try_out(reader)
            yield Finding(level="ok", about=f"reader of {reader.task}", found=reader.version)
    except LuisterError as error:
        about = f"reader {error.where}"
        yield Finding(level="wrong", about=about, found=error.what, mend=error.todo)


def _folder(data: Path) -> Iterator[Finding]:
    about = f"data folder {data}"
    existing = next(parent for parent in (data, *data.parents) if parent.exists())
    if not os.access(existing, os.W_OK):
        yield Finding(
            level="wrong",
            about=about,
            found=f"{existing} cannot be written",
            mend=f"give this user the right to write in {existing}, or change `data`",
        )
        return
    is_open = data.exists() and stat.S_IMODE(data.stat().st_mode) & 0o077
    yield Finding(
        level="note" if is_open else "ok",
        about=about,
        found="others on this machine can read it" if is_open else "can be written",
        mend=f"chmod 700 {data}" if is_open else "",
    )
    yield _disk(existing, data / DATABASE_NAME)
    yield from _unusable(
        data / DATABASE_NAME, is_made, "`luister run` puts it aside and loads anew"
    )
    yield from _unusable(
        data / PUBLISHED_NAME, refuse_unpublished, "`luister run` publishes it anew"
    )


def _unusable(
    file: Path, look: Callable[[duckdb.DuckDBPyConnection, Path], object], mend: str
) -> Iterator[Finding]:
    """What is wrong with a file of the database; one that a night holds is in order."""
    try:
        refuse_stranger(file)
        if file.exists():
            with duckdb.connect(str(file), read_only=True) as database:
                look(database, file)
    except duckdb.Error as error:
        if is_damage(error):
            yield Finding(level="wrong", about=str(file), found=first_line(error), mend=mend)
        elif not is_held(error):
            told = explain(error, file)
            yield Finding(level="wrong", about=str(file), found=told.what, mend=told.todo)
    except WarehouseError as error:
        yield Finding(level="wrong", about=str(file), found=error.what, mend=error.todo)


def _disk(folder: Path, database: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    needed = max(MINIMUM_FREE_BYTES, 2 * database.stat().st_size if database.exists() else 0)
    return Finding(
        level="ok" if free >= needed else "wrong",
        about="disk",
        found=f"{free / 1e9:.1f} GB free, {needed / 1e9:.1f} GB wanted",
        mend="" if free >= needed else "free some space: a night needs twice its database",
    )


def _written_secrets(source: Source) -> Iterator[Finding]:
    """What looks like a secret, in an address or an option: it belongs in no configuration."""
    options = [
        f"{name}={value}" for name, value in source.options.items() if isinstance(value, str)
    ]
    for told in (*source.urls, source.server or "", *options):
        shown = Redactor().redact(told)
        if shown != told:
            yield Finding(
                level="wrong",
                about=source.name,
                found=f"a secret stands in luister.toml: {shown}",
                mend="secrets come from a variable, a file or the keyring; ask for an address "
                "without one",
            )


def _access(source: Source, connector: Connector) -> Iterator[Finding]:
    for name in connector.ACCESS.secrets:
        variable = source.variable(name)
        try:
            is_there = find_secret(variable) is not None
        except LuisterError as error:
            yield Finding(
                level="wrong", about=f"{source.name}: {variable}", found=error.what, mend=error.todo
            )
            continue
        needing = [verb for verb, names in connector.ACCESS.needs.items() if name in names]
        lost = f"without it: no {', '.join(needing)}" if needing else "works without it"
        yield Finding(
            level="ok" if is_there else "note",
            about=f"{source.name}: {variable}",
            found="is set" if is_there else f"is not set; {lost}",
            mend=""
            if is_there
            else f"set {variable} in the environment, or {variable}_FILE to a file",
        )
