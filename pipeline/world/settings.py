"""The luister.toml with which a pipeline listens to a served world."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pipeline.world.identity import handle
from pipeline.world.server import BLUESKY_PASSWORD, MASTODON_TOKEN, Served
from pipeline.world.shape import Organisation, World

NAME: Final = "luister.toml"


def environment(world: World) -> dict[str, str]:
    """The environment variables that hold the world's own, worthless secrets."""
    return {
        "LUISTER_WORLD_MASTODON_TOKEN": MASTODON_TOKEN,
        "LUISTER_WORLD_BSKY_IDENTIFIER": handle(world.own.account("bluesky")),
        "LUISTER_WORLD_BSKY_PASSWORD": BLUESKY_PASSWORD,
    }


def write_config(world: World, served: Served, folder: Path) -> Path:
    """Write ``folder/luister.toml`` for the served world; see ``environment`` for its secrets."""
    path = folder / NAME
    path.write_text("\n".join(_lines(world, served)) + "\n", encoding="utf-8")
    return path


def _lines(world: World, served: Served) -> Iterable[str]:
    days = (world.today - world.begins_at).days
    yield 'language = "nl"'
    yield f'timezone = "{world.timezone}"'
    yield 'contact = "webcare@havenvonk.example"'
    yield 'holidays_country = "NL"'
    for index, organisation in enumerate(world.organisations):
        yield from _organisation(organisation, "[[competitor]]" if index else "[organisation]")
    for source in _sources(world, served):
        yield from ("", "[[source]]", *(f"{name} = {_toml(each)}" for name, each in source.items()))
    yield from ("", "[opening_hours]")
    for day, (start, end) in world.opening_hours.items():
        yield f'{day} = "{start:%H:%M}-{end:%H:%M}"'
    yield from ("", "[collection]", f"backfill_days = {days + 2}", "window_days = 7")
    yield from ("threads_per_source = 5000", "refresh_per_source = 20000")


def _organisation(organisation: Organisation, header: str) -> Iterable[str]:
    accounts = {each.platform: [handle(each)] for each in organisation.accounts}
    employees = {each.platform: [handle(each)] for each in organisation.employees}
    yield from ("", header)
    yield f"name = {_toml(organisation.name)}"
    yield f"aliases = {_toml(organisation.aliases)}"
    yield f"exclude = {_toml(organisation.exclude)}"
    yield f"domains = {_toml([organisation.domain])}"
    yield f"tags = {_toml([organisation.tag])}"
    yield f"accounts = {_toml(accounts)}"
    yield f"employees = {_toml(employees)}"


def _sources(world: World, served: Served) -> Iterable[Mapping[str, Any]]:
    urls = served.urls
    yield {
        "name": "mastodon",
        "platform": "mastodon",
        "server": urls["mastodon"],
        "secrets": {"MASTODON_ACCESS_TOKEN": "LUISTER_WORLD_MASTODON_TOKEN"},
        "allow_private": True,
        "requests_per_minute": 600_000,
    }
    yield {
        "name": "bluesky",
        "platform": "bluesky",
        "server": urls["bluesky"],
        "secrets": {
            "BSKY_IDENTIFIER": "LUISTER_WORLD_BSKY_IDENTIFIER",
            "BSKY_APP_PASSWORD": "LUISTER_WORLD_BSKY_PASSWORD",
        },
        "allow_private": True,
        "requests_per_minute": 600_000,
    }
    yield {
        "name": "hackernews",
        "platform": "hackernews",
        "server": urls["hackernews"],
        "allow_private": True,
        "requests_per_minute": 600_000,
    }
    yield {
        "name": "blogs",
        "platform": "feed",
        "urls": blog_urls(world, urls["feed"]),
        "allow_private": True,
        "requests_per_minute": 600_000,
    }
    yield {
        "name": "news",
        "platform": "feed",
        "urls": [f"{urls['feed']}/news/search?q={each.name}" for each in world.organisations],
        "allow_private": True,
        "requests_per_minute": 600_000,
    }


def blog_urls(world: World, base: str) -> list[str]:
    """Every company's blog, each in another format, and the comments under it."""
    blogs = [f"{base}/{each.tag}/{each.blog}" for each in world.organisations]
    return blogs + [f"{base}/{each.tag}/comments/feed/" for each in world.organisations]


def _toml(value: Any) -> str:
    """A value as TOML writes it: JSON, with inline tables for mappings."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(name)} = {_toml(each)}" for name, each in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_toml(each) for each in value)}]"
    return json.dumps(value, ensure_ascii=False)
