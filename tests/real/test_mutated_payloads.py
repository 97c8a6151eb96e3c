"""Every recording with one thing changed: what a platform may send tomorrow, or an attacker."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import connectors
from connectors.testing.mutations import (
    CHANGES,
    Change,
    check_change,
    check_right,
    files_of,
    kind_of,
    outcome_of,
    places,
    recording,
)
from connectors.testing.thorough import examples
from tests.real.recorded import FOLDERS
from tests.shared import shared

FOLDER_OF = FOLDERS | {"feed": "feeds"}
TELLS_WHAT = "by this the connector tells what a thing is: without it, it is another thing"
NOTHING = "left out by the platform where there is nothing"
TREE = "the rest of a tree, which may end anywhere"
MAY_BE_MISSING: dict[str, dict[str, str]] = {
    "appstore": {"feed.entry": NOTHING},
    "bluesky": {
        "$type": TELLS_WHAT,
        "thread": TELLS_WHAT,
        "post": TELLS_WHAT,
        "value": TELLS_WHAT,
        "record": TELLS_WHAT,
        "uri": TELLS_WHAT,
        "depth": TELLS_WHAT,
        "embed": NOTHING,
        "reply": NOTHING,
        "replies": TREE,
        "parent": TREE,
    },
    "facebook": {"comments": NOTHING, "comments.data": NOTHING},
    "gdelt": {"articles": NOTHING},
    "github": {
        "issue_url": TELLS_WHAT,
        "number": TELLS_WHAT,
        "title": TELLS_WHAT,
    },
    "googleplay": {"reviews": NOTHING},
    "instagram": {
        "business_discovery": TELLS_WHAT,
        "business_discovery.media": NOTHING,
        "mentioned_comment": TELLS_WHAT,
        "mentioned_media": TELLS_WHAT,
        "permalink": TELLS_WHAT,
    },
    "lemmy": {"post": TELLS_WHAT, "posts": TELLS_WHAT, "comments": TELLS_WHAT},
    "mastodon": {
        "type": TELLS_WHAT,
        "account": TELLS_WHAT,
        "status": TELLS_WHAT,
        "reblog": NOTHING,
        "quote": NOTHING,
        "quoted_status": NOTHING,
    },
    "reddit": {"json.data": NOTHING, "data.things": NOTHING, "replies": TREE},
    "stackexchange": {"answers": NOTHING, "comments": NOTHING},
    "wordpress": {"author_name": TELLS_WHAT, "title": TELLS_WHAT},
}
"""Keys whose loss gives fewer posts in silence, each with its reason."""


def recorded_platforms() -> list[str]:
    root = shared("payloads")
    return [name for name in connectors.platforms() if (root / FOLDER_OF.get(name, name)).is_dir()]


@pytest.mark.fault(22)
@pytest.mark.parametrize("platform", recorded_platforms())
@settings(
    max_examples=examples(120),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_changed_recording_gives_right_posts_rejections_or_an_error_of_ours(
    platform: str, data: st.DataObject
) -> None:
    change: Change = data.draw(CHANGES)
    paths = files_of(shared("payloads", FOLDER_OF.get(platform, platform)))
    check_change(connectors.load(platform), paths, change, MAY_BE_MISSING.get(platform, {}))


@pytest.mark.parametrize("platform", recorded_platforms())
def test_a_number_that_no_column_holds_is_set_apart(platform: str) -> None:
    connector = connectors.load(platform)
    done: set[str] = set()
    for path in files_of(shared("payloads", FOLDER_OF.get(platform, platform))):
        chosen = recording(path)
        for spot, value in places(chosen.body):
            kind = kind_of(spot)
            if isinstance(value, int | float) and spot and kind not in done:
                done.add(kind)
                check_right(outcome_of(connector, chosen.replacing(spot, 10**30)).reads)
