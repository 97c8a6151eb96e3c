"""Sending, through apprise: the only module that knows it.

An address is a secret: it is read from the environment when it is needed, and blanked, as is every
part of it, in whatever is said of it.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final

from pipeline.alerts.settings import PlaceSettings
from pipeline.errors import ConfigError, SourceUnavailable
from pipeline.logs import redact_logs
from pipeline.secrets import EVERYWHERE, MINIMUM_LENGTH, Redactor, find_secret

if TYPE_CHECKING:
    import apprise

SECONDS: Final = 60
_PARTS: Final = re.compile(r"[^/:@?&=#\s,]+")
_SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def send(place: PlaceSettings, title: str, body: str) -> None:
    """Send plain text to a place.

    Raises:
        ConfigError: its variable holds no address, or none that apprise understands.
        SourceUnavailable: it was not delivered; says why, without secrets.
    """
    service, redactor = _service(place)
    result = service.notify(title=title, body=body, body_format="text", timeout=SECONDS)
    if not result:
        raise SourceUnavailable(
            f"was not delivered{_why(result, redactor)}",
            where=f"alerts.place {place.name}",
            todo=f"look at the address in {place.address}; `luister alert --test` tries it",
        )


def _service(place: PlaceSettings) -> tuple[apprise.Apprise, Redactor]:
    import apprise

    redact_logs()
    log = logging.getLogger("apprise")
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    address = find_secret(place.address)
    if address is None:
        raise ConfigError(
            f"{place.address} is not set",
            where=f"alerts.place {place.name}",
            todo="put its apprise address there (mailto://…, slack://…), or in a file of its own",
        )
    redactor = learn(address)
    service = apprise.Apprise(asset=apprise.AppriseAsset(app_id="Luister", async_mode=False))
    if not service.add(address):
        raise ConfigError(
            f"what {place.address} holds is no address apprise knows",
            where=f"alerts.place {place.name}",
            todo="see https://appriseit.com for how addresses are written",
        )
    return service, redactor


def learn(address: str) -> Redactor:
    """Blank an address and every part of it from now on, in logs and in what we say."""
    redactor = Redactor()
    for part in (address, *_PARTS.findall(_SCHEME.sub("", address))):
        if len(part) >= MINIMUM_LENGTH:
            redactor.learn(part)
            EVERYWHERE.learn(part)
    return redactor


def _why(result: apprise.AppriseResult, redactor: Redactor) -> str:
    """The last that apprise had to say of it, on one line."""
    told = [entry.message for entry in result.logs() if entry.level in {"WARNING", "ERROR"}]
    reason = " ".join(redactor.redact(told[-1]).split()) if told else ""
    return f": {reason[:300]}" if reason else ""
