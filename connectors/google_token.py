"""The token that Google gives for an hour, in exchange for what proves who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.paging import decode

if TYPE_CHECKING:
    from pipeline.http import Client

TOKENS: Final = "https://oauth2.googleapis.com/token"


class _Token(msgspec.Struct):
    access_token: str


def exchanged(client: Client, form: Mapping[str, str]) -> str:
    """A token, known from now on as what must never be shown."""
    token = decode(client.post(TOKENS, form=form).body, _Token).access_token
    client.learn(token)
    return token
