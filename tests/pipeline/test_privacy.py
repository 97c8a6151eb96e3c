import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pipeline.errors import PrivacyError
from pipeline.post import Visibility
from pipeline.privacy import author_key, author_keys, keepable, key_id, open_key
from tests.pipeline.landed import gone, post

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("visibility", "is_kept"),
    [
        ("public", True),
        ("unlisted", True),
        ("followers", False),
        ("private", False),
        ("direct", False),
        ("withheld", False),
    ],
)
def test_only_what_everybody_may_read_is_kept(visibility: Visibility, is_kept: bool) -> None:
    assert keepable(post(visibility=visibility)) is is_kept
    assert keepable(post(visibility=visibility), honour_opt_out=False) is is_kept


def test_who_opted_out_is_not_kept_unless_told_to() -> None:
    assert not keepable(post(author_opted_out=True))
    assert keepable(post(author_opted_out=True), honour_opt_out=False)


def test_who_said_nothing_has_not_opted_out() -> None:
    assert keepable(post(author_opted_out=None))
    assert keepable(post(author_opted_out=False))


def test_the_news_of_a_deletion_is_kept() -> None:
    assert keepable(gone())


def test_a_pseudonym_is_what_anybody_can_compute_with_the_key() -> None:
    assert author_key(KEY, "mastodon", "anna") == "b8d78fe7c2c28b7d70175db36523732d"


def test_a_pseudonym_depends_on_key_platform_and_person() -> None:
    assert author_key(KEY, "mastodon", "anna") != author_key(KEY[::-1], "mastodon", "anna")
    assert author_key(KEY, "mastodon", "anna") != author_key(KEY, "bluesky", "anna")
    assert author_key(KEY, "mastodon", "anna") != author_key(KEY, "mastodon", "Anna")


@given(some.text(), some.text())
def test_a_pseudonym_shows_nothing_of_the_name(platform: str, name: str) -> None:
    key = author_key(KEY, platform, name)

    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")


def test_many_pseudonyms_are_those_of_each() -> None:
    authors = [("mastodon", "anna"), ("bluesky", "did:plc:b")]

    assert author_keys(KEY, authors) == [author_key(KEY, *author) for author in authors]


def test_a_key_is_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"

    key = open_key(folder, may_create=True)

    assert len(key) == 32
    assert open_key(folder, may_create=False) == key
    (path,) = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_keys_are_not_equal(tmp_path: Path) -> None:
    one, other = (open_key(tmp_path / name, may_create=True) for name in ("one", "other"))

    assert one != other
    assert key_id(one) != key_id(other)
    assert key_id(one) not in one.hex()


def test_a_key_others_could_read_is_closed_again(tmp_path: Path) -> None:
    open_key(tmp_path, may_create=True)
    (path,) = tmp_path.iterdir()
    path.chmod(0o644)

    open_key(tmp_path, may_create=False)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_lost_key_is_never_replaced_in_silence(tmp_path: Path) -> None:
    with pytest.raises(PrivacyError, match="is gone"):
        open_key(tmp_path, may_create=False)


def test_a_damaged_key_is_told_of(tmp_path: Path) -> None:
    open_key(tmp_path, may_create=True)
    (path,) = tmp_path.iterdir()
    path.write_bytes(b"short")

    with pytest.raises(PrivacyError, match="damaged"):
        open_key(tmp_path, may_create=True)
