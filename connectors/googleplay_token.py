"""How Google lets a service account in, and how it says no."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from pipeline.errors import (
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.source import Reply

TOKENS: Final = "https://oauth2.googleapis.com/token"
SCOPE: Final = "https://www.googleapis.com/auth/androidpublisher"
SECONDS: Final = 3_600
_LIMITS: Final = frozenset(
    {
        *("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"),
        "RESOURCE_EXHAUSTED",
    }
)
_BY_CODE: Final[Mapping[int, type[LuisterError]]] = {
    401: SourceRefused,
    403: SourceRefused,
    404: SourceGone,
    429: RateLimited,
    500: SourceUnavailable,
    503: SourceUnavailable,
}


class _ServiceAccount(msgspec.Struct):
    client_email: str
    private_key: str
    private_key_id: str | None = None


class _Reason(msgspec.Struct):
    reason: str = ""


class _Error(msgspec.Struct):
    code: int
    message: str = ""
    status: str = ""
    errors: list[_Reason] = []


class _Answer(msgspec.Struct):
    """Wrong requests have an object, a token that is not given has a word."""

    error: _Error | str
    error_description: str = ""


def make_assertion(account: str, now: datetime) -> str:
    """The claim to be this service account, signed with its key.

    Raises:
        ConfigError: the text is no JSON key of a service account.
    """
    try:
        found = msgspec.json.decode(account, type=_ServiceAccount)
    except msgspec.MsgspecError as error:
        raise ConfigError(
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


def refused(reply: Reply) -> LuisterError | None:
    """What Google says is wrong, whatever the status; a 429 tells its seconds in the headers."""
    body = reply.body.lstrip()
    if reply.status == 429 or not body.startswith(b"{") or b'"error"' not in body:
        return None
    try:
        told = msgspec.json.decode(body, type=_Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if isinstance(told.error, str):
        words = f"Google gives no token ({told.error}): {told.error_description[:160]}"
        return SourceRefused(words, where=reply.url)
    words = f"Google refuses ({told.error.code} {told.error.status}): {told.error.message[:160]}"
    if _LIMITS & {told.error.status, *(each.reason for each in told.error.errors)}:
        return RateLimited(words, where=reply.url)
    return _BY_CODE.get(told.error.code, PayloadError)(words, where=reply.url)


def _signature(words: bytes, key: str) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ConfigError("the private_key in GOOGLEPLAY_SERVICE_ACCOUNT is none") from error
    if not isinstance(private, rsa.RSAPrivateKey):
        raise ConfigError("the private_key in GOOGLEPLAY_SERVICE_ACCOUNT is no RSA key")
    return private.sign(words, padding.PKCS1v15(), SHA256())


def _encoded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
