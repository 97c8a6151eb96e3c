"""Who may look at the pages, and what a browser is told it may do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pipeline.errors import ConfigError
from pipeline.explore import questions
from pipeline.explore.gate import Sessions, guarded, host_of, is_loopback
from pipeline.explore.published import Night
from tests.explore.conftest import Served, served

PASSWORD = "een heel lang wachtwoord"


@pytest.fixture(scope="module")
def locked(months: Path) -> Iterator[Served]:
    with served(months, password=PASSWORD, host="0.0.0.0", language="nl") as pages:
        yield pages


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "luister.example", "::"])
def test_others_are_let_in_only_with_a_password(host: str) -> None:
    with pytest.raises(ConfigError, match="no password"):
        guarded(host, None)
    with pytest.raises(ConfigError, match="fewer than 12"):
        guarded(host, "kort")
    assert guarded(host, PASSWORD) == PASSWORD


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_machine_needs_none(host: str) -> None:
    assert is_loopback(host)
    assert guarded(host, None) is None


def test_a_host_header_is_read_without_its_port() -> None:
    assert [host_of(each) for each in ("a:1", "a", "[::1]:80", "127.0.0.1:8531")] == [
        *("a", "a", "::1", "127.0.0.1")
    ]


def test_a_site_that_had_its_name_point_here_sees_nothing(english: Served) -> None:
    answer = httpx.get(f"{english.address}/", headers={"host": "evil.example"})

    assert answer.status_code == 421
    assert "Waterland" not in answer.text


@pytest.mark.parametrize("path", ["/", "/compare", "/posts.csv", "/posts.xlsx", "/nothing"])
def test_without_the_password_there_is_only_the_question(locked: Served, path: str) -> None:
    for cookies in ({}, {"luister_session": "guessed"}, {"luister_session": ""}):
        answer = httpx.get(locked.address + path, cookies=cookies)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert not answer.text


def test_whoever_tells_it_may_look_until_they_leave(locked: Served) -> None:
    with httpx.Client(base_url=locked.address) as visitor:
        wrong = visitor.post("/login", data={"password": "iets anders"})
        assert wrong.status_code == 401
        assert "Dat is niet het wachtwoord." in wrong.text
        assert not wrong.headers.get("set-cookie")

        entered = visitor.post("/login", data={"password": PASSWORD})
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert PASSWORD not in cookie
        assert visitor.get("/").status_code == 200

        token = visitor.cookies["luister_session"]
        visitor.post("/logout")
        stolen = httpx.get(f"{locked.address}/", cookies={"luister_session": token})
        assert stolen.status_code == 303


def test_a_form_that_is_too_long_is_not_read(locked: Served) -> None:
    answer = httpx.post(f"{locked.address}/login", data={"password": "x" * 5000})

    assert answer.status_code == 413


def test_another_site_cannot_send_a_form(locked: Served) -> None:
    answer = httpx.post(
        f"{locked.address}/login",
        data={"password": PASSWORD},
        headers={"sec-fetch-site": "cross-site"},
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/posts.csv", "/login", "/nothing"])
def test_every_answer_forbids_scripts_and_frames(english: Served, path: str) -> None:
    headers = httpx.get(english.address + path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/compare", "/posts.csv", "/posts.xlsx"])
def test_an_answer_that_takes_too_long_is_said_plainly(
    months: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A statement that would go on for hours takes the place of the page's own."""

    def endless(night: Night, *_: object) -> Iterator[list[tuple[object, ...]]]:
        return night.stream("select count(*) from range(1_000_000_000) as a, range(1000) as b", {})

    for name in ("counts", "periods"):
        monkeypatch.setattr(questions, name, lambda night, *_: next(endless(night)))
    monkeypatch.setattr(questions, "export", endless)
    with served(months, language="nl") as pages:
        monkeypatch.setattr("pipeline.explore.published.SECONDS", 0.2)
        answer = httpx.get(pages.address + path)

    assert answer.status_code == 503
    assert "Dit duurde te lang" in answer.text
    assert "script" not in answer.headers["content-security-policy"]


def test_a_token_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions(PASSWORD)
    token = sessions.enter(PASSWORD) or ""
    assert sessions.knows(token)
    monkeypatch.setattr("pipeline.explore.gate.time.monotonic", lambda: 1e12)
    assert not sessions.knows(token)
