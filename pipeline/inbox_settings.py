"""Section [inbox] of luister.toml."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from pipeline.settings import Settings, VariableName

_YEAR: Final = 8760


class InboxSettings(Settings):
    """When an answer is late, and how a webcare tool is told."""

    target_hours: float = Field(
        8.0,
        gt=0,
        le=_YEAR,
        description="Opening hours in which a question should have its answer.",
    )
    complaint_target_hours: float = Field(
        4.0, gt=0, le=_YEAR, description="The same for a complaint or a fault."
    )
    webhook_secret: VariableName = Field(
        "LUISTER_WEBHOOK_SECRET",
        description="Environment variable that holds the key of the signature.",
    )
    webhook_allow_private: bool = Field(
        False, description="Allow a webhook inside your own network."
    )
