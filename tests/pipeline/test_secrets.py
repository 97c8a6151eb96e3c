"""Secrets come from the environment, a file of one's own or the keyring, and stay hidden."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.secrets import BLANK, Redactor, blank_fields, find_secret


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("from-a-file\n")
    path.chmod(0o600)
    return path


def test_the_variable_itself_goes_first(file: Path) -> None:
    environment = {"SHOP_TOKEN": " from-the-environment\n", "SHOP_TOKEN_FILE": str(file)}
    assert find_secret("SHOP_TOKEN", environment) == "from-the-environment"


def test_a_file_is_read_without_its_last_line_break(file: Path) -> None:
    assert find_secret("SHOP_TOKEN", {"SHOP_TOKEN_FILE": str(file)}) == "from-a-file"


@pytest.mark.parametrize("environment", [{}, {"SHOP_TOKEN": ""}, {"SHOP_TOKEN_FILE": ""}])
def test_no_secret_is_none(environment: dict[str, str]) -> None:
    assert find_secret("SHOP_TOKEN", environment) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_that_others_can_open_is_refused_with_the_way_to_mend_it(
    file: Path, mode: int
) -> None:
    file.chmod(mode)
    with pytest.raises(ConfigError) as error:
        find_secret("SHOP_TOKEN", {"SHOP_TOKEN_FILE": str(file)})
    assert error.value.where == "SHOP_TOKEN_FILE"
    assert error.value.todo == f"chmod 600 {file}"
    assert "from-a-file" not in str(error.value)


def test_files_that_hold_no_secret_are_told(tmp_path: Path, file: Path) -> None:
    def told(path: Path) -> str:
        with pytest.raises(ConfigError) as error:
            find_secret("SHOP_TOKEN", {"SHOP_TOKEN_FILE": str(path)})
        return error.value.what

    assert "cannot be read" in told(tmp_path / "missing")
    file.write_bytes(b"\xff\xfe")
    assert "cannot be read" in told(file)
    file.write_text(" \n")
    assert "is empty" in told(file)
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    assert "cannot be read" in told(folder)


class Ring(ModuleType):
    """What the package ``keyring`` looks like from outside."""

    def __init__(self, kept: dict[tuple[str, str], str], failure: str = "") -> None:
        super().__init__("keyring")
        self.__spec__ = sys.__spec__
        self.errors = ModuleType("keyring.errors")
        self.errors.KeyringError = type("KeyringError", (Exception,), {})
        self.errors.NoKeyringError = type("NoKeyringError", (self.errors.KeyringError,), {})
        self._kept, self._failure = kept, failure

    def get_password(self, service: str, name: str) -> str | None:
        if self._failure:
            raise getattr(self.errors, self._failure)("no way in")
        return self._kept.get((service, name))


def with_ring(monkeypatch: pytest.MonkeyPatch, ring: Ring) -> None:
    monkeypatch.setitem(sys.modules, "keyring", ring)


def test_the_keyring_is_asked_last(monkeypatch: pytest.MonkeyPatch) -> None:
    with_ring(monkeypatch, Ring({("luister", "SHOP_TOKEN"): "from-the-ring"}))
    assert find_secret("SHOP_TOKEN", {}) == "from-the-ring"
    assert find_secret("SHOP_TOKEN", {"SHOP_TOKEN": "from-here"}) == "from-here"
    assert find_secret("OTHER_TOKEN", {}) is None


def test_a_machine_without_a_keyring_has_no_secret_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with_ring(monkeypatch, Ring({}, "NoKeyringError"))
    assert find_secret("SHOP_TOKEN", {}) is None


def test_a_locked_keyring_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with_ring(monkeypatch, Ring({}, "KeyringError"))
    with pytest.raises(ConfigError, match="does not open"):
        find_secret("SHOP_TOKEN", {})


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            "https://a.example/?access_token=abc&page=2",
            "https://a.example/?access_token=***&page=2",
        ),
        ("?key=abc", "?key=***"),
        ("?api_key=abc#part", "?api_key=***#part"),
        ("?apiKey=abc", "?apiKey=***"),
        ("?X-Amz-Signature=abc&sig=d;token=e", "?X-Amz-Signature=***&sig=***;token=***"),
        ("?hub.verify_token=abc", "?hub.verify_token=***"),
        ("password=hunter2 was wrong", "password=*** was wrong"),
        ("https://me:hunter2@a.example/", "https://***@a.example/"),
        ("https://hunter2@a.example/", "https://***@a.example/"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ***"),
        ("basic dXNlcjpwYXNz", "basic ***"),
        ('{"access_token": "abc", "n": 1}', '{"access_token": "***", "n": 1}'),
        ('{"accessJwt":"a\\"bc"}', '{"accessJwt":"***"}'),
    ],
)
def test_what_looks_like_a_secret_is_blanked(text: str, clean: str) -> None:
    assert Redactor().redact(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example/?author=anna&pageToken=abc",
        "?next_page_token=abc",
        "?keyword=fiets&monkey=1&tokens_used=3",
        "?sort_key=date",
        "https://a.example/@anna?x=me@b.example",
        "the bearer of news",
        '{"nextPageToken": "abc", "token": 3}',
    ],
)
def test_what_only_resembles_a_secret_stays(text: str) -> None:
    assert Redactor().redact(text) == text


@given(st.text(min_size=6).filter(lambda text: BLANK not in text and text.strip("*")))
def test_a_known_secret_is_found_in_every_dress(secret: str) -> None:
    import json
    from urllib.parse import quote, urlencode

    redactor = Redactor([secret])
    try:
        dressed = [secret, quote(secret, safe=""), urlencode({"q": secret}), json.dumps(secret)]
    except UnicodeEncodeError:
        dressed = [secret]
    for text in dressed:
        assert secret not in redactor.blank(text)
        assert redactor.blank(text).count(BLANK) >= 1


def test_longer_secrets_are_blanked_before_those_inside_them() -> None:
    redactor = Redactor(["secret", "secret-and-more"])
    assert redactor.redact("secret-and-more, secret") == "***, ***"


def test_short_words_are_left_alone() -> None:
    assert Redactor(["fiets"]).redact("een fiets") == "een fiets"


def test_fields_are_blanked_in_json_of_any_layout() -> None:
    text = '{\n  "client_secret" :\n "a", "password":"b", "secretary": "c"}'
    assert (
        blank_fields(text) == '{\n  "client_secret" :\n "***", "password":"***", "secretary": "c"}'
    )
