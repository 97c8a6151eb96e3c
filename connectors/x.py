"""X (Twitter): posts that name a company or address it, its own, whole conversations.

Reads: the API v2 (https://docs.x.com/x-api): recent search, or the full archive with
    ``options.archive``; posts of an account and posts that mention it; posts by id. Queries hold
    ``terms``, ``tags`` and ``urls`` (pages that people share) and, where one is given,
    ``options.narrow`` (such as ``-giveaway``). Deletions are found by asking for known posts again:
    jobs of batch compliance need an upload to another host, their results are understood.
Access: X_BEARER_TOKEN of an app with credits: every post and user that is read costs money, once a
    day (UTC). Whether those that stand beside a post cost too is not told (2026-11): they are
    counted, and only authors and what a repost repeats are asked for.
Cannot tell: who reposted; without the archive, what of a conversation is older than seven days;
    whether an author is a program, unless the account bears the label of one.
Quirks: recent search knows seven days (a gap is told when it was asked for two weeks or more), an
    account's own posts end at 3,200, those that mention it at 800. Times are asked for and not
    ``since_id``: one of more than seven days ago is refused. Each edit has an id of its own: the
    first one names the post. Posts never come late, and each night that reads a day again pays for
    it again: keep ``collection.window_days`` small. A repost has the words of the original and no
    numbers. What is withheld anywhere or protected is not kept. The archive allows a third less:
    set ``requests_per_minute = 20``. That ``url:`` finds quotes is not verified (2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from connectors import x_query as query
from connectors.paging import follow, once, tombstone, understand
from connectors.x_post import to_post
from connectors.x_problem import absence, missing, refusal
from connectors.x_reply import counted, cut, next_token, people
from pipeline.errors import ConfigError, SourceGone
from pipeline.post import Gap, Post, Read
from pipeline.source import Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

__all__ = ["ACCESS", "refusal", "to_post"]

TOKEN: Final = "X_BEARER_TOKEN"  # noqa: S105 the name of a variable
MONTH: Final = 30 * 86_400.0
ACCESS: Final = Access(
    kind="key",
    requests=450,
    seconds=900.0,
    secrets=(TOKEN,),
    needs=dict.fromkeys(("mentions", "timeline", "inbox", "thread", "refresh"), (TOKEN,)),
    # Prices are in dollars: taking them for euro errs on the safe side.
    quotas={
        "posts": Quota(limit=3_000_000, seconds=MONTH, euro=0.005),
        "users": Quota(seconds=MONTH, euro=0.010),
    },
)
API: Final = "https://api.x.com"
OPTIONS: Final = frozenset({"archive", "narrow"})
PAGE: Final = 100
ARCHIVE_PAGE: Final = 500
LONGEST: Final = 512
ARCHIVE_LONGEST: Final = 1_024
MOST_OWN: Final = 3_200
MOST_MENTIONS: Final = 800
BEGINNING: Final = datetime(2006, 3, 26, tzinfo=UTC)
WEEK: Final = timedelta(days=7)
A_MINUTE: Final = timedelta(minutes=1)
AN_HOUR: Final = timedelta(hours=1)
AUTHOR: Final = "author_id"
ORIGINAL: Final = "author_id,referenced_tweets.id"
FIELDS: Final = {
    "tweet.fields": (
        "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,entities,lang,"
        "public_metrics,note_tweet,edit_controls,possibly_sensitive,withheld,reply_settings"
    ),
    "user.fields": "username,name,created_at,public_metrics,protected,withheld,affiliation",
}
Params = Mapping[str, str | int]


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts with the words, tags and addresses; also with the accounts if the inbox is not read."""
    wanted = list(query.about(source))
    if "inbox" not in source.verbs:
        wanted += query.to(source)
    yield from once(_search(source, client, wanted, since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts posted, answered and reposted."""
    yield from once(_accounts(source, client, "tweets", {}, since, MOST_OWN))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What mentions, answers or quotes the accounts.

    A search: it finds answers in which the name was removed, and does not end at 800. What is older
    than it knows comes from the list of mentions.
    """
    reads = _search(source, client, list(query.to(source)), since, tell=False)
    yield from once(_with_older(source, client, since, reads))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The uppermost post, the one that is answered, and whatever was said below."""
    own = (post.post_id, post.native_id, *post.aliases)
    root = post.root_id or post.post_id
    above = [each for each in dict.fromkeys((root, post.parent_id)) if each and each not in own]
    yield from once(_conversation(source, client, above, own if root in own else (root,)))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now, a hundred at a time; one that is gone or hidden as its tombstone."""
    ordered = sorted(posts, key=lambda post: post.kind == "repost")
    for start in range(0, len(ordered), PAGE):
        some = ordered[start : start + PAGE]
        yield from _as_they_are(
            source, client, {each.native_id or each.post_id: each for each in some}
        )


def spent(reply: Reply) -> Mapping[str, int]:
    """Posts and users in the reply, each once, with those that stand beside."""
    return counted(reply) if reply.status == 200 else {}


def read(reply: Reply) -> Iterator[Item]:
    """The posts of any reply, event or list of compliance; everything else of X gives none.

    Raises:
        LuisterError: a refusal, or nothing but what is missing.
    """
    return cut(reply)


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)


def _search(
    source: Source, client: Client, wanted: Sequence[str], since: datetime, *, tell: bool = True
) -> Iterator[Read]:
    """What any of the queries finds, newest first; a gap where the search knows no more."""
    in_archive = _in_archive(source)
    reaches = in_archive or since > _now() - WEEK + AN_HOUR
    narrowing = [query.WITHOUT_REPOSTS, str(source.options.get("narrow", ""))]
    if source.language:
        narrowing.append(query.in_language(source.language))
    params: dict[str, str | int] = {
        "max_results": ARCHIVE_PAGE if in_archive else PAGE,
        "expansions": AUTHOR,
    }
    if reaches:
        params["start_time"] = _start(since)
    path = f"tweets/search/{'all' if in_archive else 'recent'}"
    longest = ARCHIVE_LONGEST if in_archive else LONGEST
    for text in query.pack(wanted, narrowing, longest):
        asked = {**params, "query": text}
        yield from understand(_THIS, _pages(source, client, path, asked, since, "next_token"))
    if wanted and tell and not in_archive and _is_far(since):
        yield _gap(since, _now() - WEEK, "recent search knows seven days")


def _with_older(
    source: Source, client: Client, since: datetime, newer: Iterator[Read]
) -> Iterator[Read]:
    yield from newer
    if source.accounts and not _in_archive(source) and _is_far(since):
        until = {"end_time": _written(_now() - WEEK + AN_HOUR)}
        yield from _accounts(source, client, "mentions", until, since, MOST_MENTIONS)


def _accounts(
    source: Source, client: Client, name: str, more: Params, since: datetime, most: int
) -> Iterator[Read]:
    """A list of each account; a gap where it ends before ``since`` for its length.

    Raises:
        SourceGone: an account is not there; told when the others were read.
    """
    handles = [query.handle(each, source) for each in source.accounts]
    numbers = _numbers(source, client, handles)
    params = {"max_results": PAGE, "expansions": ORIGINAL, "start_time": _start(since), **more}
    for handle in handles:
        number = numbers.get(handle.lower())
        if number is None:
            continue
        pages = _pages(source, client, f"users/{number}/{name}", params, since, "pagination_token")
        yield from _until_cut_off(understand(_THIS, pages), since, most)
    lost = [each for each in handles if each.lower() not in numbers]
    if lost:
        raise SourceGone(f"no such account: {', '.join(lost)}", where=source.name)


def _until_cut_off(reads: Iterator[Read], since: datetime, most: int) -> Iterator[Read]:
    count, oldest = 0, None
    for each in reads:
        yield each
        count += 1
        oldest = each.created_at if isinstance(each, Post) and each.created_at else oldest
    if count >= most - PAGE and oldest is not None and oldest > since:
        yield _gap(since, oldest, f"the list of an account ends after {most} posts")


def _numbers(source: Source, client: Client, handles: Sequence[str]) -> Mapping[str, str]:
    """Ids of accounts by name in lower case; who is not there is missing."""
    found: dict[str, str] = {}
    for start in range(0, len(handles), PAGE):
        some = ",".join(handles[start : start + PAGE])
        found |= people(_get(source, client, "users/by", {"usernames": some}))
    return found


def _conversation(
    source: Source, client: Client, above: Sequence[str], roots: Sequence[str | None]
) -> Iterator[Read]:
    if above:
        reply = _lookup(source, client, above, AUTHOR)
        if absence(reply) is None or counted(reply):
            yield from understand(_THIS, [reply])
    wanted = [f"conversation_id:{each}" for each in dict.fromkeys(roots) if each]
    yield from _search(source, client, wanted, BEGINNING, tell=False)


def _as_they_are(source: Source, client: Client, asked: Mapping[str, Post]) -> Iterator[Read]:
    """The posts of one batch; of one that was edited, the latest version is asked for."""
    has_repost = any(each.kind == "repost" for each in asked.values())
    reply = _lookup(source, client, list(asked), ORIGINAL if has_repost else AUTHOR)
    known = {each.post_id: each for each in asked.values()}
    gone, newer = missing(reply), dict[str, Post]()
    for each in understand(_THIS, [reply] if counted(reply) or not gone else []):
        if not isinstance(each, Post):
            yield each
            continue
        latest = max((each.post_id, *each.aliases), key=int)
        before = known.get(each.post_id, each)
        if latest != each.native_id and latest not in asked:
            newer[latest] = before
        else:
            yield each if each.is_keepable else tombstone(before, reply)
    yield from (tombstone(post, reply) for number, post in asked.items() if number in gone)
    if newer:
        yield from _as_they_are(source, client, newer)


def _lookup(source: Source, client: Client, numbers: Sequence[str], expansions: str) -> Reply:
    params = {"ids": ",".join(numbers), "expansions": expansions}
    return _get(source, client, "tweets", params)


def _pages(
    source: Source, client: Client, path: str, params: Params, since: datetime, cursor: str
) -> Iterator[Reply]:
    """Pages until there is no next one or, newest first, one holds nothing but what is old."""

    def fetch(token: str) -> Reply:
        place = {cursor: token} if token else {}
        return _get(source, client, path, {**params, **place})

    def following(reply: Reply, _: str) -> str | None:
        found = [each for each in understand(_THIS, [reply]) if isinstance(each, Post)]
        is_old = bool(found) and all(_is_old(each, since) for each in found)
        return None if is_old else next_token(reply)

    return follow("", fetch, following)


def _get(source: Source, client: Client, path: str, params: Params) -> Reply:
    unknown = sorted(set(source.options) - OPTIONS)
    if unknown:
        raise ConfigError(
            f"unknown option {unknown[0]!r}", where=source.name, todo=f"known: {sorted(OPTIONS)}"
        )
    token = client.secret(TOKEN)
    if token is None:
        raise ConfigError(f"X lets nobody in without {TOKEN}", where=source.name)
    fields = {"user.fields": FIELDS["user.fields"]} if path == "users/by" else FIELDS
    address = f"{(source.server or API).rstrip('/')}/2/{path}"
    return client.get(address, params={**fields, **params}, bearer=token)


def _in_archive(source: Source) -> bool:
    return source.options.get("archive") is True


def _is_old(post: Post, since: datetime) -> bool:
    return post.created_at is not None and post.created_at < since


def _is_far(since: datetime) -> bool:
    """Beyond what nights read again: then the seven days of search left something out."""
    return since < _now() - 2 * WEEK


def _gap(begin: datetime, end: datetime, reason: str) -> Gap:
    return Gap(gap_from=begin, gap_to=end, reason=reason)


def _start(since: datetime) -> str:
    """From when on; X refuses what is not at least some seconds ago."""
    return _written(min(since, _now() - A_MINUTE))


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _now() -> datetime:
    return datetime.now(UTC)
