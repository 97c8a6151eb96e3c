"""Which variables a source was asked with, and which are not there, by name alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.errors import SecretError
from pipeline.secret_names import SecretNames, named_secrets, of_kept, secret_names
from pipeline.secrets import find_secret
from pipeline.source import Access, Source

ACCESS = Access(
    secrets=("SHOP_ID", "SHOP_SECRET", "SHOP_REFRESH"),
    needs={"mentions": ("SHOP_ID", "SHOP_SECRET"), "inbox": ("SHOP_REFRESH",)},
)
SHOP: Any = SimpleNamespace(ACCESS=ACCESS, mentions=None, inbox=None)
BOTH = {"SHOP_ID": "canary-1", "SHOP_SECRET": "canary-2"}
SOURCE = Source(name="shop", platform="shop", verbs=("mentions",))


@pytest.mark.parametrize(
    ("environment", "used", "missing"),
    [
        (BOTH, ("SHOP_ID", "SHOP_SECRET"), ()),
        ({"SHOP_ID": "canary-1"}, ("SHOP_ID",), ("SHOP_SECRET",)),
        ({"SHOP_ID": "canary-1", "SHOP_SECRET": " "}, ("SHOP_ID",), ("SHOP_SECRET",)),
        ({}, (), ("SHOP_ID", "SHOP_SECRET", "SHOP_REFRESH")),
    ],
)
def test_what_is_set_was_used_and_what_is_wanted_without_is_missing(
    environment: dict[str, str], used: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    assert secret_names(SOURCE, SHOP, environment) == SecretNames(used=used, missing=missing)


def test_a_verb_that_is_wanted_too_misses_what_it_needs() -> None:
    both = Source(name="shop", platform="shop", verbs=("mentions", "inbox"))

    assert secret_names(both, SHOP, BOTH).missing == ("SHOP_REFRESH",)


@pytest.mark.fault(4)
def test_a_variable_of_ones_own_is_named_as_it_is_called() -> None:
    own = Source(name="shop", platform="shop", secrets={"SHOP_ID": "OUR_ID"}, verbs=("mentions",))

    assert secret_names(own, SHOP, {"OUR_ID": "x", **BOTH}).used == ("OUR_ID", "SHOP_SECRET")


def test_a_file_is_named_by_its_variable_also_when_it_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "id"
    file.write_text("canary-1")
    file.chmod(0o600)
    in_files = {"SHOP_ID_FILE": str(file), "SHOP_SECRET_FILE": str(tmp_path / "nowhere")}

    names = secret_names(SOURCE, SHOP, in_files)

    assert names == SecretNames(used=("SHOP_ID_FILE",), missing=("SHOP_SECRET_FILE",))


@pytest.mark.parametrize("secret", ["canary/31337+", "canary" * 100])
def test_a_secret_that_stands_where_its_file_belongs_is_not_told(secret: str) -> None:
    with pytest.raises(SecretError) as raised:
        find_secret("SHOP_ID", {"SHOP_ID_FILE": secret})

    assert "SHOP_ID_FILE" in str(raised.value)
    assert "canary" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("SourceRefused", " (asked with A_KEY; not there: B_KEY, C_KEY)"),
        ("SecretError", " (asked with A_KEY; not there: B_KEY, C_KEY)"),
        ("SourceUnavailable", ""),
        ("SourceUntrusted", ""),
        (None, ""),
    ],
)
def test_only_what_a_secret_may_be_behind_names_it(code: str | None, told: str) -> None:
    assert named_secrets(code, of_kept("A_KEY", "B_KEY, C_KEY")) == told


def test_what_is_no_name_of_a_variable_is_told_nowhere() -> None:
    assert of_kept("A_KEY, <!channel>, https://evil.example, a b", None).used == ("A_KEY",)


def test_nothing_is_named_where_a_platform_asks_no_secret() -> None:
    assert named_secrets("SourceRefused", of_kept("", None)) == ""
