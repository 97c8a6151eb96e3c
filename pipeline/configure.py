"""What the models need to know of luister.toml, as plain rows of schema ``conf``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from pipeline.config import Config, resolve_sources
from pipeline.query import transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Rows = list[Sequence[Any]]
_TABLES: Final = ("settings", "organisations", "accounts", "sources")


def configuration_rows(config: Config) -> dict[str, Rows]:
    """Rows by table of schema ``conf``, in the order of their columns."""
    return {
        "settings": [
            (
                config.timezone,
                config.language,
                config.minimum_n,
                json.dumps(dict(config.opening_hours), sort_keys=True),
                config.holidays_country,
            )
        ],
        "organisations": [
            (each.name, "own" if each is config.organisation else "competitor")
            for each in config.organisations
        ],
        "accounts": _accounts(config),
        "sources": [
            (source.name, source.platform, list(source.verbs)) for source in resolve_sources(config)
        ],
    }


def _accounts(config: Config) -> Rows:
    """An account that is both owned and an employee's is owned."""
    kinds: dict[tuple[str, str, str], str] = {}
    for organisation in config.organisations:
        for kind, declared in (
            ("owned", organisation.accounts),
            ("employee", organisation.employees),
        ):
            for platform, accounts in declared.items():
                for account in accounts:
                    kinds.setdefault((organisation.name, platform, plain_account(account)), kind)
    return [(*key, kind) for key, kind in kinds.items()]


def plain_account(account: str) -> str:
    """An account as posts name their authors: without ``@`` before it, in small letters."""
    return account.strip().removeprefix("@").lower()


def write_configuration(database: DuckDBPyConnection, rows: dict[str, Rows]) -> None:
    """Replace what schema ``conf`` says by ``rows``, in one transaction."""
    with transaction(database):
        for table in _TABLES:
            database.execute(f"delete from conf.{table}")
            for row in rows[table]:
                marks = ", ".join("?" for _ in row)
                database.execute(f"insert into conf.{table} values ({marks})", list(row))
        _keep_panel(database)


def _keep_panel(database: DuckDBPyConnection) -> None:
    """Note since when each organisation is listened for: a share of voice needs a fixed panel.

    Who is there before the first post is so from the begin; who comes later joins with the newest
    run. Who has left is forgotten: all periods are told without it, and it may join again.
    """
    database.execute(
        """
        delete from ops.panel
        where organisation not in (select organisation from conf.organisations)
        """
    )
    database.execute(
        """
        insert into ops.panel
        select
            organisations.organisation,
            case when exists (from raw.posts) then (select max(started_at) from ops.runs) end
        from conf.organisations as organisations
        anti join ops.panel as panel on organisations.organisation = panel.organisation
        """
    )
