"""Live listening finds what a query names, whatever its words alone tell."""

import pytest

from pipeline.live_watch import Watch
from pipeline.relevance.parse import parse
from pipeline.source import Source
from tests.pipeline.landed import post

SOURCE = Source(
    name="s",
    platform="mastodon",
    terms=("NS",),
    query=parse("NS AND trein OR zonnepan* OR #spoor OR author:jan"),
)


@pytest.mark.parametrize(
    ("fields", "verb"),
    [
        ({"text": "NS"}, "mentions"),
        ({"text": "onze zonnepanelen"}, "mentions"),
        ({"text": "laat", "tags": ("Spoor",)}, "mentions"),
        ({"text": "laat", "author_handle": "@jan"}, "mentions"),
        ({"text": "iets anders"}, None),
    ],
)
def test_a_post_concerns_a_source_by_its_query(fields: dict[str, str], verb: str | None) -> None:
    assert Watch(SOURCE, ()).verb_of(post(**fields)) == verb
