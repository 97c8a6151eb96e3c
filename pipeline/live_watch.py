"""Does a post of the whole network concern a source, and how would it have been asked for?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pipeline.folding import fold, fold_account, fold_tag, without_addresses
from pipeline.matching import Matcher, Named
from pipeline.post import Post
from pipeline.relevance.finding import Finder, Subject
from pipeline.source import Source, Verb

_WORD: Final = re.compile(r"\w+")


class Watch:
    """Finds what names the terms, tags or accounts of a source.

    Args:
        source: what is listened to.
        accounts: all names of its accounts on the platform, ids included.
    """

    def __init__(self, source: Source, accounts: Iterable[str]) -> None:
        terms = [term.strip().strip('"').removeprefix("#") for term in source.terms]
        self._verbs = source.verbs
        self._matcher = Matcher([Named(name="", aliases=[each for each in terms if each])])
        self._queries = Finder({0: (source.query, ())}) if source.query is not None else None
        self._tags = {fold_tag(tag) for tag in (*source.tags, *filter(None, map(_joined, terms)))}
        self._accounts = {fold_account(each) for each in (*source.accounts, *accounts)} - {""}
        self._places = tuple(f"/{each}/" for each in self._accounts)

    def verb_of(self, post: Post) -> Verb | None:
        """The verb by which polling would have found it; None when it does not concern us."""
        if "timeline" in self._verbs and self._is_ours((post.author_id, post.author_handle)):
            return "timeline"
        if self._is_addressed(post):
            if "inbox" in self._verbs:
                return "inbox"
            return "mentions" if "mentions" in self._verbs else None
        return "mentions" if "mentions" in self._verbs and self._is_named(post) else None

    def may_concern(self, text: str) -> bool:
        """Whether something that was not understood has a name in it all the same."""
        return any(True for _ in self._matcher.names_in(text))

    def _is_ours(self, names: Iterable[str | None]) -> bool:
        return any(name and fold_account(name) in self._accounts for name in names)

    def _is_addressed(self, post: Post) -> bool:
        """Mentions one of our accounts, answers it, or stands in a thread or quote of its post."""
        if self._is_ours((*post.mentions, post.parent_author_id)):
            return True
        ids = (post.parent_id, post.root_id, post.quoted_id)
        return any(place in each.lower() for each in ids if each for place in self._places)

    def _is_named(self, post: Post) -> bool:
        if any(fold_tag(tag) in self._tags for tag in post.tags):
            return True
        text = f"{post.title}\n{post.text}" if post.title else post.text
        return self.may_concern(text) or self._is_asked(post, text)

    def _is_asked(self, post: Post, text: str) -> bool:
        """Whether a query names it by words do not tell: tags, wildcards, authors."""
        if self._queries is None:
            return False
        subject = Subject(
            fold(without_addresses(text)),
            text,
            platform=post.platform,
            language=post.language,
            author=(post.author_handle, post.author_id),
            mentions=post.mentions,
            tags=post.tags,
            links=post.links,
        )
        return any(True for _ in self._queries.find(subject))


def _joined(term: str) -> str:
    """A name of several words as one, for it is written so in tags."""
    words = _WORD.findall(fold(term))
    return "".join(words) if len(words) > 1 else ""
