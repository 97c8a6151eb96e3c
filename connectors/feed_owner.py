"""Whose feed an address is: nobody's, or that of a company's account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import msgspec

from connectors import feed_names as names
from connectors.markup import resolve
from pipeline.post import Post, Read
from pipeline.source import Source


def owner(source: Source, address: str) -> str | None:
    """The account whose own feed this is, or None."""
    named = source.options.get("owner")
    if named:
        return str(named)
    host = names.site(address)
    for account in source.accounts:
        domain = _domain(account)
        if _bare(account) == _bare(address) or (domain and names.is_within(host, domain)):
            return account
    return None


def owned(source: Source) -> Mapping[str, Sequence[str]]:
    """The feeds of a company by its account: its addresses, and accounts that are one."""
    own = [account for account in source.accounts if resolve(account) and not _domain(account)]
    owners: dict[str, list[str]] = {}
    for address in {_bare(each): each for each in [*own, *source.urls]}.values():
        account = owner(source, address)
        if account is not None:
            owners.setdefault(account, []).append(address)
    return owners


def signed(found: Read, account: str) -> Read:
    """An article as the account's own; a comment stays its writer's."""
    if not isinstance(found, Post) or found.kind == "comment":
        return found
    return msgspec.structs.replace(found, author_id=account, author_handle=account)


def _domain(account: str) -> str:
    """The host of an account that is a domain or a site's front page; empty for any other."""
    address = account if "//" in account else f"//{account}"
    is_site = "." in account and " " not in account and urlsplit(address).path in {"", "/"}
    return names.site(address) if is_site else ""


def _bare(address: str) -> str:
    return names.canonical(address).rstrip("/")
