"""Tokens that end: renewed in time, kept where they were found, and told to nobody."""

import logging
import stat
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors import linkedin, tiktok
from connectors.testing import NEWEST, client_for
from pipeline.source import Source

SINCE = NEWEST
PAGE = Source(name="page", platform="linkedin", accounts=("urn:li:organization:1",))
LINKEDIN = {
    "LINKEDIN_ACCESS_TOKEN": "token-that-ended",
    "LINKEDIN_CLIENT_ID": "app-number",
    "LINKEDIN_CLIENT_SECRET": "app-secret",
}
TIKTOK = {"TIKTOK_CLIENT_KEY": "app-key", "TIKTOK_CLIENT_SECRET": "app-secret"}


class Server:
    """Gives tokens, and otherwise nothing; remembers what it was asked."""

    def __init__(self, grant: dict[str, Any], nothing: dict[str, Any]) -> None:
        self.grant = grant
        self.nothing = nothing
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        is_grant = request.method == "POST"
        return httpx.Response(200, json=self.grant if is_grant else self.nothing)


def tiktok_server(refresh: str) -> Server:
    grant = {"access_token": "day-token", "open_id": "biz", "refresh_token": refresh}
    nothing = {"code": 0, "message": "OK", "data": {"videos": [], "has_more": False}}
    return Server({"code": 0, "message": "OK", "data": grant}, nothing)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "refresh"
    path.touch(mode=0o600)
    path.write_text("first-refresh\n")
    return path


@pytest.mark.fault(4)
def test_linkedin_asks_once_for_a_new_token_and_uses_it(file: Path) -> None:
    grant = {"access_token": "token-of-now", "refresh_token": "second-refresh"}
    server = Server(grant, {"elements": []})
    secrets = LINKEDIN | {"LINKEDIN_REFRESH_TOKEN_FILE": str(file)}
    with client_for(linkedin, PAGE, server, **secrets) as client:
        list(linkedin.timeline(PAGE, client, SINCE))
        list(linkedin.timeline(PAGE, client, SINCE))
    granted, *listed = server.asked
    assert b"refresh_token=first-refresh" in granted.content
    assert str(granted.url) == "https://www.linkedin.com/oauth/v2/accessToken"
    assert {each.headers["authorization"] for each in listed} == {"Bearer token-of-now"}
    assert all(each.method == "GET" for each in listed)
    assert file.read_text() == "second-refresh\n"


def test_linkedin_without_a_refresh_token_uses_the_one_that_is_set() -> None:
    server = Server({}, {"elements": []})
    with client_for(linkedin, PAGE, server, **LINKEDIN) as client:
        list(linkedin.timeline(PAGE, client, SINCE))
    assert {each.headers["authorization"] for each in server.asked} == {"Bearer token-that-ended"}


def test_tiktok_keeps_the_refresh_token_that_takes_the_place_of_the_old_one(file: Path) -> None:
    source = Source(name="tok", platform="tiktok")
    server = tiktok_server("second-refresh")
    secrets = TIKTOK | {"TIKTOK_REFRESH_TOKEN_FILE": str(file)}
    with client_for(tiktok, source, server, **secrets) as client:
        list(tiktok.timeline(source, client, SINCE))
        list(tiktok.timeline(source, client, SINCE))
    grants = [each.content for each in server.asked if each.method == "POST"]
    assert [b"first-refresh" in each for each in grants] == [True, False]
    assert b"second-refresh" in grants[1]
    assert file.read_text() == "second-refresh\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_token_of_the_environment_cannot_be_kept_and_that_is_told_without_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = Source(name="tok", platform="tiktok")
    caplog.set_level(logging.DEBUG)
    secrets = TIKTOK | {"TIKTOK_REFRESH_TOKEN": "first-refresh"}
    with client_for(tiktok, source, tiktok_server("second-refresh"), **secrets) as client:
        list(tiktok.timeline(source, client, SINCE))
    assert "name a file that Luister may write in TIKTOK_REFRESH_TOKEN_FILE" in caplog.text
    assert "second-refresh" not in caplog.text


def test_the_same_token_again_is_no_news(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    source = Source(name="tok", platform="tiktok")
    before = file.stat().st_ino
    secrets = TIKTOK | {"TIKTOK_REFRESH_TOKEN_FILE": str(file)}
    with client_for(tiktok, source, tiktok_server("first-refresh"), **secrets) as client:
        list(tiktok.timeline(source, client, SINCE))
    assert file.stat().st_ino == before
    assert caplog.text == ""
