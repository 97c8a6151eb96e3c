"""luister.toml as frozen, validated settings; every mistake is told with file, line and key."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Collection, Iterable, Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from pipeline.errors import ConfigError
from pipeline.source import Source, Verb
from pipeline.toml_lines import line_of

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,127}$")]
Hours = Annotated[
    str, StringConstraints(pattern=r"^(closed|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d)$")
]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SCHEMA_NAME: Final = "luister.schema.json"


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone: {name}") from error
    return name


def _office_hours() -> Mapping[Weekday, Hours]:
    days: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")
    return dict.fromkeys(days, "09:00-17:30")


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class OrganisationSettings(_Settings):
    """One company: how people name it and where it speaks."""

    name: Name = Field(description="The company's name, as the report shows it.")
    aliases: tuple[Name, ...] = Field(
        (), description="Names people use for it; the name itself counts too."
    )
    exclude: tuple[Name, ...] = Field(
        (), description="Longer names that contain an alias but mean somebody else."
    )
    domains: tuple[Name, ...] = Field((), description="Its web domains: links to them count.")
    tags: tuple[Name, ...] = Field((), description="Hashtags without #.")
    accounts: Mapping[str, tuple[Name, ...]] = Field(
        default_factory=dict, description="Accounts it speaks through, per platform."
    )
    employees: Mapping[str, tuple[Name, ...]] = Field(
        default_factory=dict, description="Declared employee accounts, per platform."
    )


class SourceSettings(_Settings):
    """One thing to listen to."""

    name: SourceName = Field(description="A short name of your own, used in files and reports.")
    platform: Name = Field(description="Which connector reads it; see `luister connectors`.")
    server: str | None = Field(None, description="Base address, for platforms with many servers.")
    terms: tuple[Name, ...] | None = Field(
        None, description="Words to search for; default: the aliases of all organisations."
    )
    tags: tuple[Name, ...] | None = Field(
        None, description="Hashtags to follow; default: the tags of all organisations."
    )
    accounts: tuple[Name, ...] | None = Field(
        None, description="Accounts to read; default: those of all organisations on this platform."
    )
    urls: tuple[str, ...] = Field((), description="Feeds, pages or files to read.")
    verbs: tuple[Verb, ...] | None = Field(
        None, description="What to read; default: all the platform allows."
    )
    language: str | None = Field(None, description="Language to ask the platform for.")
    options: Mapping[str, Any] = Field(
        default_factory=dict, description="What only this platform knows; see its documentation."
    )
    secrets: Mapping[str, VariableName] = Field(
        default_factory=dict,
        description="Environment variable that holds a secret, when not the usual name.",
    )
    window_days: int | None = Field(
        None, ge=0, le=90, description="Re-read this far back; default: that of [collection]."
    )
    refresh_per_source: int | None = Field(
        None, ge=0, description="Known posts asked for again a night; default: as [collection]."
    )
    requests_per_minute: int | None = Field(
        None, ge=1, description="How fast to ask this server; default: what the platform allows."
    )
    allow_private: bool = Field(
        False, description="Allow addresses inside your own network for this source."
    )


class CollectionSettings(_Settings):
    """How much to read, and how far back."""

    window_days: int = Field(7, ge=0, le=90, description="Re-read this far back every night.")
    backfill_days: int = Field(30, ge=1, le=3650, description="How far back the first run reads.")
    workers: int = Field(4, ge=1, le=64, description="Sources read at the same time.")
    source_deadline_seconds: int = Field(1800, ge=10, description="Longest time for one source.")
    threads_per_source: int = Field(
        500, ge=0, description="Conversations completed per source and night."
    )
    refresh_days: int = Field(
        90, ge=1, description="How long known posts are asked for again: edits, deletions, counts."
    )
    refresh_per_source: int = Field(
        2000, ge=0, description="Known posts asked for again per source and night."
    )


class HttpConfiguration(_Settings):
    """How politely and how patiently to ask."""

    connect_seconds: float = Field(10.0, gt=0)
    read_seconds: float = Field(20.0, gt=0)
    total_seconds: float = Field(60.0, gt=0, description="Longest time for one answer.")
    max_megabytes: int = Field(20, ge=1, le=200, description="Largest answer accepted.")
    max_retry_after_seconds: float = Field(
        900.0, ge=0, description="Longest wait a platform may ask of us in one night."
    )
    trust_environment_proxies: bool = Field(False, description="Use HTTP(S)_PROXY.")


class PrivacySettings(_Settings):
    """What is kept of people."""

    honour_opt_out: bool = Field(True, description="Leave out people who opted out.")


class BudgetSettings(_Settings):
    """How much of one platform may be taken."""

    per: Literal["day", "month"] = Field("day", description="A day, or 30 days.")
    requests: int | None = Field(None, ge=0, description="Requests to its servers.")
    reads: int | None = Field(None, ge=0, description="Posts read.")
    quotas: Mapping[str, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict,
        description="What the platform counts in its own way; names in `luister connectors`.",
    )
    euro: float | None = Field(None, ge=0, description="What reading may cost.")


class Config(_Settings):
    """The whole of luister.toml."""

    language: Literal["nl", "en"] = Field("nl", description="Language of the report.")
    timezone: Annotated[str, AfterValidator(_known_timezone)] = Field(
        "Europe/Amsterdam", description="Days and weeks are counted in this time zone."
    )
    data: Path = Field(Path("data"), description="Folder for everything Luister keeps.")
    contact: Name = Field(description="Mail or page of yours, told to every server we ask.")
    holidays_country: str | None = Field("NL", description="Public holidays close the desk.")
    minimum_n: int = Field(10, ge=1, description="Below this many, a rate is 'too few'.")
    organisation: OrganisationSettings
    competitor: tuple[OrganisationSettings, ...] = ()
    source: tuple[SourceSettings, ...] = ()
    opening_hours: Mapping[Weekday, Hours] = Field(
        default_factory=_office_hours,
        description="When people may expect an answer; a day left out is closed.",
    )
    collection: CollectionSettings = CollectionSettings()
    http: HttpConfiguration = HttpConfiguration()
    privacy: PrivacySettings = PrivacySettings()
    budget: Mapping[str, BudgetSettings] = Field(
        default_factory=dict, description="How much of a platform may be taken, by platform."
    )

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        _unique("organisation", (each.name.casefold() for each in self.organisations))
        _unique("source", (each.name for each in self.source))
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

    def opening(self, weekday: Weekday) -> tuple[time, time] | None:
        """Opening and closing time of a weekday, None when closed; 24:00 is the last instant."""
        hours = self.opening_hours.get(weekday, "closed")
        if hours == "closed":
            return None
        start, _, end = hours.partition("-")
        return time.fromisoformat(start), time.max if end == "24:00" else time.fromisoformat(end)


_SECTIONS: Final[Mapping[str, type[BaseModel]]] = {
    "organisation": OrganisationSettings,
    "competitor": OrganisationSettings,
    "source": SourceSettings,
    "collection": CollectionSettings,
    "http": HttpConfiguration,
    "privacy": PrivacySettings,
}


def _unique(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"two of {what} are called {name!r}")
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
    return config.model_copy(update=found)


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
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", where=str(path)) from error


def _explain(error: ValidationError, path: Path, text: str) -> ConfigError:
    problems = error.errors(include_url=False, include_context=False)
    told = [_sentence(problem, text, path) for problem in problems]
    more = "".join(f"\n{each}" for each in told[1:])
    where, _, what = told[0].partition(" :: ")
    return ConfigError(what + more.replace(" :: ", ": "), where=where)


def _sentence(problem: Mapping[str, Any], text: str, path: Path) -> str:
    location = tuple(part for part in problem["loc"] if part != "[key]")
    key = dotted(location)
    where = f"{path}:{line_of(text, location)}" + (f": {key}" if key else "")
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        return f"{where} :: unknown key{_did_you_mean(location)}"
    if problem["type"] == "missing":
        return f"{where} :: this key is required"
    if "secrets" in location:
        return (
            f"{where} :: name an environment variable here (A-Z, 0-9, _), never the secret itself"
        )
    return f"{where} :: {message[:1].lower()}{message[1:]}"


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
    terms = _merged(name for each in everybody for name in (each.name, *each.aliases))
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
        allow_private=settings.allow_private,
        requests_per_minute=settings.requests_per_minute,
        **given,
    )


def unknown_source(name: str, sources: Iterable[str]) -> ConfigError:
    """The error for a source name that is not configured."""
    return ConfigError(f"unknown source {name!r}{suggestion(name, sources)}", where="--source")


def _merged(names: Iterable[str]) -> tuple[str, ...]:
    """Names in order, each once whatever its capitals."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(name.casefold(), name)
    return tuple(kept.values())


def json_schema() -> str:
    """The JSON Schema of luister.toml, for editors."""
    return json.dumps(Config.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
