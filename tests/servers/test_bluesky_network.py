"""Two nights against a real Bluesky network: what is said, answered and deleted in between."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors import load as connector_of
from connectors import platforms
from pipeline import night as steps
from pipeline.config import load
from pipeline.privacy import published_key
from tests.servers.bluesky import Network, network

pytestmark = pytest.mark.servers

CONFIG = """\
contact = "webcare@zonneveld.example"
[organisation]
name = "Zonneveld"
accounts = {{ bluesky = ["zonneveld.test"] }}
[[source]]
name = "bluesky"
platform = "bluesky"
server = "{appview}"
options = {{ pds = "{pds}" }}
allow_private = true
requests_per_minute = 60000
"""


@pytest.fixture(scope="module")
def bluesky() -> Iterator[Network]:
    with network() as running:
        for name in ("zonneveld", "anna", "bram", "carla"):
            running.join(name)
        yield running


class Listener:
    def __init__(self, folder: Path, network: Network) -> None:
        self.path = folder / "luister.toml"
        self.path.write_text(CONFIG.format(appview=network.appview, pds=network.pds))

    def night(self) -> steps.Outcome:
        config = load(self.path, platforms())
        outcome = steps.run(steps.open_night(config, steps.new_run_id()), connector_of)
        assert outcome.status == "completed", outcome.failures
        return outcome

    def key(self, post: dict[str, str]) -> str:
        """How the published file names a post."""
        data = load(self.path, platforms()).data
        name = hashlib.sha256(f"bluesky {post['uri']}".encode()).hexdigest()[:24]
        secret = published_key(data / "keys", datetime.now(UTC).date())
        return hmac.digest(secret, name.encode(), "sha256").hex()[:32]

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        published = load(self.path, platforms()).data / "analytics.duckdb"
        with duckdb.connect(str(published.resolve()), read_only=True) as database:
            return database.execute(query).fetchall()


@pytest.fixture
def listener(tmp_path: Path, bluesky: Network, monkeypatch: pytest.MonkeyPatch) -> Listener:
    monkeypatch.setenv("BSKY_IDENTIFIER", "zonneveld.test")
    monkeypatch.setenv("BSKY_APP_PASSWORD", "secret-zonneveld")
    return Listener(tmp_path, bluesky)


def test_a_question_is_answered_and_a_complaint_deleted_between_two_nights(
    bluesky: Network, listener: Listener
) -> None:
    question = bluesky.post("anna", "@zonneveld.test hoe lang duurt de storing nog?")
    complaint = bluesky.post("bram", "Zonneveld is al de hele dag onbereikbaar")
    bluesky.post("zonneveld", "Vandaag werken we aan het net in Utrecht.")
    helping = bluesky.answer("carla", "@anna.test bij mij doet hij het weer", question, question)
    for each in (question, complaint, helping):
        bluesky.wait_until_indexed(each)

    listener.night()

    states = dict(listener.ask("select post_key, is_answered from marts.addressed_posts"))
    assert states[listener.key(question)] is False
    kinds = dict(listener.ask("select post_key, kind from marts.posts"))
    assert kinds[listener.key(helping)] == "reply"
    assert listener.key(complaint) in kinds

    answer = bluesky.answer("zonneveld", "Nog ongeveer een uur, Anna. ^Lot", question, question)
    bluesky.delete("bram", complaint)
    bluesky.wait_until_indexed(answer)
    bluesky.wait_until_indexed(complaint, is_there=False)

    listener.night()

    states = dict(listener.ask("select post_key, is_answered from marts.addressed_posts"))
    assert states[listener.key(question)] is True
    assert listener.key(complaint) not in dict(
        listener.ask("select post_key, kind from marts.posts")
    )
    acts = dict(listener.ask("select act, sum(posts_count) from marts.acts_daily group by act"))
    assert acts["reply"] == 1
    assert acts["broadcast"] == 1


def test_hundreds_of_posts_and_a_long_thread_arrive_whole(
    bluesky: Network, listener: Listener
) -> None:
    root = bluesky.post("anna", "@zonneveld.test een lang verhaal over mijn energierekening")
    parent = root
    for number in range(60):
        who = ("bram", "zonneveld", "carla", "anna")[number % 4]
        parent = bluesky.answer(who, f"deel {number} van het verhaal", parent, root)
    posts = [bluesky.post("bram", f"Zonneveld bericht nummer {number}") for number in range(220)]
    bluesky.wait_until_indexed(posts[-1])

    listener.night()

    threads = dict(listener.ask("select thread_key, count(*) from marts.posts group by thread_key"))
    assert threads[listener.key(root)] == 61
    known = {post_id for (post_id,) in listener.ask("select post_key from marts.posts")}
    assert {listener.key(each) for each in posts} <= known
