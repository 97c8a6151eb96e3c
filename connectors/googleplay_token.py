"""How Google lets a service account in."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from connectors.google_token import TOKENS, exchanged
from pipeline.errors import SecretError
from pipeline.source import Source

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from pipeline.http import Client

SCOPE: Final = "https://www.googleapis.com/auth/androidpublisher"
SECONDS: Final = 3_600
SECRETS: Final = ("GOOGLEPLAY_SERVICE_ACCOUNT",)


class _ServiceAccount(msgspec.Struct):
    client_email: str
    private_key: str
    private_key_id: str | None = None


def log_in(source: Source, client: Client) -> str:
    """A token for an hour, in exchange for a claim signed with the service account's key.

    Raises:
        SecretError: the secret is not given, or is no key of a service account.
    """
    key = client.secret(SECRETS[0])
    if key is None:
        raise SecretError(f"Google Play needs {source.variables(SECRETS)}", where=source.name)
    assertion = make_assertion(key, datetime.now(UTC))
    client.learn(assertion)
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    return exchanged(client, form)


def make_assertion(account: str, now: datetime) -> str:
    """The claim to be this service account, signed with its key.

    Raises:
        SecretError: the text is no JSON key of a service account.
    """
    try:
        found = msgspec.json.decode(account, type=_ServiceAccount)
    except msgspec.MsgspecError as error:
        raise SecretError(
            "GOOGLEPLAY_SERVICE_ACCOUNT is no JSON key of a service account",
            todo="give it the whole text of the file that Google gave, or name the file in"
            " GOOGLEPLAY_SERVICE_ACCOUNT_FILE",
        ) from error
    started = int(now.timestamp())
    head = {"alg": "RS256", "typ": "JWT"}
    if found.private_key_id:
        head["kid"] = found.private_key_id
    claims = {
        "iss": found.client_email,
        "scope": SCOPE,
        "aud": TOKENS,
        "iat": started,
        "exp": started + SECONDS,
    }
    words = b".".join(_encoded(msgspec.json.encode(each)) for each in (head, claims))
    return b".".join([words, _encoded(_signature(words, found.private_key))]).decode()


def _signature(words: bytes, key: str) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.hashes import SHA256

    return _private(key).sign(words, padding.PKCS1v15(), SHA256())


@lru_cache(maxsize=4)
def _private(key: str) -> RSAPrivateKey:
    """Reading a key proves that its numbers are primes: a tenth of a second."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise SecretError("the private_key in GOOGLEPLAY_SERVICE_ACCOUNT is none") from error
    if not isinstance(private, RSAPrivateKey):
        raise SecretError("the private_key in GOOGLEPLAY_SERVICE_ACCOUNT is no RSA key")
    return private


def _encoded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
