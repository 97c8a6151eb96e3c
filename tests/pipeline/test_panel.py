"""Since when an organisation is listened for, as the configuration of each night tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pipeline.config import Config
from pipeline.warehouse import Warehouse, open_warehouse

FIRST = datetime(2025, 3, 3, 2, 15, tzinfo=UTC)
SECOND = datetime(2025, 3, 4, 2, 15, tzinfo=UTC)


def config(*competitors: str) -> Config:
    return Config.model_validate(
        {
            "contact": "luister@example.org",
            "organisation": {"name": "Acme"},
            "competitor": [{"name": name} for name in competitors],
        }
    )


def panel(warehouse: Warehouse) -> dict[str, datetime | None]:
    return dict(warehouse.database.execute("from ops.panel").fetchall())


def hear_something(warehouse: Warehouse) -> None:
    warehouse.database.execute(
        """
        insert into raw.posts by name
        select 'town' as platform, 'p1' as post_id, 'post' as kind, now() as first_seen_at,
            now() as last_seen_at, 'hello' as text, 'key' as text_key, []::varchar[] as mentions,
            []::varchar[] as tags, []::varchar[] as links, 'public' as visibility,
            'town' as first_source, 'mentions' as first_verb
        """
    )


def test_who_comes_after_the_first_post_joins_then(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        warehouse.begin_run("1", FIRST, "0.1.0")
        warehouse.write_configuration(config())
        warehouse.write_configuration(config("Bolt"))
        hear_something(warehouse)
        warehouse.begin_run("2", SECOND, "0.1.0")
        warehouse.write_configuration(config("Bolt", "Crane"))
        warehouse.write_configuration(config("Bolt", "Crane"))

        assert panel(warehouse) == {"Acme": None, "Bolt": None, "Crane": SECOND}


def test_who_has_left_is_forgotten_and_joins_anew(tmp_path: Path) -> None:
    with open_warehouse(tmp_path) as warehouse:
        warehouse.begin_run("1", FIRST, "0.1.0")
        warehouse.write_configuration(config("Bolt"))
        hear_something(warehouse)
        warehouse.write_configuration(config())
        assert panel(warehouse) == {"Acme": None}
        warehouse.begin_run("2", SECOND, "0.1.0")
        warehouse.write_configuration(config("Bolt"))

        assert panel(warehouse) == {"Acme": None, "Bolt": SECOND}
