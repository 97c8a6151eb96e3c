"""Serving: nights that follow each other, faults, the request log, luister.toml."""

import json
from collections import Counter
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from pipeline.config import load, resolve_sources
from pipeline.world import environment, serve, write_config
from pipeline.world.identity import snowflake
from pipeline.world.shape import PLATFORMS

from .conftest import TODAY


def fetch(served, platform, target):
    with urlopen(served.urls[platform] + target, timeout=10) as answer:
        return answer.read()


def status_of(served, said):
    return json.loads(fetch(served, "mastodon", f"/api/v1/statuses?id[]={snowflake(said)}"))


def on_mastodon(world, wanted):
    return next(
        each
        for each in world.said
        if each.platform == "mastodon" and each.visibility == "public" and wanted(each)
    )


def test_a_later_night_brings_replies_edits_and_deletions(world, served):
    late = on_mastodon(world, lambda each: each.at > TODAY and each.author.role == "person")
    gone = on_mastodon(world, lambda each: each.deleted_at and each.at < TODAY < each.deleted_at)
    assert status_of(served, late) == []
    assert len(status_of(served, gone)) == 1
    served.play(max(late.at, gone.deleted_at) + timedelta(minutes=1))
    assert len(status_of(served, late)) == 1
    assert status_of(served, gone) == []


def test_edits_appear_when_their_time_has_come(world, served):
    edited = on_mastodon(world, lambda each: each.edits and each.deleted_at is None)
    moment = edited.edits[0][0]
    served.play(moment - timedelta(seconds=1))
    assert status_of(served, edited)[0]["edited_at"] is None
    served.play(moment)
    assert "(aangepast)" in status_of(served, edited)[0]["content"]


def test_the_log_tells_who_was_asked_what(served):
    fetch(served, "feed", "/havenvonk/feed/")
    fetch(served, "feed", "/havenvonk/feed/")
    counts = Counter((each.platform, each.target, each.status) for each in served.asked)
    assert counts == {("feed", "/havenvonk/feed/", 200): 2}


def test_faults(served):
    target = "/havenvonk/feed/"
    whole = fetch(served, "feed", target)
    served.faults["feed"] = "down"
    with pytest.raises(HTTPError, match="503") as down:
        fetch(served, "feed", target)
    down.value.close()
    served.faults["feed"] = "cut off"
    assert whole.startswith(fetch(served, "feed", target))
    served.faults["feed"] = "login page"
    assert b"<form>" in fetch(served, "feed", target)
    served.faults["feed"] = "empty"
    assert fetch(served, "feed", target) == b""
    served.faults["feed"] = "limited once"
    with pytest.raises(HTTPError, match="429") as limited:
        fetch(served, "feed", target)
    assert limited.value.headers["Retry-After"] == "1"
    limited.value.close()
    assert fetch(served, "feed", target) == whole


def test_other_platforms_do_not_suffer(served):
    served.faults["mastodon"] = "down"
    assert fetch(served, "feed", "/havenvonk/feed/")


def test_luister_toml_is_valid_and_complete(world, served, tmp_path):
    config = load(write_config(world, served, tmp_path), PLATFORMS)
    assert config.organisation.name == "Havenvonk"
    assert [each.name for each in config.competitor] == ["Duinvolt", "Polderwatt"]
    sources = {each.name: each for each in resolve_sources(config)}
    assert {each.platform for each in sources.values()} == set(PLATFORMS)
    assert all(each.allow_private for each in sources.values())
    assert sources["mastodon"].accounts[0] == "havenvonk@plein.example"
    wanted = {name for each in sources.values() for name in each.secrets.values()}
    assert wanted == set(environment(world))


def test_two_worlds_can_be_served_at_once(world):
    with serve(world) as one, serve(world, TODAY - timedelta(days=2)) as two:
        assert set(one.urls.values()).isdisjoint(two.urls.values())
        assert fetch(one, "feed", "/havenvonk/comments/feed/")
        assert fetch(two, "feed", "/havenvonk/comments/feed/")
