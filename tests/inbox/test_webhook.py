"""A webcare tool on this machine takes the inbox over."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import stamina

from pipeline.errors import ConfigError, SourceRefused
from pipeline.http import HttpSettings
from pipeline.inbox import Inbox, read_inbox
from pipeline.inbox_settings import InboxSettings
from pipeline.inbox_webhook import deliver, signature, signing_key

NOW = datetime(2025, 3, 7, 12, 0, tzinfo=UTC)
OWN_NETWORK = InboxSettings(webhook_allow_private=True)


class Receiver(HTTPServer):
    """Keeps what is posted to it, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kept: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks/canary-path-7731"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): text for name, text in self.headers.items()}
        self.server.kept.append((headers, body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with stamina.set_testing(True, attempts=3):
        yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def inbox(data: Path, monkeypatch: pytest.MonkeyPatch) -> Inbox:
    monkeypatch.setenv("LUISTER_WEBHOOK_SECRET", "canary-key-0451")
    return read_inbox(data, "Zon", InboxSettings(), limit=2)


def test_what_arrives_is_signed_over_the_very_bytes(inbox: Inbox, receiver: Receiver) -> None:
    told = deliver(inbox, receiver.url, OWN_NETWORK, HttpSettings(), now=NOW)

    ((headers, body),) = receiver.kept
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(b"canary-key-0451", content, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["content-type"] == "application/json"
    assert len(json.loads(body)["waiting"]) == 2
    assert (told.people, told.conversations, told.status) == (2, 2, 200)


def test_who_is_handed_over_twice_is_one_person(
    data: Path, inbox: Inbox, receiver: Receiver
) -> None:
    of_kees = read_inbox(data, "Maan", InboxSettings(), limit=2)

    told = deliver(of_kees, receiver.url, OWN_NETWORK, HttpSettings(), now=NOW)

    assert [each.handle for each in of_kees.waiting] == ["kees", "kees"]
    assert (of_kees.people, told.people, told.conversations) == (2, 1, 2)


def test_the_same_inbox_has_the_same_idempotency_key_and_a_retry_too(
    inbox: Inbox, receiver: Receiver
) -> None:
    receiver.answers = [503]

    deliver(inbox, receiver.url, OWN_NETWORK, HttpSettings(), now=NOW)
    deliver(inbox, receiver.url, OWN_NETWORK, HttpSettings(), now=NOW)

    assert len(receiver.kept) == 3
    assert len({headers["idempotency-key"] for headers, _ in receiver.kept}) == 1


def test_an_address_from_the_environment_is_never_shown(
    inbox: Inbox, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBCARE_ADDRESS", receiver.url)
    receiver.answers = [403]

    with pytest.raises(SourceRefused) as raised:
        deliver(inbox, "WEBCARE_ADDRESS", OWN_NETWORK, HttpSettings(), now=NOW)

    assert "canary" not in str(raised.value)


def test_names_go_over_https_only(inbox: Inbox, receiver: Receiver) -> None:
    with pytest.raises(ConfigError, match="https only"):
        deliver(inbox, receiver.url, InboxSettings(), HttpSettings(), now=NOW)
    assert not receiver.kept


@pytest.mark.parametrize(
    "target", ["https://127.0.0.1/hook", "https://169.254.169.254/x", "https://intranet.local/x"]
)
def test_an_address_inside_the_house_is_refused(inbox: Inbox, target: str) -> None:
    with pytest.raises(SourceRefused, match="inside a network"):
        deliver(inbox, target, InboxSettings(), HttpSettings(), now=NOW)


def test_without_a_key_nothing_is_sent(
    inbox: Inbox, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LUISTER_WEBHOOK_SECRET")

    with pytest.raises(ConfigError, match="nothing to sign"):
        deliver(inbox, receiver.url, OWN_NETWORK, HttpSettings(), now=NOW)
    assert not receiver.kept


def test_the_example_of_the_reference_libraries_is_signed_as_they_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOOK_KEY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    told = signature(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        b'{"test": 2432232314}',
        signing_key("HOOK_KEY"),
    )

    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
