"""luister.toml as frozen, validated settings; every mistake is told with file, line and key."""

from __future__ import annotations

import difflib
import json
import os
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    ValidationError,
    model_validator,
)

from pipeline.alerts.settings import AlertSettings, PlaceSettings
from pipeline.config_slips import plainly
from pipeline.engine.settings import SparkSettings
from pipeline.errors import ConfigError
from pipeline.inbox_settings import InboxSettings
from pipeline.relevance import push
from pipeline.relevance.tree import Query, Text, any_of
from pipeline.settings import (
    MANY,
    BudgetSettings,
    CollectionSettings,
    Country,
    Hours,
    HttpConfiguration,
    Name,
    OrganisationSettings,
    PrivacySettings,
    Settings,
    SourceSettings,
    StoreAddress,
    Weekday,
    known_timezone,
    office_hours,
)
from pipeline.source import Source
from pipeline.toml_lines import line_of

SCHEMA_NAME: Final = "luister.schema.json"


class Config(Settings):
    """The whole of luister.toml."""

    language: Literal["nl", "en"] = Field("nl", description="Language of the report.")
    timezone: Annotated[str, AfterValidator(known_timezone)] = Field(
        "Europe/Amsterdam", description="Days and weeks are counted in this time zone."
    )
    data: Path = Field(Path("data"), description="Folder for everything Luister keeps.")
    landing: StoreAddress | None = Field(
        None,
        description="Object store through which collectors on several machines hand in what they "
        "read (docs/scale.md), like `s3://bucket/luister`; who may, the environment tells.",
    )
    engine: Literal["duckdb", "spark"] = Field(
        "duckdb", description="What makes the models: this machine, or Spark (docs/scale.md)."
    )
    contact: Name = Field(description="Mail or page of yours, told to every server we ask.")
    holidays_country: Country = Field("NL", description="Public holidays close the desk.")
    minimum_n: int = Field(10, ge=1, le=MANY, description="Below this many, a rate is 'too few'.")
    organisation: OrganisationSettings
    competitor: tuple[OrganisationSettings, ...] = ()
    source: tuple[SourceSettings, ...] = ()
    opening_hours: Mapping[Weekday, Hours] = Field(
        default_factory=office_hours,
        description="When people may expect an answer: `09:00-12:00, 13:00-17:30` with a pause, "
        "`18:00-02:00` into the next day. A day left out is closed, and so is a public holiday.",
    )
    collection: CollectionSettings = CollectionSettings()
    http: HttpConfiguration = HttpConfiguration()
    privacy: PrivacySettings = PrivacySettings()
    inbox: InboxSettings = InboxSettings()
    alerts: AlertSettings = AlertSettings()
    spark: SparkSettings = SparkSettings()
    budget: Mapping[str, BudgetSettings] = Field(
        default_factory=dict, description="How much of a platform may be taken, by platform."
    )

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        _unique("organisations", (each.name.casefold() for each in self.organisations))
        _unique("sources", (each.name for each in self.source))
        return self

    @property
    def organisations(self) -> tuple[OrganisationSettings, ...]:
        """The company first, then its competitors."""
        return (self.organisation, *self.competitor)

    def collection_of(self, source: str) -> CollectionSettings:
        """How much to read of a source: what it says itself before what holds for all."""
        own = next((each for each in self.source if each.name == source), None)
        if own is None:
            return self.collection
        asked = {"window_days": own.window_days, "refresh_per_source": own.refresh_per_source}
        return self.collection.model_copy(
            update={name: value for name, value in asked.items() if value is not None}
        )


_SECTIONS: Final[Mapping[str, type[BaseModel]]] = {
    "organisation": OrganisationSettings,
    "competitor": OrganisationSettings,
    "source": SourceSettings,
    "collection": CollectionSettings,
    "http": HttpConfiguration,
    "privacy": PrivacySettings,
    "inbox": InboxSettings,
    "alerts": AlertSettings,
    "place": PlaceSettings,
    "spark": SparkSettings,
}


def _unique(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"two {what} are called {name!r}; give each a name of its own")
        seen.add(name)


def load(path: Path, platforms: Collection[str]) -> Config:
    """Read and validate ``path``; relative folders and files count from where it stands.

    Raises:
        ConfigError: with file, line, key and, for a slip of the pen, what was probably meant.
    """
    text = _read(path)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML: {error}", where=str(path)) from error
    try:
        config = Config.model_validate(tree)
    except ValidationError as error:
        raise _explain(error, path, text) from error
    _check_platforms(config, platforms, path, text)
    folder = path.parent.resolve()
    found = {
        "data": folder / config.data,
        "source": tuple(_placed(each, folder) for each in config.source),
    }
    _check_folder(folder / config.data)
    return config.model_copy(update=found)


def _check_folder(data: Path) -> None:
    """Refuse a data folder that no command could look into."""
    existing = next(each for each in (data, *data.parents) if os.path.lexists(each))
    if not existing.is_dir():
        raise ConfigError(
            "is not a folder, or its disk is not there",
            where=str(existing),
            todo="name a folder in `data` of luister.toml",
        )
    if not os.access(existing, os.X_OK):
        raise ConfigError(
            "this user may not look into the data folder",
            where=str(existing),
            todo="run it as the user whose folder it is, or name another in `data`",
        )


