"""Replies recorded from GitHub in 2013-16, field by field, as a person reads them."""

from pipeline.errors import RateLimited
from tests.real.outcomes import outcomes
from tests.real.recorded import check, posts, unknown

ADMIN = "repos/sferik/rails_admin"


def test_every_recording_gives_its_posts_or_its_error() -> None:
    assert outcomes("github") == {
        "octokit_issue_comments": 3,
        "octokit_issue_event": 0,
        "octokit_repo_issues": 30,
        "octokit_search_issues": 10,
        "octokit_search_users_2pages__01": 0,
        "octokit_search_users_2pages__02": 0,
        "perceval_abuse_rate_limit": RateLimited,
        "perceval_github_issue_1": 1,
        "perceval_github_issue_comments_1": 1,
        "perceval_github_request": 1,
        "perceval_rate_limit": 0,
    }


def test_an_issue_without_an_answer() -> None:
    issue = posts("github", "octokit_repo_issues")[0]
    check(
        issue,
        platform="github",
        post_id="https://github.com/sferik/rails_admin/issues/2746",
        native_id=f"{ADMIN}/issues/2746",
        aliases=(f"{ADMIN}/issues/2746",),
        root_id=f"{ADMIN}/issues/2746",
        kind="post",
        title="including Mongoid::Autoinc would not display a model in Rails_admin",
        author_id="nengine",
        author_handle="nengine",
        author_url="https://github.com/nengine",
        author_is_bot=False,
        created_at="2016-10-20T14:26:39Z",
        replies_count=0,
        mentions=(),
        links=(),
        tags=(),
        visibility="public",
    )
    assert issue.text.startswith("I included Mongoid::Autoinc to use auto increment integer ID")
    assert "\r" not in issue.text
    unknown(issue, "edited_at", "deleted_at", "parent_id", "likes_count", "views_count")
    unknown(issue, "language", "author_name", "author_followers_count", "reposts_count")


def test_an_issue_that_was_answered_is_not_thereby_edited() -> None:
    issue = posts("github", "octokit_repo_issues")[4]
    check(
        issue,
        post_id="https://github.com/sferik/rails_admin/issues/2742",
        author_id="zekedran",
        created_at="2016-10-14T01:20:13Z",
        replies_count=3,
    )
    unknown(issue, "edited_at")


def test_a_pull_request_with_a_label() -> None:
    pull = posts("github", "octokit_repo_issues")[20]
    check(
        pull,
        post_id="https://github.com/sferik/rails_admin/pull/2724",
        native_id=f"{ADMIN}/issues/2724",
        kind="post",
        title="Fixes Psych::DisallowedClass exception when updating MongoId models.",
        text="Fix for #2723 .",
        tags=("needs test",),
        author_id="matekb",
        replies_count=1,
        created_at="2016-09-27T11:42:10Z",
    )


def test_a_comment_under_a_pull_request() -> None:
    first, second, third = posts("github", "octokit_issue_comments")
    check(
        first,
        post_id="https://github.com/octokit/octokit.rb/pull/25#issuecomment-1194549",
        native_id="repos/octokit/octokit.rb/issues/comments/1194549",
        kind="comment",
        parent_id="repos/octokit/octokit.rb/issues/25",
        root_id="repos/octokit/octokit.rb/issues/25",
        author_id="catsby",
        created_at="2011-05-18T02:29:52Z",
        links=("https://github.com/ctshryock/octokit/tree/25-issue-comments-v3",),
    )
    unknown(first, "title", "edited_at", "likes_count", "replies_count")
    check(second, author_id="catsby", mentions=())
    check(third, author_id="sferik", created_at="2011-05-18T20:46:15Z")
    assert third.text.startswith("Thanks for digging in on this.")


def test_what_a_search_finds() -> None:
    found = posts("github", "octokit_search_issues")
    assert {post.author_id for post in found} == {"jasonrudolph"}
    check(
        found[0],
        post_id="https://github.com/github/developer.github.com/pull/262",
        root_id="repos/github/developer.github.com/issues/262",
        title="Clarify pagination via `since` parameter",
        mentions=("watsonian", "gjtorikian"),
        links=("https://github.com/github/developer.github.com/pull/259#issuecomment-19231530",),
        replies_count=1,
        created_at="2013-06-11T14:15:21Z",
    )
    check(
        found[1],
        title='"Simultaneous Vi Mode" disables left space key on Kinesis Freestyle2 '
        "Keyboard for Mac",
        replies_count=2,
    )
