"""Which platforms there are, and what happens when one is asked for that is not there."""

import subprocess
import sys
from importlib.metadata import EntryPoint
from types import SimpleNamespace
from typing import Any

import pytest

import connectors
from pipeline.errors import ConfigError
from pipeline.source import VERBS, Access
from pipeline.verbs import LISTENING


def brings(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    entry_point = EntryPoint(name=name, value=value, group=connectors.GROUP)
    monkeypatch.setattr(
        connectors.importlib.metadata, "entry_points", lambda *, group: [entry_point]
    )


def third_party(**more: Any) -> SimpleNamespace:
    return SimpleNamespace(ACCESS=Access(), read=iter, to_post=print, **more)


whole = third_party(mentions=print)
silent = third_party()
half = SimpleNamespace(ACCESS=Access(), mentions=print)


@pytest.mark.parametrize("platform", connectors.platforms())
def test_every_platform_loads_and_has_verbs_and_a_docstring(platform: str) -> None:
    connector = connectors.load(platform)
    assert connectors.verbs(connector)
    assert connector.__doc__
    assert set(connector.ACCESS.needs) <= set(VERBS)
    for names in connector.ACCESS.needs.values():
        assert set(names) <= set(connector.ACCESS.secrets)
    assert set(connector.ACCESS.narrows) <= set(connectors.verbs(connector)) & set(LISTENING)


def test_helpers_are_no_platforms() -> None:
    known = connectors.platforms()
    assert {"mastodon", "bluesky"} <= set(known)
    assert not {"paging", "markup", "mastodon_pages", "bluesky_post"} & set(known)
    assert known == sorted(known)


def test_verbs_come_in_the_order_of_the_contract() -> None:
    connector = connectors.load("mastodon")
    assert connectors.verbs(connector) == ("mentions", "timeline", "inbox", "thread", "refresh")


def test_a_misspelt_platform_is_told_what_was_meant() -> None:
    with pytest.raises(ConfigError, match="unknown platform 'mastadon': did you mean 'mastodon'"):
        connectors.load("mastadon")


def test_a_platform_like_no_other_is_told_which_there_are() -> None:
    with pytest.raises(ConfigError, match=r"known are appstore, .*bluesky, .*mastodon"):
        connectors.load("zzz")


def test_a_helper_cannot_be_loaded_as_a_platform() -> None:
    with pytest.raises(ConfigError, match="unknown platform 'paging'"):
        connectors.load("paging")


def test_a_package_can_bring_a_connector(monkeypatch: pytest.MonkeyPatch) -> None:
    brings(monkeypatch, "acme", f"{__name__}:whole")
    assert "acme" in connectors.platforms()
    assert connectors.verbs(connectors.load("acme")) == ("mentions",)


@pytest.mark.parametrize(
    ("value", "lacks"), [("silent", "a verb"), ("half", "read, to_post")], ids=["silent", "half"]
)
def test_what_a_package_brings_must_be_a_connector(
    monkeypatch: pytest.MonkeyPatch, value: str, lacks: str
) -> None:
    brings(monkeypatch, "acme", f"{__name__}:{value}")
    with pytest.raises(ConfigError, match=f"'acme' is no connector: it lacks {lacks}"):
        connectors.load("acme")


@pytest.mark.parametrize("value", ["nowhere_at_all", f"{__name__}:nothing"])
def test_a_package_that_cannot_be_imported_is_named(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    brings(monkeypatch, "acme", value)
    with pytest.raises(ConfigError, match="cannot be loaded"):
        connectors.load("acme")


def test_a_built_in_platform_cannot_be_replaced_by_a_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    brings(monkeypatch, "mastodon", f"{__name__}:whole")
    assert connectors.load("mastodon").__name__ == "connectors.mastodon"


def test_listing_platforms_imports_none_of_them() -> None:
    program = (
        "import sys, connectors; connectors.platforms();"
        "print([name for name in sys.modules if name.startswith('connectors.')])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
