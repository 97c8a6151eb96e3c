"""Real messages through apprise to a receiver on this machine, with texts that want something."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import apprise
import pytest
from apprise.common import NotifyFormat
from apprise.conversion import convert_between
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.alerts.sending import send
from pipeline.alerts.settings import PlaceSettings
from pipeline.alerts.telling import tell
from pipeline.alerts.wording import harmless, snippet
from pipeline.errors import ConfigError, SourceUnavailable
from pipeline.report.failures import secret_step
from pipeline.report.words import Words
from pipeline.secret_names import SecretNames
from tests.alerts.conftest import CANARY, MORNING, Receiver, config_of
from tests.report.hostile import HOSTILE

TEAM = PlaceSettings(name="team", address="LUISTER_ALERT_TEAM")
KNOWN_PLACES = (
    "slack://TokenA1234/TokenB1234/TokenC12345678901234567890/#team",
    "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz",
    "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "mailto://user:password@example.org",
)
PINGS = (
    "@everyone look",
    "<!channel> <!here> <@U0123> <#C0123>",
    "<https://evil.example|your bank>",
    "[your bank](https://evil.example)",
    "`code` *bold* _slanted_ ~gone~ ||hidden||",
    "# heading\n> quote\n- list",
    "&lt;script&gt;",
)


def test_a_night_arrives_at_the_receiver(folder: Path, receiver: Receiver) -> None:
    told = tell(config_of(folder), MORNING)

    assert told.failures == ()
    assert [each["title"] for each in receiver.kept] == [
        "Zon: the night of Thursday 6 March",
        "Zon: 19 complaints past their target",
        "Zon: 19 complaints past their target",
    ]


@pytest.mark.fault(49)
@pytest.mark.parametrize("form", ["text", "html", "markdown"])
def test_hostile_text_stays_text_in_every_format(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv("LUISTER_ALERT_TEAM", receiver.address(form=form))
    for text in (*HOSTILE, *PINGS):
        send(TEAM, "title", snippet(text))

    assert len(receiver.kept) == len(HOSTILE) + len(PINGS)
    for kept in receiver.kept:
        message = kept["message"]
        assert "<" not in message.replace("<br/>", "")
        assert "@everyone" not in message
        assert "](" not in message
        assert "evil.example" not in message or "://evil" not in message
        assert not any(mark in message for mark in ("`", "||", "\x1b", "\x07"))


@pytest.mark.parametrize("address", KNOWN_PLACES)
def test_what_apprise_makes_of_it_for_known_places_pings_nobody(address: str) -> None:
    service = apprise.Apprise()
    assert service.add(address)

    for text in PINGS:
        target = service[0].resolve_format(NotifyFormat.TEXT)
        made = convert_between(NotifyFormat.TEXT, target, snippet(text))
        assert not any(sign in made for sign in ("<!", "<@", "<#", "<http", "@everyone", "](h"))


@settings(max_examples=60)
@given(st.text())
def test_harmless_text_has_one_line_and_none_of_the_signs(text: str) -> None:
    made = harmless(text)

    assert not set("<>`*~|[]\\#{}&\n\r\t\x1b\0") & set(made)
    assert not re.search(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", made)
    assert "://" not in made
    assert "@e" not in made
    assert harmless(made).replace("\u2060", "") == made.replace("\u2060", "")


@settings(max_examples=200)
@given(st.text(alphabet="ab1é _*`~|[]()#>-\n"))
def test_harmless_text_formats_nothing_in_markdown(text: str) -> None:
    shown = MarkdownIt("commonmark").parseInline(harmless(text))[0].children or []

    assert {token.type for token in shown} <= {"text"}


@pytest.mark.parametrize("name", ["MASTODON_TOKEN", "town_feed_2", "luister inbox"])
def test_what_somebody_may_want_to_copy_keeps_its_signs(name: str) -> None:
    assert harmless(f"set {name}, and look") == f"set {name}, and look"
    assert harmless(f"_{name}_ __{name}__") == f"＿{name}＿ ＿＿{name}＿＿"


@pytest.mark.fault(4)
@pytest.mark.parametrize("place", ["slack", "discord", "tgram", "mailto"])
def test_names_of_variables_arrive_as_they_are_set(place: str) -> None:
    (address,) = [each for each in KNOWN_PLACES if each.startswith(place)]
    service = apprise.Apprise()
    assert service.add(address)
    names = SecretNames(used=("MASTODON_TOKEN", "OUR_2ND_KEY_FILE", "A__B", "ENDS_"))
    step = secret_step("SourceRefused", names, Words("en"))

    target = service[0].resolve_format(NotifyFormat.TEXT)
    made = convert_between(NotifyFormat.TEXT, target, step)

    plain = made.replace("&nbsp;", " ")
    assert "MASTODON_TOKEN, OUR_2ND_KEY_FILE, A__B, ENDS_: renew them" in plain
    shown = MarkdownIt("commonmark").parseInline(plain)[0].children or []
    assert "".join(each.content for each in shown) == plain


@pytest.mark.parametrize("status", [401, 500])
def test_what_was_not_delivered_says_why_without_the_address(
    receiver: Receiver, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = status
    with caplog.at_level(logging.DEBUG), pytest.raises(SourceUnavailable) as raised:
        send(TEAM, "title", "body")

    assert f"error={status}" in str(raised.value)
    assert "LUISTER_ALERT_TEAM" in str(raised.value)
    assert CANARY not in str(raised.value)
    assert CANARY not in caplog.text


def test_a_canary_appears_nowhere(
    folder: Path,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with caplog.at_level(logging.DEBUG):
        tell(config_of(folder), MORNING)
        receiver.status = 403
        (folder / "alerts.json").unlink()
        told = tell(config_of(folder), MORNING)

    shown = capfd.readouterr()
    everything = "".join((*told.failures, caplog.text, shown.out, shown.err))
    assert len(told.failures) == 2
    assert CANARY not in everything
    for path in (each for each in folder.rglob("*") if each.is_file()):
        assert CANARY.encode() not in path.read_bytes()


def test_a_place_without_its_variable_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LUISTER_ALERT_TEAM", raising=False)
    with pytest.raises(ConfigError, match="LUISTER_ALERT_TEAM is not set"):
        send(TEAM, "title", "body")


def test_an_address_may_stand_in_a_file(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LUISTER_ALERT_TEAM")
    path = tmp_path / "address"
    path.write_text(receiver.address())
    path.chmod(0o600)
    monkeypatch.setenv("LUISTER_ALERT_TEAM_FILE", str(path))

    send(TEAM, "title", "body")

    assert receiver.kept[0]["message"] == "body"


def test_what_is_no_address_is_refused_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUISTER_ALERT_TEAM", f"nonsense-{CANARY}")

    with pytest.raises(ConfigError) as raised:
        send(TEAM, "title", "body")

    assert CANARY not in str(raised.value)
