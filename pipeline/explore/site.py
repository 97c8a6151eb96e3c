"""The pages: which address shows what. Every page is made on the server and only read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from pipeline.errors import LuisterError
from pipeline.explore import measured, questions, tables, views
from pipeline.explore.comparing import compare, read_sides
from pipeline.explore.filters import Filter, read_filter
from pipeline.explore.gate import COOKIE, SESSION_SECONDS, Gate, Sessions, token_of
from pipeline.explore.published import Night, Published
from pipeline.report.page import TEMPLATES as REPORT_TEMPLATES
from pipeline.report.page import environment
from pipeline.report.words import Words, named

TEMPLATES: Final = Path(__file__).parent / "templates"
LONGEST_FORM: Final = 4096
CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_log = logging.getLogger(__name__)


def site(published: Published, *, language: str, password: str | None, host: str) -> Starlette:
    """The pages over the newest night.

    Args:
        published: the nights of a data folder.
        language: ``nl`` or ``en``.
        password: what a visitor must tell; None lets everybody in.
        host: where the page listens.
    """
    sessions = Sessions(password)
    pages = _Pages(published, sessions, language)
    routes = [
        Route("/", pages.posts),
        Route("/compare", pages.compare),
        Route("/posts.csv", pages.csv),
        Route("/posts.xlsx", pages.xlsx),
        Route("/login", pages.login),
        Route("/login", pages.enter, methods=["POST"]),
        Route("/logout", pages.leave, methods=["POST"]),
        Route("/explore.css", _style),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Gate, sessions=sessions, host=host)],
        exception_handlers={LuisterError: pages.unanswered},
    )


class _Pages:
    """What each address answers with."""

    def __init__(self, published: Published, sessions: Sessions, language: str) -> None:
        self._published = published
        self._sessions = sessions
        self._language = language

    def posts(self, request: Request) -> Response:
        """The counts of a choice, and one page of its posts."""
        night, words, chosen = self._asked(request)
        counts = questions.counts(night, chosen)
        chosen = chosen.within(counts.total)
        rows = questions.posts(night, chosen)
        before, after, pages = views.pages(chosen, counts.total)
        return self._page(
            "posts.html",
            night,
            words,
            chosen=chosen,
            bare=Filter(organisation=chosen.organisation),
            choices=views.choices(chosen, night.about, words),
            summary=views.summary(chosen, counts.total, words),
            columns=views.columns(chosen, counts, night.about, words),
            scale=views.scale(counts, words),
            facets=views.facets(chosen, counts, words),
            posts=[views.shown(row, chosen, night.about, words) for row in rows],
            before=before,
            after=after,
            place=words.say(
                "page {page} of {pages}",
                page=words.number(chosen.page),
                pages=words.number(pages),
            ),
            too_long=views.too_long(counts.total, words),
        )

    def compare(self, request: Request) -> Response:
        """The measures of two organisations or periods."""
        night, words, _ = self._asked(request)
        known = questions.periods(night)
        asked = request.query_params.get("platform", "")
        platform = asked if asked in night.about.platforms else "all"
        one, other = read_sides(request.query_params, night, platform)
        return self._page(
            "compare.html",
            night,
            words,
            sides=[
                (words.say("One"), measured.side_choices("one", one, night.about, known, words)),
                (
                    words.say("The other"),
                    measured.side_choices("other", other, night.about, known, words),
                ),
            ],
            platform=measured.platform_choice(platform, night.about, words),
            beside=measured.beside(one, night.about, words),
            one=measured.side_name(one, words),
            other=measured.side_name(other, words),
            lines=measured.lines(compare(night, one, other, platform), words),
        )

    def csv(self, request: Request) -> Response:
        """The posts of a choice as CSV."""
        return self._file(request, tables.as_csv, "posts.csv", CSV_TYPE)

    def xlsx(self, request: Request) -> Response:
        """The posts of a choice as a workbook."""
        return self._file(request, tables.as_xlsx, "posts.xlsx", XLSX_TYPE)

    def login(self, _request: Request, *, is_wrong: bool = False) -> Response:
        """The question for the password."""
        words = Words(self._language)
        html = _templates(words.language).get_template("login.html")
        return HTMLResponse(
            html.render(language=words.language, is_wrong=is_wrong), 401 if is_wrong else 200
        )

    async def enter(self, request: Request) -> Response:
        """Let in whoever tells the password."""
        told = b""
        async for piece in request.stream():
            told += piece
            if len(told) > LONGEST_FORM:
                return PlainTextResponse("too long", 413)
        form = parse_qs(told.decode("utf-8", "replace"))
        token = await run_in_threadpool(self._sessions.enter, form.get("password", [""])[0])
        if token is None:
            return self.login(request, is_wrong=True)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            COOKIE,
            token,
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    def leave(self, request: Request) -> Response:
        """Forget whoever leaves."""
        self._sessions.leave(token_of(request.headers))
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    def unanswered(self, _request: Request, error: Exception) -> Response:
        """What is shown where an answer took too long, or the posts cannot be searched."""
        _log.error("%s", error)
        words = Words(self._language)
        html = _templates(words.language).get_template("unanswered.html")
        return HTMLResponse(html.render(language=words.language), 503)

    def _asked(self, request: Request) -> tuple[Night, Words, Filter]:
        night = self._published.night()
        chosen = read_filter(request.query_params, night.about.organisations)
        return night, Words(self._language, night.about.timezone), chosen

    def _file(
        self, request: Request, made: Callable[..., Iterator[bytes]], name: str, media_type: str
    ) -> Response:
        night, _, chosen = self._asked(request)
        pieces = made(questions.COLUMNS, questions.export(night, chosen))
        # the first before anything is sent: what goes wrong until then can still be told
        first = next(pieces, b"")
        return StreamingResponse(
            chain([first], pieces),
            media_type=media_type,
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )

    def _page(self, template: str, night: Night, words: Words, **values: Any) -> Response:
        about = night.about
        html = _templates(words.language).get_template(template)
        return HTMLResponse(
            html.render(
                language=words.language,
                own=named(about.organisations[0]),
                published=words.moment(about.published_at) if about.published_at else "",
                run_id=named(about.run_id or ""),
                has_password=self._sessions.password is not None,
                **values,
            )
        )


@lru_cache(maxsize=4)
def _templates(language: str) -> jinja2.Environment:
    """The templates of a language, read once: to do so for each page takes most of its time."""
    return environment(Words(language)).overlay(
        loader=jinja2.FileSystemLoader([TEMPLATES, REPORT_TEMPLATES])
    )


def _style(_request: Request) -> Response:
    sheet = (TEMPLATES / "explore.css").read_text(encoding="utf-8")
    return Response(sheet, media_type="text/css", headers={"cache-control": "private, max-age=300"})
