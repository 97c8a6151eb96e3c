"""The inbox handed to a webcare tool: signed JSON to one address.

Signed as the Standard Webhooks specification has it (https://www.standardwebhooks.com):
``webhook-signature`` is ``v1,`` and the base64 of HMAC-SHA256 over ``<id>.<timestamp>.<body>``.
The id is a digest of what is sent, so that a receiver who has it can leave the second one; it
stands in ``Idempotency-Key`` too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.errors import ConfigError
from pipeline.http import HttpSettings, open_client
from pipeline.inbox import Inbox
from pipeline.inbox_settings import InboxSettings
from pipeline.pace import Pace
from pipeline.secrets import find_secret
from pipeline.source import Access, Source

if TYPE_CHECKING:
    import httpx

LONGEST_WAIT_SECONDS: Final = 60.0
_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,127}")
_ENCODED: Final = "whsec_"
_RECEIVER: Final = SimpleNamespace(ACCESS=Access())


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed over: its id, how many people and conversations, what the answer was.

    Who waits in two of the conversations is one of the people.
    """

    id: str
    people: int
    conversations: int
    status: int


def deliver(
    inbox: Inbox,
    target: str,
    settings: InboxSettings,
    http: HttpSettings,
    *,
    now: datetime,
    transport: httpx.BaseTransport | None = None,
) -> Delivery:
    """Post the inbox to an address, or to the one in the environment variable ``target``.

    Raises:
        ConfigError: no key to sign with, no such variable, or an address without https.
        LuisterError: the receiver cannot be reached, or says no.
    """
    key = signing_key(settings.webhook_secret)
    url, is_secret = _address(target, settings)
    body = msgspec.json.encode(inbox)
    patient = msgspec.structs.replace(http, max_retry_after_seconds=LONGEST_WAIT_SECONDS)
    source = Source(
        name="webhook", platform="webhook", allow_private=settings.webhook_allow_private
    )
    with open_client(source, _RECEIVER, patient, pace=Pace(), transport=transport) as client:
        if is_secret:
            client.learn(url)
        headers = signed(body, key, now)
        reply = client.post(url, body=body, headers=headers)
    return Delivery(
        id=headers["webhook-id"],
        people=inbox.people_told,
        conversations=len(inbox.waiting),
        status=reply.status,
    )


def signed(body: bytes, key: bytes, now: datetime) -> dict[str, str]:
    """The headers of a signed body."""
    name = f"inbox_{hashlib.sha256(body).hexdigest()[:32]}"
    timestamp = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "Idempotency-Key": name,
        "webhook-id": name,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(name, timestamp, body, key),
    }


def signature(name: str, timestamp: str, body: bytes, key: bytes) -> str:
    """The signature of a body that goes under this id at this second since 1970."""
    content = b".".join((name.encode(), timestamp.encode(), body))
    digest = hmac.new(key, content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def signing_key(variable: str) -> bytes:
    """The key in an environment variable: as it stands, or base64 behind ``whsec_``.

    Raises:
        ConfigError: it is not set, or is no base64.
    """
    secret = find_secret(variable)
    if secret is None:
        raise ConfigError(
            "nothing to sign the webhook with",
            where=variable,
            todo=f"put a long random text in {variable} here, and the same at the receiver",
        )
    if not secret.startswith(_ENCODED):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_ENCODED), validate=True)
    except binascii.Error:
        raise ConfigError(
            "what stands behind whsec_ is no base64", where=variable, todo="copy it again"
        ) from None


def _address(target: str, settings: InboxSettings) -> tuple[str, bool]:
    """The address, and whether it must not be shown."""
    is_named = _VARIABLE.fullmatch(target) is not None
    url = find_secret(target) if is_named else target
    if url is None:
        raise ConfigError("this environment variable holds no address", where=target, todo="set it")
    if not url.startswith("https://") and not settings.webhook_allow_private:
        raise ConfigError(
            "names and texts of people go over https only",
            where="--webhook",
            todo="give an https address, or set inbox.webhook_allow_private for your own network",
        )
    return url, is_named
