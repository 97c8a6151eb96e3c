"""Feeds of the simulated world: blogs (RSS, Atom, JSON Feed), their comments, and a news search."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from pipeline.world.elsewhere import BLOG, NEWS
from pipeline.world.exchange import Answer, Request, as_json
from pipeline.world.identity import guid, page
from pipeline.world.shape import Organisation, Said
from pipeline.world.view import View

RSS_TYPE: Final = "application/rss+xml; charset=UTF-8"
ATOM_TYPE: Final = "application/atom+xml; charset=UTF-8"
NAMESPACES: Final = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)
_WORD: Final = re.compile(r"\w+")


class FeedDouble:
    """Serves ``/<company>/feed/``, ``/atom/``, ``/feed.json``, ``/comments/feed/`` and news search.

    Args:
        view: the world at one moment.
        base: the address under which it is served.
    """

    def __init__(self, view: View, base: str) -> None:
        self._view = view
        self._base = base
        self._companies = {each.tag: each for each in view.world.organisations}
        self._said = view.by_platform["feed"]

    def answer(self, request: Request) -> Answer:
        """The feed, or 304 when the asker has it already."""
        return _unless_known(request, self._feed(request))

    def _feed(self, request: Request) -> Answer:
        if request.path == "/news/search":
            return self._news(request)
        company, _, rest = request.path.strip("/").partition("/")
        organisation = self._companies.get(company)
        if organisation is None:
            return Answer(b"<html><body>404</body></html>", 404, "text/html; charset=UTF-8")
        if rest == "comments/feed":
            return self._comments(organisation, self._spoken(organisation, comments=True))
        if rest == "feed":
            return self._blog(organisation)
        if rest == "atom":
            return self._atom(organisation)
        if rest == "feed.json":
            return self._json(organisation)
        number, _, tail = rest.partition("/")
        if number.isdigit() and tail == "feed":
            of_post = [
                each
                for each in self._spoken(organisation, comments=True)
                if each.root.number == int(number)
            ]
            return self._comments(organisation, of_post)
        return Answer(b"<html><body>404</body></html>", 404, "text/html; charset=UTF-8")

    def _spoken(self, organisation: Organisation, *, comments: bool) -> list[Said]:
        """A blog's articles or comments, newest first."""
        author = organisation.account("feed")
        return [
            each
            for each in reversed(self._said)
            if each.channel == BLOG
            and each.root.author is author
            and (each.kind == "comment") is comments
        ]

    def _blog(self, organisation: Organisation) -> Answer:
        said = self._spoken(organisation, comments=False)
        items = "".join(self._blog_item(organisation, each) for each in said)
        return _rss(organisation.name, f"https://{organisation.domain}", items, said)

    def _blog_item(self, organisation: Organisation, said: Said) -> str:
        comments = sum(1 for _ in self._view.descendants(said))
        feed = f"{self._base}/{organisation.tag}/{said.number}/feed/"
        return (
            f"<item><title>{escape(said.title or '')}</title><link>{page(said)}</link>"
            f"<comments>{page(said)}#comments</comments>"
            f"<dc:creator><![CDATA[{said.author.name}]]></dc:creator>"
            f"<pubDate>{rfc822(said.at)}</pubDate>"
            f'<guid isPermaLink="false">{escape(guid(said))}</guid>'
            f"<description><![CDATA[{said.text}]]></description>"
            f"<content:encoded><![CDATA[<p>{said.text}</p>]]></content:encoded>"
            f"<wfw:commentRss>{feed}</wfw:commentRss>"
            f"<slash:comments>{comments}</slash:comments></item>\n"
        )

    def _comments(self, organisation: Organisation, said: Sequence[Said]) -> Answer:
        items = "".join(_comment_item(each) for each in said)
        return _rss(
            f"Reacties op {organisation.name}", f"https://{organisation.domain}", items, said
        )

    def _news(self, request: Request) -> Answer:
        wanted = [word.lower() for word in _WORD.findall(request.one("q"))]
        found = [
            each
            for each in reversed(self._said)
            if each.channel == NEWS and _holds(f"{each.title} {each.text}", wanted)
        ]
        items = "".join(_news_item(each) for each in found)
        return _rss(f"{request.one('q')} - nieuws", "https://nieuws.example/", items, found)

    def _atom(self, organisation: Organisation) -> Answer:
        said = self._spoken(organisation, comments=False)
        updated = said[0].at if said else self._view.world.begins_at
        entries = "".join(
            f"<entry><id>{escape(guid(each))}</id><title>{escape(each.title or '')}</title>"
            f'<link rel="alternate" href={quoteattr(page(each))}/>'
            f"<author><name>{escape(each.author.name)}</name></author>"
            f"<published>{each.at:%Y-%m-%dT%H:%M:%SZ}</published>"
            f"<updated>{each.at:%Y-%m-%dT%H:%M:%SZ}</updated>"
            f'<content type="html">{escape(f"<p>{each.text}</p>")}</content></entry>\n'
            for each in said
        )
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nl">'
            f"<id>https://{organisation.domain}/</id><title>{organisation.name}</title>"
            f"<updated>{updated:%Y-%m-%dT%H:%M:%SZ}</updated>\n{entries}</feed>\n"
        )
        return _dated(body.encode(), ATOM_TYPE, updated)

    def _json(self, organisation: Organisation) -> Answer:
        items: list[dict[str, Any]] = [
            {
                "id": guid(each),
                "url": page(each),
                "title": each.title,
                "content_html": f"<p>{each.text}</p>",
                "date_published": f"{each.at:%Y-%m-%dT%H:%M:%SZ}",
                "authors": [{"name": each.author.name}],
                "language": each.language,
            }
            for each in self._spoken(organisation, comments=False)
        ]
        answer = as_json(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": organisation.name,
                "home_page_url": f"https://{organisation.domain}/",
                "feed_url": f"{self._base}/{organisation.tag}/feed.json",
                "language": "nl",
                "items": items,
            }
        )
        return Answer(answer.body, 200, "application/feed+json", {"ETag": _etag(answer.body)})


