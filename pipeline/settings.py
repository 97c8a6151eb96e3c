"""The sections of luister.toml: what may be said in each, and what holds when it is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)

from pipeline.source import Verb

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,127}$")]
StoreAddress = Annotated[
    str, StringConstraints(pattern=r"^(s3|gs|abfs|file)://[A-Za-z0-9/._-]+$", max_length=500)
]
"""Without a name or password before the host, and without anything behind the path."""
MANY: Final = 1_000_000_000
"""More of anything is a slip of the pen, and columns of the database end soon after."""
_DAY: Final = 86_400
_STRETCH: Final = r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)"
HOURS: Final = rf"^(closed|{_STRETCH}(, ?{_STRETCH})*)$"


def open_and_closed(hours: str) -> str:
    """The hours themselves when each stretch opens the desk after the one before has closed it."""
    if not re.fullmatch(HOURS, hours):
        raise ValueError(
            f"no opening hours: {hours!r}; write them as 09:00-17:30, as 09:00-12:00, 13:00-17:30, "
            "or as closed"
        )
    stretches = [each.strip().partition("-")[::2] for each in hours.split(",") if "-" in each]
    for opens, closes in stretches:
        if opens == closes:
            raise ValueError(f"{hours} opens and closes at once; a whole day is 00:00-24:00")
    for (opens, closes), (opens_again, _) in pairwise(stretches):
        if not opens < closes <= opens_again:
            raise ValueError(
                f"{hours} opens before it has closed; put the hours in order, and of a day only "
                "the last after midnight"
            )
    return hours


Hours = Annotated[str, AfterValidator(open_and_closed), Field(json_schema_extra={"pattern": HOURS})]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def known_timezone(name: str) -> str:
    """The name itself when there is such a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone: {name}") from error
    return name


def known_country(name: str | None) -> str | None:
    """The name itself when the public holidays of such a country are known."""
    import holidays
    from holidays.registry import EntityLoader

    # not loaded: that takes a tenth of a second, and every command reads the configuration
    if name and not isinstance(getattr(holidays, name, None), EntityLoader):
        raise ValueError(
            f"no public holidays are known of {name!r}; write the two capitals of a country, as NL "
            'or BE, or "" for none'
        )
    return name


Country = Annotated[str | None, AfterValidator(known_country)]


def office_hours() -> Mapping[Weekday, Hours]:
    """Half past five on weekdays closes the desk, unless said otherwise."""
    days: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")
    return dict.fromkeys(days, "09:00-17:30")


class Settings(BaseModel):
    """A section: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class OrganisationSettings(Settings):
    """One company: how people name it and where it speaks."""

    name: Name = Field(description="The company's name, as the report shows it.")
    aliases: tuple[Name, ...] = Field(
        (), description="Names people use for it; the name itself counts too."
    )
    exclude: tuple[Name, ...] = Field(
        (), description="Longer names that contain an alias but mean somebody else."
    )
    context: tuple[Name, ...] = Field(
        (), description="Words that make a post with the name more likely about it."
    )
    not_context: tuple[Name, ...] = Field(
        (), description="Words that make it less likely: what else the name means."
    )
    relevance_threshold: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Posts less likely about it are kept and not counted; from 0.6 one word of "
        "`context` must be there.",
    )
    query: str | None = Field(
        None,
        description="Which posts speak of it, as a query (docs/query-language.md); the name alone "
        "does not count then, the aliases do.",
    )
    domains: tuple[Name, ...] = Field((), description="Its web domains: links to them count.")
    tags: tuple[Name, ...] = Field((), description="Hashtags without #.")
    accounts: Mapping[str, tuple[Name, ...]] = Field(
        default_factory=dict, description="Accounts it speaks through, per platform."
    )
    employees: Mapping[str, tuple[Name, ...]] = Field(
        default_factory=dict, description="Declared employee accounts, per platform."
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The names that count by themselves: with a query the aliases alone."""
        return self.aliases if self.query is not None else (self.name, *self.aliases)

    @field_validator("query")
    @classmethod
    def _query_is_sound(cls, query: str | None) -> str | None:
        if query is not None:
            from pipeline.errors import ConfigError
            from pipeline.relevance.parse import parse

            try:
                parse(query)
            except ConfigError as error:
                raise ValueError(error.what) from None
        return query


