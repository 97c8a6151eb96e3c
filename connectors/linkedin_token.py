"""The token that LinkedIn is asked with: the one that is set, or a new one for a refresh token.

A token ends after 60 days. An app with programmatic refresh gets a refresh token beside it, good
for a year, and is given a new token for that
(https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from connectors.paging import decode
from pipeline.source import Source

if TYPE_CHECKING:
    from pipeline.http import Client

TOKEN: Final = "LINKEDIN_ACCESS_TOKEN"  # noqa: S105 the name of a variable
RENEWAL: Final = ("LINKEDIN_CLIENT_ID", "LINKEDIN_CLIENT_SECRET", "LINKEDIN_REFRESH_TOKEN")
TOKENS: Final = "https://www.linkedin.com"
LIVES: Final = "LINKEDIN_SESSION"
"""Under this name a client holds the token it was given."""


class _Grant(msgspec.Struct):
    access_token: str
    refresh_token: str | None = None


def token_of(source: Source, client: Client) -> str | None:
    """What to ask with; asked for once by each client, where all three of ``RENEWAL`` are set."""
    given = client.held(LIVES)
    if given is not None:
        return given
    number, secret, kept = (client.secret(name) for name in RENEWAL)
    if not (number and secret and kept):
        return client.secret(TOKEN)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": kept,
        "client_id": number,
        "client_secret": secret,
    }
    address = f"{(source.server or TOKENS).rstrip('/')}/oauth/v2/accessToken"
    grant = decode(client.post(address, form=form).body, _Grant)
    client.renew(LIVES, grant.access_token, is_kept=False)
    if grant.refresh_token:
        client.renew(RENEWAL[2], grant.refresh_token)
    return grant.access_token
