"""Write the reference pages that come from the code: configuration, connectors, measures.

``python -m docs.generate`` writes them; a test fails when one is stale.
"""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from connectors import load, platforms, verbs
from docs.commands_page import commands_page
from pipeline import config
from pipeline.alerts.settings import AlertSettings, PlaceSettings
from pipeline.examples import example
from pipeline.inbox_settings import InboxSettings
from pipeline.source import Quota

HERE = Path(__file__).resolve().parent
SQL = HERE.parent / "sql"
_HEAD = "<!-- Written by `python -m docs.generate`; do not edit. -->\n\n"
_SECTIONS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("Top of the file", "", config.Config),
    ("The company", "[organisation]", config.OrganisationSettings),
    ("A source", "[[source]]", config.SourceSettings),
    ("How much to read", "[collection]", config.CollectionSettings),
    ("HTTP", "[http]", config.HttpConfiguration),
    ("Privacy", "[privacy]", config.PrivacySettings),
    ("Who waits for an answer", "[inbox]", InboxSettings),
    ("Alerts", "[alerts]", AlertSettings),
    ("Where alerts go", "[[alerts.place]]", PlaceSettings),
    ("A budget", "[budget.PLATFORM]", config.BudgetSettings),
)


def configuration_page() -> str:
    """docs/configuration.md: every key of luister.toml."""
    parts = [
        _HEAD,
        "# luister.toml\n\nA competitor (`[[competitor]]`) has the keys of the company.\n",
    ]
    for title, table, model in _SECTIONS:
        heading = f"## {title}" + (f" `{table}`" if table else "")
        parts.append(f"\n{heading}\n\n| key | default | meaning |\n|---|---|---|\n")
        parts.extend(_key_row(name, field) for name, field in model.model_fields.items())
    return "".join(parts)


def _key_row(name: str, field: Any) -> str:
    default = "required" if field.is_required() else f"`{_default(field)}`"
    return f"| `{name}` | {default} | {field.description or ''} |\n"


def _default(field: Any) -> str:
    if field.default is PydanticUndefined:
        value = field.default_factory()
        return "{}" if not value else "09:00-17:30 on weekdays"
    if isinstance(field.default, BaseModel):
        return "see below"
    if isinstance(field.default, tuple):
        return ", ".join(map(str, field.default)) or "[]"
    return "" if field.default is None else str(field.default)


def connectors_page() -> str:
    """docs/connectors.md: every platform, what it reads, needs and cannot tell."""
    rows = "".join(_connector_row(name) for name in platforms())
    details = "".join(_connector_details(name) for name in platforms())
    return (
        f"{_HEAD}# Connectors\n\n| platform | reads | access | verbs | secrets |\n"
        f"|---|---|---|---|---|\n{rows}\n{details}"
    )


def _connector_row(name: str) -> str:
    module: Any = load(name)
    summary = (inspect.getdoc(module) or "").splitlines()[0].rstrip(".")
    secrets = ", ".join(f"`{secret}`" for secret in module.ACCESS.secrets) or "none"
    can = ", ".join(verbs(module))
    return f"| [{name}](#{name}) | {summary} | {module.ACCESS.kind} | {can} | {secrets} |\n"


def _connector_details(name: str) -> str:
    text = inspect.getdoc(load(name)) or ""
    access = load(name).ACCESS
    quotas = "".join(f" {_quota(each, quota)}" for each, quota in access.quotas.items())
    return (
        f"\n## {name}\n\n{text}\n\n```toml\n{example(name)}\n```\n\n"
        f"Pace: {access.requests} requests in {access.seconds:g} s per host.{quotas}\n"
    )


def _quota(name: str, quota: Quota) -> str:
    days = quota.seconds / 86_400
    period = "a day" if days == 1 else f"in {days:g} days"
    limit = "as many as are paid for" if quota.limit is None else f"{quota.limit:,} {period}"
    price = f", {quota.euro:g} euro each" if quota.euro else ""
    return f"Quota `{name}`: {limit}{price}."


def measures_page() -> str:
    """docs/measures.md: every published table with its words."""
    where = (
        "Schema `marts` of `analytics.duckdb`. The table `marts.dictionary` holds these words too, "
        "one row per table and column."
    )
    parts = [_HEAD, f"# Measures\n\n{where}\n", _scorecard_measures(), _benchmarks()]
    for path in sorted((SQL / "models" / "marts").glob("[!_]*.yml")):
        models = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
        parts.extend(_table(model) for model in models)
    return "".join(parts)


def _scorecard_measures() -> str:
    sources = {path: path.read_text(encoding="utf-8") for path in (SQL / "models").rglob("*.sql")}
    rows = "".join(
        f"| `{each['measure']}` | {each['unit']} | {_cell(each['definition_en'])} | "
        f"{_cell(each['origin'])} | {_homes(each['measure'], sources)} |\n"
        for each in _seed("measure_catalogue")
    )
    return (
        "\n## The measures of the scorecard\n\nOne row of `marts.scorecard` is one of these, for "
        "an organisation, platform and period. Shares have Wilson's interval of 95%; differences "
        "Newcombe's.\n\n| measure | unit | definition | source | SQL |\n|---|---|---|---|---|\n"
        f"{rows}"
    )


def _homes(measure: str, sources: dict[Path, str]) -> str:
    """The model that reckons a measure; those of a use are written once for all uses."""
    family = f"'{measure.rpartition('_')[0]}_'"
    for written in (f"'{measure}'", family):
        homes = [path.stem for path, text in sources.items() if written in text]
        measured = sorted(home for home in homes if home.startswith("int_measures_"))
        if measured:
            return f"`{measured[0]}`"
    return ""


def _benchmarks() -> str:
    rows = "".join(
        f"| `{each['measure']}` | {each['value']} | {_cell(each['population'])} | {each['year']} | "
        f"{_cell(each['definition_en'])} | {_cell(each['source'])} |\n"
        for each in _seed("benchmarks")
    )
    return (
        "\n## What others found\n\nPublished figures. Only those of the same definition stand "
        "beside a number in the scorecard.\n\n"
        "| measure | value | of whom | year | definition | source |\n"
        f"|---|---|---|---|---|---|\n{rows}"
    )


def _seed(name: str) -> list[dict[str, str]]:
    with (SQL / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _table(model: dict[str, Any]) -> str:
    rows = "".join(
        f"| `{each['name']}` | {each.get('data_type', '')} | {_cell(each['description'])} |\n"
        for each in model["columns"]
    )
    words = " ".join(model["description"].split())
    head = "| column | type | meaning |\n|---|---|---|\n"
    return f"\n## marts.{model['name']}\n\n{words}\n\n{head}{rows}"


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page with its text."""
    for name, text in (
        ("commands.md", _HEAD + commands_page()),
        ("configuration.md", configuration_page()),
        ("connectors.md", connectors_page()),
        ("measures.md", measures_page()),
    ):
        yield HERE / name, re.sub(r"[ \t]+\n", "\n", text)


def main() -> None:
    """Write all pages."""
    for path, text in pages():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
