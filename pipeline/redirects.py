"""Where a redirect leads: the same request elsewhere, without what was meant for the first host."""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin, urlsplit

from pipeline.errors import PayloadError, SourceUntrusted
from pipeline.guard import is_same_house
from pipeline.session import Request

_FOR_ANYBODY: Final = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})


def next_hop(request: Request, status: int, target: str) -> Request:
    """The request a redirect leads to; nothing secret goes to another host.

    Raises:
        SourceUntrusted: from https to http, or with what was posted to another host.
        PayloadError: the target is no address.
    """
    here = request.url
    try:
        there = urljoin(here, target)
        stays = is_same_house(here, there)
        schemes = urlsplit(here).scheme, urlsplit(there).scheme
    except ValueError as error:
        raise PayloadError(f"sends us to what is no address: {error}", where=here) from error
    if schemes == ("https", "http"):
        raise SourceUntrusted(
            "sends us from https to http",
            where=here,
            todo="name the address it should have, or leave this source out",
        )
    method, content = request.method, request.content
    if status == 303 or (method == "POST" and status in {301, 302}):
        method, content = "GET", {}
    if content and not stays:
        raise SourceUntrusted(
            "sends what we posted on to another server",
            where=here,
            todo="name the server it should go to in luister.toml",
        )
    kept = {
        name: text
        for name, text in request.headers.items()
        if stays or name.lower() in _FOR_ANYBODY
    }
    return Request(method=method, url=there, headers=kept, content=content)