def _placed(source: SourceSettings, folder: Path) -> SourceSettings:
    """A source whose files are named from where luister.toml stands."""
    files = tuple(url if ":" in url else str(folder / url) for url in source.urls)
    return source.model_copy(update={"urls": files})


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            "there is no configuration here",
            where=str(path),
            todo='make one with `luister init "Company name"`',
        ) from None
    except OSError as error:
        raise ConfigError(
            f"cannot be read: {error.strerror}",
            where=str(path),
            todo="name a configuration with --config that you may read",
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError("is not text in UTF-8", where=str(path)) from error


def _explain(error: ValidationError, path: Path, text: str) -> ConfigError:
    problems = error.errors(include_url=False, include_context=False)
    told = [_sentence(problem, text, path) for problem in problems]
    more = "".join(f"\n{each}" for each in told[1:])
    where, _, what = told[0].partition(" :: ")
    return ConfigError(what + more.replace(" :: ", ": "), where=where)


def _sentence(problem: Mapping[str, Any], text: str, path: Path) -> str:
    location = tuple(part for part in problem["loc"] if part != "[key]")
    key = dotted(location)
    where = f"{path}:{line_of(text, location)}: {key}" if key else str(path)
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        return f"{where} :: unknown key{_did_you_mean(location)}"
    if problem["type"] == "missing":
        return f"{where} :: this key is required"
    if "secrets" in location:
        return (
            f"{where} :: name an environment variable here (A-Z, 0-9, _), never the secret itself"
        )
    told = plainly(problem["type"], location, problem["input"])
    return f"{where} :: {told or message[:1].lower() + message[1:]}"


def dotted(location: Iterable[str | int]) -> str:
    """``('source', 0, 'name')`` as ``source[1].name`` (people count from one)."""
    key = ""
    for part in location:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if key else str(part)
    return key


def _did_you_mean(location: tuple[str | int, ...]) -> str:
    model: type[BaseModel] = Config
    if location[0] == "budget":
        model = BudgetSettings
    for part in location[:-1]:
        model = _SECTIONS.get(str(part), model)
    return suggestion(str(location[-1]), model.model_fields)


def suggestion(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` when a known word is near, else the words that are known."""
    names = sorted(known)
    near = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else f"; known are: {', '.join(names)}"


def _check_platforms(config: Config, platforms: Collection[str], path: Path, text: str) -> None:
    named: list[tuple[str, tuple[str | int, ...]]] = [
        (each.platform, ("source", index, "platform")) for index, each in enumerate(config.source)
    ]
    named += [(platform, ("budget", platform)) for platform in config.budget]
    for platform, location in named:
        if platform not in platforms:
            raise ConfigError(
                f"unknown platform {platform!r}{suggestion(platform, platforms)}",
                where=f"{path}:{line_of(text, location)}: {dotted(location)}",
            )


def resolve_sources(config: Config) -> list[Source]:
    """The sources as connectors get them, filled in from the organisations."""
    return [_resolve(config, settings) for settings in config.source]


def _resolve(config: Config, settings: SourceSettings) -> Source:
    everybody = config.organisations
    query = _query(everybody) if settings.terms is None else None
    names = (name for each in everybody for name in each.names)
    terms = _merged((*names, *push.words(query, settings.platform)))
    tags = _merged(tag.removeprefix("#") for each in everybody for tag in each.tags)
    accounts = _merged(
        name for each in everybody for name in each.accounts.get(settings.platform, ())
    )
    given: dict[str, Any] = {} if settings.verbs is None else {"verbs": settings.verbs}
    return Source(
        name=settings.name,
        platform=settings.platform,
        server=settings.server.rstrip("/") if settings.server else None,
        terms=terms if settings.terms is None else settings.terms,
        tags=tags if settings.tags is None else settings.tags,
        accounts=accounts if settings.accounts is None else settings.accounts,
        urls=settings.urls,
        language=settings.language,
        options=dict(settings.options),
        secrets=dict(settings.secrets),
        query=query,
        allow_private=settings.allow_private,
        requests_per_minute=settings.requests_per_minute,
        **given,
    )


def _query(everybody: Iterable[OrganisationSettings]) -> Query | None:
    """What names any of the organisations, where at least one says so by a query."""
    if all(each.query is None for each in everybody):
        return None
    from pipeline.relevance.parse import parse

    asked = [parse(each.query) for each in everybody if each.query is not None]
    names = [Text(name) for each in everybody for name in each.names]
    return any_of([*names, *asked])


def unknown_source(name: str, sources: Iterable[str]) -> ConfigError:
    """The error for a source name that is not configured."""
    return ConfigError(
        f"unknown source {name!r}{suggestion(name, sources)}",
        where="--source",
        todo="name a source as luister.toml does; `luister status` lists them",
    )


def _merged(names: Iterable[str]) -> tuple[str, ...]:
    """Names in order, each once whatever its capitals."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(name.casefold(), name)
    return tuple(kept.values())


def json_schema() -> str:
    """The JSON Schema of luister.toml, for editors."""
    return json.dumps(Config.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
