"""Section [alerts] of luister.toml: where alerts go, which ones, and when not."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from pipeline.settings import Settings, SourceName, VariableName

Kind = Literal["digest", "peak", "complaint", "source", "retention"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


def known_hours(told: str) -> str:
    """The stretch itself when it is one: ``22:00-07:30``."""
    parsed_hours(told)
    return told


def parsed_hours(told: str) -> tuple[time, time]:
    """Begin and end of ``22:00-07:30``; the end may lie on the next day."""
    begin, _, end = told.partition("-")
    try:
        return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError as error:
        raise ValueError(f"not a stretch of time like 22:00-07:30: {told!r}") from error


class PlaceSettings(Settings):
    """One place alerts go to."""

    name: SourceName = Field(description="A short name of your own.")
    address: VariableName = Field(
        description="Environment variable (or NAME_FILE) that holds its apprise address, "
        "for it is a secret: mailto://, slack://, msteams:// and 170 others."
    )
    kinds: tuple[Kind, ...] | None = Field(None, description="Which kinds; default: as [alerts].")


class AlertSettings(Settings):
    """What is told, and when not."""

    kinds: tuple[Kind, ...] = Field(
        KINDS, description="`digest`, `peak`, `complaint`, `source` and `retention`; default: all."
    )
    quiet_hours: Annotated[str, AfterValidator(known_hours)] | None = Field(
        None, description='Held until after: "22:00-07:30", in your time zone.'
    )
    place: tuple[PlaceSettings, ...] = Field((), description="Where to: [[alerts.place]].")

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [each.name for each in self.place]
        if len(set(names)) < len(names):
            raise ValueError("two places have the same name")
        return self
