"""The real connectors over the served world: they reach all that concerns a company."""

from datetime import timedelta

import pytest

from connectors import load as connector_of
from pipeline.config import load, resolve_sources
from pipeline.http import HttpSettings, open_client
from pipeline.pace import Pace
from pipeline.post import Post
from pipeline.world import environment, write_config
from pipeline.world.identity import did, handle, post_id
from pipeline.world.shape import PLATFORMS
from pipeline.world.truth.scope import Scope, Seen

from .conftest import TODAY


def collected(world, served, folder, platform):
    """Every post the connector's verbs give, threads of everything with a conversation included."""
    config = load(write_config(world, served, folder), PLATFORMS)
    connector = connector_of(platform)
    found = {}
    for source in resolve_sources(config):
        if source.platform != platform:
            continue
        pace = Pace(sleep=lambda _: None)
        with open_client(source, connector, HttpSettings(), pace=pace) as client:
            since = world.begins_at - timedelta(days=1)
            for verb in ("inbox", "timeline", "mentions"):
                if hasattr(connector, verb):
                    keep(found, getattr(connector, verb)(source, client, since))
            if hasattr(connector, "thread"):
                for post in list(found.values()):
                    if post.parent_id or post.replies_count:
                        keep(found, connector.thread(source, client, post))
    return [each for each in found.values() if each.is_keepable and not each.author_opted_out]


def name_of(person):
    return did(person) if person.platform == "bluesky" else handle(person)


def keep(found, reads):
    for each in reads:
        assert isinstance(each, Post), each
        found[each.post_id] = each


@pytest.fixture(autouse=True)
def secrets(world, monkeypatch):
    for name, value in environment(world).items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_everything_in_scope_is_reached_and_only_namesakes_beside_it(
    world, served, tmp_path, platform
):
    posts = collected(world, served, tmp_path, platform)
    seen = Seen(world, TODAY)
    wanted = {
        post_id(each)
        for organisation in world.organisations
        for each in Scope(seen, organisation).said
        if each.platform == platform
    }
    got = {each.post_id: each for each in posts}
    assert wanted <= set(got)
    names = [name for each in world.organisations for name in each.exclude]
    for each in set(got) - wanted:
        assert any(name in got[each].text for name in names), got[each].text


@pytest.mark.parametrize("platform", PLATFORMS)
def test_connectors_read_what_was_said(world, served, tmp_path, platform):
    said = {post_id(each): each for each in world.said}
    for post in collected(world, served, tmp_path, platform):
        each = said[post.post_id]
        assert post.kind == each.kind
        assert post.created_at == each.at
        if each.kind == "repost":
            continue
        assert " ".join(each.text_at(TODAY).split()) in " ".join(post.text.split())
        assert post.author_handle
        assert {name_of(person) for person in each.mentions} <= set(post.mentions)
        if each.parent is not None:
            assert post.parent_id is not None
        if platform in {"mastodon", "bluesky"}:
            assert post.language == each.language
            assert post.likes_count == each.likes_at(TODAY)
            assert post.tags == each.tags
