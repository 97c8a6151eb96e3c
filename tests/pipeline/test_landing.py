import logging
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pipeline.errors import LandingError
from pipeline.http import Usage, Validator
from pipeline.landing import Landing, LandingFile, Withdrawn, safe_name
from pipeline.post import POST_SCHEMA, Gap, Post, Rejected, from_row
from tests.pipeline.landed import NOW, collected, landed, later, post


def posts_of(file: LandingFile) -> list[Post]:
    return [from_row(row) for batch in file.batches() for row in batch.to_pylist()]


def only(landing: Landing) -> LandingFile:
    (file,) = landing.files()
    return file


def test_what_was_collected_is_what_is_read(tmp_path: Path) -> None:
    full = post(
        aliases=("mastodon.example:1",),
        mentions=("@webcare",),
        tags=("storing",),
        likes_count=0,
        author_followers_count=12,
        rating=4.5,
        edited_at=later(1),
    )

    file = landed(tmp_path, "1", full, post("p2", text="Ümlaut 👩‍👩‍👧 \x00 \u202e"))

    assert posts_of(file) == [full, post("p2", text="Ümlaut 👩‍👩‍👧 \x00 \u202e")]


def test_the_manifest_tells_how_it_was_collected(tmp_path: Path) -> None:
    file = landed(
        tmp_path,
        "1",
        post(),
        status="partial",
        error_code="SourceUnavailable",
        error="social: no answer",
        rejected=[Rejected(reason="no id", path="$[3]", payload="{}")],
        gaps=[Gap(gap_from=NOW, gap_to=later(1), reason="only the last 40")],
        usage=Usage(requests=3, bytes=900, rate_limited_seconds=1.5),
        validators={"https://a.example/feed": Validator(etag='W/"1"')},
        withdrawn=[Withdrawn(name=name, observed_at=NOW) for name in "ab"],
    )

    manifest = file.manifest
    assert (manifest.status, manifest.error_code) == ("partial", "SourceUnavailable")
    assert (manifest.posts_count, manifest.left_out_count) == (1, 2)
    assert manifest.rejected[0].path == "$[3]"
    assert manifest.gaps[0].gap_to == later(1)
    assert (manifest.usage.requests, manifest.usage.bytes) == (3, 900)
    assert manifest.validators["https://a.example/feed"].etag == 'W/"1"'


def test_many_posts_are_written_without_being_held(tmp_path: Path) -> None:
    landing = Landing(tmp_path)

    landing.write(collected("1"), (("mentions", post(f"p{number}")) for number in range(120_000)))

    batches = list(only(landing).batches())
    assert sum(batch.num_rows for batch in batches) == 120_000
    assert max(batch.num_rows for batch in batches) <= 50_000


def test_files_are_for_this_user_alone(tmp_path: Path) -> None:
    file = landed(tmp_path, "1", post())

    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


@pytest.mark.fault(56)
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/absolute", "", ".", "..", "a/b", "naïve 日本", "x" * 300, "a\0b"]
)
def test_no_name_of_a_source_leaves_the_landing_zone(tmp_path: Path, name: str) -> None:
    landing = Landing(tmp_path / "landing")

    path = landing.write(collected("1", post(), source=name))

    assert path.resolve().is_relative_to((tmp_path / "landing").resolve())
    assert path.parent.parent == tmp_path / "landing"
    assert only(landing).manifest.source == name


@pytest.mark.fault(56)
@given(some.text(), some.text())
def test_two_names_never_share_a_folder(one: str, other: str) -> None:
    assert (safe_name(one) == safe_name(other)) == (one == other)


def test_a_second_outcome_of_a_run_does_not_replace_the_first(tmp_path: Path) -> None:
    landed(tmp_path, "1", post("p1"))
    landed(tmp_path, "1", post("p2"))

    found = [posts_of(file)[0].post_id for file in Landing(tmp_path / "landing").files()]

    assert found == ["p1", "p2"]


def test_older_runs_come_first_whatever_the_source(tmp_path: Path) -> None:
    landed(tmp_path, "2", post(), source="a")
    landed(tmp_path, "1", post(), source="b")

    runs = [file.manifest.run_id for file in Landing(tmp_path / "landing").files()]

    assert runs == ["1", "2"]


