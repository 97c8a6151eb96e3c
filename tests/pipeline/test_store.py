"""Landing files and plans travel through an object store, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from pipeline.collect import Known
from pipeline.errors import LandingError
from pipeline.handover import hand_in, shared_pace
from pipeline.http import Usage
from pipeline.landing import Collected, Landing, LandingFile
from pipeline.pace import Asked, Pace
from pipeline.post import Post
from pipeline.store import Store

NOW = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)
RUN_ID = "20261120T031500Z-abc123"


def outcome(source: str = "town feed", count: int = 3) -> Collected:
    posts = [
        Post(
            platform="town", post_id=f"{source} {number}", kind="post", observed_at=NOW, text="dag"
        )
        for number in range(count)
    ]
    return Collected(
        run_id=RUN_ID,
        source=source,
        platform="town",
        asked_from=NOW,
        asked_through=NOW,
        status="complete",
        posts=[("mentions", post) for post in posts],
        usage=Usage(),
    )


def post_ids(files: list[LandingFile]) -> list[str]:
    return sorted(
        name for file in files for batch in file.batches() for name in batch["post_id"].to_pylist()
    )


@pytest.fixture
def outbox(tmp_path: Path) -> Landing:
    """What a collector on another machine has landed."""
    box = Landing(tmp_path / "worker" / "outbox")
    box.write(outcome())
    box.write(outcome("shop, with a strange name"))
    return box


@pytest.fixture
def home(tmp_path: Path) -> Landing:
    """The landing zone of the loader."""
    return Landing(tmp_path / "loader" / "landing")


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket on a server of the S3 API on loopback, with the environment that names it."""
    boto3 = pytest.importorskip("boto3")
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "luister")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "hush-hush")
        patch.setenv("AWS_ENDPOINT_URL_S3", f"http://{host}:{port}")
        patch.setenv("AWS_REGION", "eu-west-1")
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        where = {"LocationConstraint": "eu-west-1"}
        boto3.client("s3").create_bucket(Bucket="box", CreateBucketConfiguration=where)
        yield "s3://box"
    server.stop()


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.servers)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A folder that all machines see, and a bucket."""
    if request.param == "folder":
        return Store(f"file://{tmp_path / 'store'}")
    s3fs = pytest.importorskip("s3fs")
    s3fs.S3FileSystem.clear_instance_cache()
    return Store(f"{request.getfixturevalue('bucket')}/{tmp_path.name}")


def test_what_was_landed_elsewhere_comes_home_once(
    store: Store, outbox: Landing, home: Landing
) -> None:
    before = {file.digest for file in outbox.files()}
    expected = post_ids(outbox.files())

    assert store.ship(outbox) == 2
    assert outbox.files() == []

    assert len(store.take_home(home)) == 2
    assert post_ids(home.files()) == expected
    assert {file.digest for file in home.files()} == before
    # the box is empty: nobody's words stay in it
    assert store.take_home(home) == []
    store._files.invalidate_cache()
    assert store._files.find(store._root) == []


def test_the_manifest_arrives_last(store: Store, outbox: Landing, home: Landing) -> None:
    store.ship(outbox)
    (posts, *_) = store._files.glob(f"{store._root}/landing/town-feed-*/*.parquet")
    content = store._files.cat_file(posts)
    store._files.rm_file(posts)

    assert len(store.take_home(home)) == 1

    store._files.pipe_file(posts, content)
    assert len(store.take_home(home)) == 1
    assert len(home.files()) == 2


def test_posts_that_were_changed_on_the_way_stay_where_they_are(
    store: Store, outbox: Landing, home: Landing, caplog: pytest.LogCaptureFixture
) -> None:
    store.ship(outbox)
    for posts in store._files.glob(f"{store._root}/landing/*/*.parquet"):
        store._files.pipe_file(posts, b"PAR1 something else PAR1")

    assert store.take_home(home) == []
    assert home.files() == []
    assert not list(home.folder.rglob("*.tmp"))
    assert "is not what was written" in caplog.text


def test_a_loader_that_was_cut_off_takes_nothing_twice(
    store: Store, outbox: Landing, home: Landing
) -> None:
    letters = {}
    store.ship(outbox)
    for name in store._files.find(f"{store._root}/landing"):
        letters[name] = store._files.cat_file(name)
    store.take_home(home)
    for name, content in letters.items():
        store._files.makedirs(name.rpartition("/")[0], exist_ok=True)
        store._files.pipe_file(name, content)

    assert len(store.take_home(home)) == 2
    assert len(home.files()) == 2
    assert store.take_home(home) == []


@pytest.mark.parametrize(
    "name",
    ["../../keys/a-0123456789abcdef.json", "town/../../x.json", "town/.hidden.json", "town/x.json"],
)
def test_names_that_are_not_ours_are_left_alone(
    tmp_path: Path, home: Landing, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(f"file://{tmp_path / 'store'}")
    path = tmp_path / "store" / "landing" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")

    assert store.take_home(home) == []
    assert path.exists()
    assert not home.folder.exists()


def test_a_plan_reaches_whoever_collects(store: Store) -> None:
    known = Known(since=NOW)
    store.write_plan(RUN_ID, "town feed", known)

    assert msgspec.json.encode(store.read_plan(RUN_ID, "town feed")) == msgspec.json.encode(known)

    store.remove_plans()
    with pytest.raises(LandingError, match="no plan for this source"):
        store.read_plan(RUN_ID, "town feed")


def test_what_was_asked_of_a_host_is_known_to_the_next_who_asks(
    store: Store, tmp_path: Path
) -> None:
    settings: Any = SimpleNamespace(landing=store.address)
    asked = Pace()
    with shared_pace(settings, "town", asked):
        for _ in range(3):
            asked.wait("town.example", requests=3, seconds=60)

    other = Pace(sleep=lambda _: None)
    with shared_pace(settings, "town", other):
        assert 50 < other.wait("town.example", requests=3, seconds=60) <= 60
    with shared_pace(settings, "shop", other := Pace(sleep=lambda _: None)):
        assert other.wait("town.example", requests=3, seconds=60) == 0

    store.remove_plans()
    assert store.read_pace("town") == Asked()


def test_who_collects_at_once_on_one_machine_sends_everything_once(
    home: Landing, tmp_path: Path
) -> None:
    config: Any = SimpleNamespace(landing=f"file://{tmp_path / 'store'}", data=tmp_path / "worker")
    names = [f"source {number}" for number in range(24)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: hand_in(config, outcome(name)), names))
    Store(config.landing).take_home(home)

    assert sorted(file.manifest.source for file in home.files()) == sorted(names)
    assert not list((config.data / "outbox").rglob("*.parquet"))


def test_without_a_store_what_was_collected_waits(outbox: Landing, tmp_path: Path) -> None:
    wall = tmp_path / "wall"
    wall.write_text("no folder")

    with pytest.raises(LandingError, match="nothing is lost"):
        Store(f"file://{wall}").ship(outbox)

    assert len(outbox.files()) == 2


def test_no_secret_is_told(outbox: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "luister")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush-hush")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    s3fs = pytest.importorskip("s3fs")
    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    with pytest.raises(LandingError) as caught:
        Store("s3://box/luister").ship(outbox)

    assert "hush-hush" not in json.dumps([str(caught.value), repr(caught.value)])
    assert len(outbox.files()) == 2