def rfc822(at: datetime) -> str:
    """A time as RSS writes it."""
    return format_datetime(at)


def _comment_item(said: Said) -> str:
    answered = said.parent
    intro = ""
    if answered is not None and answered.kind == "comment":
        name = escape(answered.author.name)
        intro = f'<p>Als antwoord op <a href="{page(answered)}">{name}</a>.</p>\n'
    author = escape(said.author.name)
    inner = f"{intro}<p>{escape(said.text)}</p>"
    return (
        f"<item><title>Door: {author}</title><link>{page(said)}</link>"
        f"<dc:creator><![CDATA[{said.author.name}]]></dc:creator>"
        f"<pubDate>{rfc822(said.at)}</pubDate>"
        f'<guid isPermaLink="false">{escape(guid(said))}</guid>'
        f"<description>{escape(inner)}</description>"
        f"<content:encoded><![CDATA[{inner}]]></content:encoded></item>\n"
    )


def _news_item(said: Said) -> str:
    link = page(said)
    host = said.author.server
    snippet = f'<a href="{link}" target="_blank">{escape(said.title or "")}</a>'
    return (
        f"<item><title>{escape(said.title or '')} - {escape(said.author.name)}</title>"
        f"<link>{link}</link>"
        f'<guid isPermaLink="false">{escape(guid(said))}</guid>'
        f"<pubDate>{rfc822(said.at)}</pubDate>"
        f"<description>{escape(f'{snippet}<p>{said.text}</p>')}</description>"
        f'<source url="https://{host}">{escape(said.author.name)}</source></item>\n'
    )


def _rss(title: str, home: str, items: str, said: Sequence[Said]) -> Answer:
    built = f"<lastBuildDate>{rfc822(said[0].at)}</lastBuildDate>" if said else ""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<rss version="2.0" {NAMESPACES}><channel><title>{escape(title)}</title>'
        f"<link>{home}</link><description></description><language>nl-NL</language>{built}"
        "<sy:updatePeriod>hourly</sy:updatePeriod>\n"
        f"{items}</channel></rss>\n"
    )
    return _dated(body.encode(), RSS_TYPE, said[0].at if said else None)


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _dated(body: bytes, content_type: str, at: datetime | None) -> Answer:
    headers = {"ETag": _etag(body)}
    if at is not None:
        headers["Last-Modified"] = format_datetime(at, usegmt=True)
    return Answer(body, 200, content_type, headers)


def _unless_known(request: Request, answer: Answer) -> Answer:
    known = request.headers.get("if-none-match")
    if answer.status == 200 and known is not None and known == answer.headers.get("ETag"):
        return Answer(b"", 304, answer.content_type, answer.headers)
    return answer


def _holds(text: str, wanted: Sequence[str]) -> bool:
    words = {word.lower() for word in _WORD.findall(text)}
    return bool(wanted) and words.issuperset(wanted)