def _address(text: str) -> str:
    """The address or path itself when it can be asked or opened at all."""
    if "\0" in text:
        raise ValueError("has a character that no address and no file name has")
    try:
        _ = urlsplit(text).port
    except ValueError as error:
        raise ValueError(f"not an address: {error}") from None
    return text


Address = Annotated[str, AfterValidator(_address)]


class SourceSettings(Settings):
    """One thing to listen to."""

    name: SourceName = Field(description="A short name of your own, used in files and reports.")
    platform: Name = Field(description="Which connector reads it; see `luister connectors`.")
    server: Address | None = Field(
        None, description="Base address, for platforms with many servers."
    )
    terms: tuple[Name, ...] | None = Field(
        None, description="Words to search for; default: the aliases of all organisations."
    )
    tags: tuple[Name, ...] | None = Field(
        None, description="Hashtags to follow; default: the tags of all organisations."
    )
    accounts: tuple[Name, ...] | None = Field(
        None, description="Accounts to read; default: those of all organisations on this platform."
    )
    urls: tuple[Address, ...] = Field((), description="Feeds, pages or files to read.")
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
        None,
        ge=0,
        le=MANY,
        description="Known posts asked for again a night; default: as [collection].",
    )
    requests_per_minute: int | None = Field(
        None,
        ge=1,
        le=MANY,
        description="How fast to ask this server; default: what the platform allows.",
    )
    allow_private: bool = Field(
        False, description="Allow addresses inside your own network for this source."
    )


class CollectionSettings(Settings):
    """How much to read, and how far back."""

    window_days: int = Field(7, ge=0, le=90, description="Re-read this far back every night.")
    backfill_days: int = Field(30, ge=1, le=3650, description="How far back the first run reads.")
    workers: int = Field(4, ge=1, le=64, description="Sources read at the same time.")
    source_deadline_seconds: int = Field(
        1800, ge=10, le=7 * _DAY, description="Longest time for one source."
    )
    threads_per_source: int = Field(
        500, ge=0, le=MANY, description="Conversations completed per source and night."
    )
    refresh_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="How long known posts are asked for again: edits, deletions, counts.",
    )
    refresh_per_source: int = Field(
        2000, ge=0, le=MANY, description="Known posts asked for again per source and night."
    )


class HttpConfiguration(Settings):
    """How politely and how patiently to ask."""

    connect_seconds: float = Field(10.0, gt=0, le=_DAY)
    read_seconds: float = Field(20.0, gt=0, le=_DAY)
    total_seconds: float = Field(60.0, gt=0, le=_DAY, description="Longest time for one answer.")
    max_megabytes: int = Field(20, ge=1, le=200, description="Largest answer accepted.")
    max_retry_after_seconds: float = Field(
        900.0, ge=0, le=_DAY, description="Longest wait a platform may ask of us in one night."
    )
    trust_environment_proxies: bool = Field(False, description="Use HTTP(S)_PROXY.")


class PrivacySettings(Settings):
    """What is kept of people, and for how long."""

    honour_opt_out: bool = Field(True, description="Leave out people who opted out.")
    payload_days: int = Field(
        14, ge=1, le=3650, description="How long what platforms sent is kept as they sent it."
    )
    text_days: int = Field(90, ge=1, le=3650, description="How long the words of posts are kept.")
    pseudonym_days: int = Field(
        90,
        ge=35,
        le=3650,
        description="How long posts and their authors are kept at all; as often, published "
        "pseudonyms are replaced.",
    )
    counts_months: int = Field(
        13, ge=1, le=120, description="How long numbers about fewer than minimum_authors are kept."
    )
    minimum_authors: int = Field(
        5, ge=2, le=MANY, description="Numbers about at least so many people are kept for good."
    )
    enforce_deletion_terms: bool = Field(
        True,
        description="Remove the words of posts that could not be seen again within the term in "
        "which their platform wants deletions followed (X 1 day, Reddit 2, YouTube 30).",
    )


class BudgetSettings(Settings):
    """How much of one platform may be taken."""

    per: Literal["day", "month"] = Field("day", description="A day, or 30 days.")
    requests: int | None = Field(None, ge=0, le=MANY, description="Requests to its servers.")
    reads: int | None = Field(None, ge=0, le=MANY, description="Posts read.")
    quotas: Mapping[str, Annotated[int, Field(ge=0, le=MANY)]] = Field(
        default_factory=dict,
        description="What the platform counts in its own way; names in `luister connectors`.",
    )
    euro: float | None = Field(None, ge=0, le=MANY, description="What reading may cost.")
