"""Ask X: searches, lists of accounts and posts by id, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from connectors import x_query as query
from connectors.paging import follow, is_older, times_of, understand
from connectors.x_post import to_post
from connectors.x_reply import cut, next_token, people
from pipeline.errors import AccountGone, ConfigError, SecretError
from pipeline.post import Gap, Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

TOKEN: Final = "X_BEARER_TOKEN"  # noqa: S105 the name of a variable
API: Final = "https://api.x.com"
OPTIONS: Final = frozenset({"archive", "compliance", "narrow"})
PAGE: Final = 100
ARCHIVE_PAGE: Final = 500
LONGEST: Final = 512
ARCHIVE_LONGEST: Final = 1_024
BEGINNING: Final = datetime(2006, 3, 26, tzinfo=UTC)
WEEK: Final = timedelta(days=7)
A_MINUTE: Final = timedelta(minutes=1)
AN_HOUR: Final = timedelta(hours=1)
AUTHOR: Final = "author_id,attachments.poll_ids"
ORIGINAL: Final = f"{AUTHOR},referenced_tweets.id"
FIELDS: Final = {
    "tweet.fields": (
        "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,entities,lang,"
        "public_metrics,note_tweet,article,attachments,edit_controls,possibly_sensitive,withheld,"
        "reply_settings"
    ),
    "user.fields": "username,name,created_at,public_metrics,protected,withheld,affiliation",
}
Params = Mapping[str, str | int]
THIS: Final[Any] = SimpleNamespace(read=cut, to_post=to_post)


def search(
    source: Source,
    client: Client,
    wanted: Sequence[str],
    since: datetime,
    narrowing: Sequence[str] = (),
) -> Iterator[Read]:
    """What any of the queries finds, newest first.

    For more than recent search knows no time is asked: the one it knows moves on between pages.
    """
    is_archive = in_archive(source)
    reaches = is_archive or since > now() - WEEK + AN_HOUR
    params: dict[str, str | int] = {
        "max_results": ARCHIVE_PAGE if is_archive else PAGE,
        "expansions": AUTHOR,
    }
    if reaches:
        params["start_time"] = _start(since)
    path = f"tweets/search/{'all' if is_archive else 'recent'}"
    longest = ARCHIVE_LONGEST if is_archive else LONGEST
    for text in query.pack(wanted, [query.WITHOUT_REPOSTS, *narrowing], longest):
        asked = {**params, "query": text}
        yield from understand(THIS, _pages(source, client, path, asked, since, "next_token"))


def lists(
    source: Source, client: Client, name: str, more: Params, since: datetime, most: int
) -> Iterator[Read]:
    """A list of each account; a gap where it ends before ``since`` for its length.

    Raises:
        AccountGone: an account is not there; told when the others were read.
    """
    handles = [query.handle(each, source) for each in source.accounts]
    numbers = _numbers(source, client, handles)
    params = {"max_results": PAGE, "expansions": ORIGINAL, "start_time": _start(since), **more}
    for handle in handles:
        number = numbers.get(handle.lower())
        if number is None:
            continue
        pages = _pages(source, client, f"users/{number}/{name}", params, since, "pagination_token")
        yield from _until_cut_off(understand(THIS, pages), since, most)
    lost = [each for each in handles if each.lower() not in numbers]
    if lost:
        raise AccountGone(
            f"no such account: {', '.join(lost)}",
            where=source.name,
            heard_others=len(lost) < len(handles),
        )


def _until_cut_off(reads: Iterator[Read], since: datetime, most: int) -> Iterator[Read]:
    count, oldest = 0, None
    for each in reads:
        yield each
        count += 1
        oldest = each.created_at if isinstance(each, Post) and each.created_at else oldest
    if count >= most - PAGE and oldest is not None and oldest > since:
        reason = f"the list of an account ends after {most} posts"
        yield Gap(gap_from=since, gap_to=oldest, reason=reason)


def _numbers(source: Source, client: Client, handles: Sequence[str]) -> Mapping[str, str]:
    """Ids of accounts by name in lower case; who is not there is missing."""
    found: dict[str, str] = {}
    for start in range(0, len(handles), PAGE):
        some = ",".join(handles[start : start + PAGE])
        found |= people(_get(source, client, "users/by", {"usernames": some}))
    return found


def lookup(source: Source, client: Client, numbers: Sequence[str], expansions: str) -> Reply:
    """Up to a hundred posts by id, and which of them are missing."""
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
        is_old = is_older(times_of(understand(THIS, [reply])), since)
        return None if is_old else next_token(reply)

    return follow("", fetch, following)


def _get(source: Source, client: Client, path: str, params: Params) -> Reply:
    fields = {"user.fields": FIELDS["user.fields"]} if path == "users/by" else FIELDS
    return get(source, client, path, {**fields, **params})


def get(source: Source, client: Client, path: str, params: Params) -> Reply:
    """Ask X for just this.

    Raises:
        ConfigError: an option that is not known, or no token.
    """
    unknown = sorted(set(source.options) - OPTIONS)
    if unknown:
        raise ConfigError(
            f"unknown option {unknown[0]!r}", where=source.name, todo=f"known: {sorted(OPTIONS)}"
        )
    return client.get(address(source, path), params=params, bearer=token(source, client))


def address(source: Source, path: str) -> str:
    """Where X answers for a path."""
    return f"{(source.server or API).rstrip('/')}/2/{path}"


def token(source: Source, client: Client) -> str:
    """What lets us in.

    Raises:
        SecretError: there is none.
    """
    found = client.secret(TOKEN)
    if found is None:
        raise SecretError(f"X needs {source.variable(TOKEN)}", where=source.name)
    return found


def in_archive(source: Source) -> bool:
    """Whether all posts since 2006 are searched, not those of the last seven days."""
    return source.options.get("archive") is True


def is_far(since: datetime) -> bool:
    """Beyond what nights read again: then the seven days of search left something out."""
    return since < now() - 2 * WEEK


def _start(since: datetime) -> str:
    """From when on; X refuses what is not at least some seconds ago."""
    return written(min(since, now() - A_MINUTE))


def written(moment: datetime) -> str:
    """A time as X reads it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now() -> datetime:
    """The moment that the windows of X count from."""
    return datetime.now(UTC)