def test_what_was_loaded_is_not_listed(tmp_path: Path) -> None:
    first = landed(tmp_path, "1", post())
    landed(tmp_path, "2", post())

    waiting = Landing(tmp_path / "landing").unloaded({first.digest})

    assert [file.manifest.run_id for file in waiting] == ["2"]


def test_two_empty_outcomes_are_two_files(tmp_path: Path) -> None:
    assert landed(tmp_path, "1").digest != landed(tmp_path, "2").digest


@pytest.mark.fault(30)
@pytest.mark.parametrize("size", [0, 10, 2_000])
def test_a_file_that_was_cut_off_is_set_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, size: int
) -> None:
    file = landed(tmp_path, "1", post(), post("p2"))
    os.truncate(file.path, size)

    with caplog.at_level(logging.WARNING):
        assert Landing(tmp_path / "landing").files() == []

    assert "set aside" in caplog.text
    assert (file.path.parent / "set-aside" / file.path.name).exists()
    assert not file.path.exists()


def test_one_changed_byte_is_enough(tmp_path: Path) -> None:
    file = landed(tmp_path, "1", post())
    content = bytearray(file.path.read_bytes())
    content[len(content) // 2] ^= 1
    file.path.write_bytes(content)

    assert Landing(tmp_path / "landing").files() == []


@pytest.mark.fault(30)
@pytest.mark.parametrize("harm", ["cut off", "a byte that is no text"])
def test_a_manifest_that_is_damaged_is_set_aside(tmp_path: Path, harm: str) -> None:
    file = landed(tmp_path, "1", post())
    manifest = file.path.with_suffix(".json")
    whole = manifest.read_bytes()
    manifest.write_bytes(
        whole[:30] if harm == "cut off" else whole.replace(b"social", b"s\xa8cial")
    )

    assert Landing(tmp_path / "landing").files() == []
    assert (file.path.parent / "set-aside" / file.path.name).exists()


@pytest.mark.fault(30)
def test_posts_without_a_manifest_are_told_of_and_left_for_who_may_still_write_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = landed(tmp_path, "1", post())
    file.path.with_suffix(".json").unlink()

    with caplog.at_level(logging.WARNING):
        assert Landing(tmp_path / "landing").files() == []

    assert "no manifest" in caplog.text
    assert file.path.exists()


@pytest.mark.fault(31)
def test_an_outcome_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> object:
        yield "mentions", post()
        raise OSError(28, "No space left on device")

    with pytest.raises(LandingError, match="No space left"):
        Landing(tmp_path).write(collected("1"), broken())  # type: ignore[arg-type]

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_that_is_a_file_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "landing").write_text("not a folder")

    with pytest.raises(LandingError, match="cannot land social"):
        Landing(tmp_path / "landing").write(collected("1", post()))


@pytest.mark.fault(23)
def test_what_no_column_can_hold_becomes_unknown(tmp_path: Path) -> None:
    file = landed(
        tmp_path,
        "1",
        post(text="half \ud83d of one", mentions=("\udc00",), likes_count=2**70, views_count=3),
        post("p2", likes_count=-1, replies_count=0),
        rejected=[Rejected(reason="odd", path="$", payload="\ud83d")],
    )

    first, second = posts_of(file)
    assert (first.text, first.mentions) == ("half \ufffd of one", ("\ufffd",))
    assert (first.likes_count, first.views_count) == (None, 3)
    assert (second.likes_count, second.replies_count) == (None, 0)


def test_a_time_that_cannot_be_is_unknown(tmp_path: Path) -> None:
    never = datetime(1970, 1, 1, tzinfo=UTC)

    file = landed(tmp_path, "1", post(created_at=never, edited_at=never, author_created_at=never))

    (read,) = posts_of(file)
    assert (read.created_at, read.edited_at, read.author_created_at) == (None, None, None)


def test_batches_have_the_columns_of_a_post_and_its_verb(tmp_path: Path) -> None:
    (batch,) = landed(tmp_path, "1", post()).batches()

    assert isinstance(batch, pa.RecordBatch)
    assert batch.column("verb").to_pylist() == ["mentions"]


def test_the_columns_stand_in_the_order_of_the_fields_of_a_post() -> None:
    assert list(Post.__struct_fields__) == POST_SCHEMA.names
