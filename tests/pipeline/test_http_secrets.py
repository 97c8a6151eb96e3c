"""A secret leaves only in the request it belongs to."""

import logging
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.errors import ConfigError, LuisterError, SourceRefused
from pipeline.source import Access
from tests.misbehaving import Misbehaving, answer, redirect
from tests.pipeline.http_client import client_of

CANARY = "CANARY/with+odd chars&=é"
PLATFORM = SimpleNamespace(
    ACCESS=Access(requests=1_000, seconds=1.0, secrets=("SHOP_TOKEN", "SHOP_IDENTIFIER"))
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", CANARY)
    monkeypatch.setenv("SHOP_IDENTIFIER", "shop.example.social")


def is_clean(text: str) -> bool:
    return "CANARY" not in text


def test_a_secret_in_an_address_is_sent_and_shown_nowhere(server: Misbehaving) -> None:
    url = server.on("/page", answer(200))
    with client_of(connector=PLATFORM) as client:
        reply = client.get(url, params={"q": client.secret("SHOP_TOKEN") or "", "page": 2})
    assert "CANARY" in server.asked[0].path
    assert reply.url == server.url("/page?q=***&page=2")


@pytest.mark.parametrize("status", [400, 401, 404, 429, 503])
def test_a_server_that_echoes_a_secret_does_not_bring_it_into_an_error(
    server: Misbehaving, status: int
) -> None:
    url = server.on("/page", answer(status, f"you sent {CANARY}, in vain".encode()))
    with client_of(connector=PLATFORM) as client, pytest.raises(LuisterError) as error:
        client.get(url, params={"access_token": client.secret("SHOP_TOKEN") or ""})
    assert is_clean(f"{error.value} {error.value.args} {error.value.where} {error.value.todo}")
    assert "access_token=***" in error.value.where


def test_an_address_that_the_guard_refuses_is_shown_without_its_secrets() -> None:
    with client_of(connector=PLATFORM, allow_private=False) as client:
        client.secret("SHOP_TOKEN")
        with pytest.raises(SourceRefused) as error:
            client.get("http://10.0.0.1/?key=0123456789")
    assert "0123456789" not in str(error.value)


def test_a_token_that_a_server_gave_is_learnt(server: Misbehaving) -> None:
    url = server.on("/page", answer(400, b"bad: given-token-1"))
    with client_of() as client:
        client.learn("given-token-1")
        with pytest.raises(LuisterError) as error:
            client.get(url, bearer="given-token-1")
    assert "given-token-1" not in str(error.value)


@pytest.mark.fault(57)
def test_no_log_holds_a_secret_even_where_httpx_is_made_to_talk(
    server: Misbehaving, caplog: pytest.LogCaptureFixture
) -> None:
    url = server.on("/page", redirect("/next?access_token=CANARY-of-the-server"), answer(503))
    server.on("/next", answer(503))
    with client_of(connector=PLATFORM) as client:
        secret = client.secret("SHOP_TOKEN") or ""
        for name in ("httpx", "httpcore", "stamina"):
            caplog.set_level(logging.DEBUG, logger=name)
        with pytest.raises(LuisterError):
            client.get(url, params={"q": secret}, headers={"Authorization": "Bearer CANARY-bearer"})
    assert "HTTP Request" in caplog.text
    assert "stamina.retry_scheduled" in caplog.text
    assert all(is_clean(f"{vars(record)}") for record in caplog.records)
    assert is_clean(caplog.text)


def test_httpx_is_quiet_from_the_first_client_on() -> None:
    with client_of():
        assert logging.getLogger("httpx").level == logging.WARNING


@pytest.mark.fault(57)
def test_a_recording_holds_no_secret(server: Misbehaving, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    url = server.on(
        "/session",
        answer(
            200,
            b'{"accessJwt": "CANARY-a.b.c", "refreshJwt":"CANARY\\"r",'
            b' "handle": "shop.example.social", "echo": "' + CANARY.encode() + b'"}',
            {"Set-Cookie": "CANARY-cookie=1", "Link": "<https://x.example/?access_token=CANARY-l>"},
        ),
    )
    with client_of(connector=PLATFORM, record=folder) as client:
        client.post(
            url,
            json={
                "identifier": client.secret("SHOP_IDENTIFIER"),
                "password": client.secret("SHOP_TOKEN"),
            },
            headers={"X-Api-Key": "CANARY-key"},
        )
        client.get(url, params={"token": client.secret("SHOP_TOKEN") or ""})
    kept = [path.read_text() for path in folder.iterdir()]
    assert len(kept) == 2
    assert all(is_clean(text) for text in kept)
    assert all("shop.example.social" in text for text in kept)
    assert all(is_clean(path.name) and len(path.stem) == 29 for path in folder.iterdir())
    assert folder.stat().st_mode & 0o077 == 0


def test_a_token_that_no_header_can_hold_is_a_mistake_in_the_configuration() -> None:
    with client_of() as client, pytest.raises(ConfigError, match="characters"):
        client.get("https://shop.example/", bearer="two\nlines")


def test_we_say_who_we_are(server: Misbehaving) -> None:
    url = server.on("/", answer())
    with client_of() as client:
        client.get(url)
    agent = server.asked[0].headers["user-agent"]
    assert agent.startswith("Luister/")
    assert agent.endswith(" (+listening@shop.example)")
