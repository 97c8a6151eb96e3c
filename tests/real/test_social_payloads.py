"""Every recording of Mastodon and Bluesky gives posts, nothing for good reason, or its error."""

import pytest

import connectors
from pipeline.errors import (
    LuisterError,
    PayloadError,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.inspect import inspect
from pipeline.post import Post, Rejected
from tests.real.recorded import envelope, names

FAULTS: dict[str, dict[str, type[LuisterError]]] = {
    "mastodon": {
        "live-account-lookup-noauth": SourceGone,
        "live-account-statuses-bad-limit": PayloadError,
        "live-account-statuses-noauth": SourceRefused,
        "live-account-statuses-notfound": SourceGone,
        "live-instance-v2": SourceUnavailable,
        "live-mock-account-statuses-bad-limit": PayloadError,
        "live-mock-account-statuses-notfound": SourceGone,
        "live-mock-notifications-badtoken": SourceRefused,
        "live-mock-notifications-noauth": SourceRefused,
        "live-mock-status-deleted": SourceGone,
        "live-mock-xbrightloop-brightloop-example-rss": SourceGone,
        "live-mock-xbrightloop-rss": SourceGone,
        "live-mock-xnodeinfo-2-0": PayloadError,
        "live-notifications-badtoken": SourceRefused,
        "live-notifications-noauth": SourceRefused,
        "live-search-noauth": SourceRefused,
        "live-status-deleted": SourceGone,
        "live-status-direct-noauth": SourceRefused,
        "live-timeline-tag-noauth": SourceRefused,
        "live-xbrightloop-brightloop-example-rss": PayloadError,
        "live-xbrightloop-rss": SourceGone,
        "mpy_account_lookup__01": SourceGone,
        "mpy_home_tl_anonymous_throws": SourceRefused,
        "mpy_lang_for_errors__01": PayloadError,
        "mpy_lang_for_errors__02": PayloadError,
        "mpy_status_delete_media__02": PayloadError,
        "mpy_status_delete_media__03": SourceGone,
        "mpy_status_missing": SourceGone,
        "mpy_status_translate": SourceGone,
        "mpy_timeline_link_fails": SourceGone,
    },
    "bluesky": {
        "bskyr_r_post_errors": PayloadError,
        "bskyr_repo_auth_cache": SourceRefused,
        "live-createSession-bad-password": SourceRefused,
        "live-getBlocked-authorfeed": SourceRefused,
        "live-getProfile-notfound": SourceGone,
        "live-listNotifications-appview-pdsjwt": SourceRefused,
        "live-listNotifications-badtoken": SourceRefused,
        "live-searchPosts-bad-cursor": SourceUnavailable,
        "live-searchPosts-limit-101": PayloadError,
        "live-unknown-method": SourceGone,
    },
}
WITHOUT_POSTS = {
    "mastodon": {
        "live-account",
        "live-favourited_by",
        "live-instance-v1",
        "live-mock-account",
        "live-mock-account-lookup-noauth",
        "live-mock-favourited_by",
        "live-mock-instance-v1",
        "live-mock-instance-v2",
        "live-mock-search-acct",
        "live-mock-status-direct-noauth",
        "live-mock-trends-tags",
        "live-search-acct",
        "live-search-hashtag",
        "live-search-statuses-only",
        "live-trends-tags",
        "live-xnodeinfo-2-0",
        "mpy_account_lookup__02",
        "mpy_account_lookup__03",
        "mpy_account_search__01",
        "mpy_account_search__02",
        "mpy_grouped_notifications__03",
        "mpy_min_max_id__02",
        "mpy_notifications__03",
        "mpy_notifications_types__01",
        "mpy_search__01",
        "mpy_search__02",
        "mpy_search__03",
        "mpy_status_context",
        "mpy_status_edit__03",
        "mpy_status_edit__04",
        "mpy_status_quotes",
        "mpy_status_reblogged_by__01",
        "mpy_status_reblogged_by__02",
        "rtoot_get_account_default",
        "rtoot_get_poll_default",
        "rtoot_rtoot_examples__01",
        "rtoot_rtoot_examples__02",
        "rtoot_search_accounts_default",
    },
    "bluesky": {
        "bskyr_a_profile",
        "bskyr_f_postlikes",
        "bskyr_f_reposts",
        "bskyr_g_followers",
        "bskyr_i_resolveh",
        "bskyr_n_ncL",
        "bskyr_r_post_delete_post",
        "live-createSession",
        "live-getProfile",
        "live-getRepostedBy",
        "live-getUnreadCount",
        "live-resolveHandle",
        "live-searchActors",
        "live-searchPosts-empty",
        "marshalx_did_doc",
        "marshalx_get_follows",
    },
}
EVERY = [(platform, name) for platform in FAULTS for name in names(platform)]


def inspected(platform: str, name: str) -> list[Post | Rejected]:
    """What `luister inspect` gives of a recording, or the error it stands for."""
    return list(inspect(connectors.load(platform), envelope(platform, name)))


@pytest.mark.parametrize(("platform", "name"), EVERY, ids=[name for _, name in EVERY])
def test_every_recording_is_understood_or_refused_by_name(platform: str, name: str) -> None:
    fault = FAULTS[platform].get(name)
    if fault is not None:
        with pytest.raises(LuisterError) as error:
            inspected(platform, name)
        assert type(error.value) is fault
        return
    reads = inspected(platform, name)
    assert all(isinstance(each, Post) for each in reads), reads
    found = [each for each in reads if isinstance(each, Post)]
    assert (not found) == (name in WITHOUT_POSTS[platform])
    ids = [post.post_id for post in found]
    assert len(ids) == len(set(ids))
    for post in found:
        assert post.payload.startswith("{")
        assert post.author_id
        assert post.created_at is not None
        assert post.created_at.utcoffset() is not None
        assert (post.kind == "repost") == (post.reposted_id is not None)
        assert (post.kind == "repost") <= (post.text == "")
