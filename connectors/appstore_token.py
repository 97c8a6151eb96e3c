"""Make the token that App Store Connect wants: a JSON Web Token signed with one's own key."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Final

import msgspec

from pipeline.errors import SecretError

SECONDS: Final = 1_200


def make_token(*, issuer: str, key_id: str, key: str, now: datetime) -> str:
    """A token for twenty minutes, the longest that is taken.

    Raises:
        SecretError: the key is no private key of the curve P-256.
    """
    started = int(now.timestamp())
    head = {"alg": "ES256", "kid": key_id, "typ": "JWT"}
    claims = {
        "iss": issuer,
        "iat": started,
        "exp": started + SECONDS,
        "aud": "appstoreconnect-v1",
    }
    words = b".".join(_encoded(msgspec.json.encode(each)) for each in (head, claims))
    return b".".join([words, _encoded(_signature(words, key))]).decode()


def _signature(words: bytes, key: str) -> bytes:
    """The two numbers of the signature, 32 bytes each, as JSON Web Signatures have them."""
    from cryptography.hazmat.primitives.asymmetric import ec, utils
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(key.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError) as error:
        raise SecretError(
            "APPSTORE_PRIVATE_KEY is no private key",
            todo="give it the whole text of the .p8 file, or name the file in"
            " APPSTORE_PRIVATE_KEY_FILE",
        ) from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.key_size != 256:
        raise SecretError("APPSTORE_PRIVATE_KEY is a key of another kind than Apple gives")
    first, second = utils.decode_dss_signature(private.sign(words, ec.ECDSA(SHA256())))
    return first.to_bytes(32, "big") + second.to_bytes(32, "big")


def _encoded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
