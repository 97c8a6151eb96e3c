"""What is said: hostile words stay words, secrets stay secret, the connector explains itself."""

import html
import logging
import traceback
from collections.abc import Iterator

import httpx
import pytest

from connectors.markup import clean
from connectors.testing.asked import NEWEST, Asked
from connectors.testing.asking import posts, until_error
from connectors.testing.mutations import HOSTILE, Spot, check_right, places, replaced
from pipeline.errors import LuisterError
from pipeline.post import Read

_WORDS = ("text", "title")


class Saying(Asked):
    """What comes of words, in posts and in all that we tell."""

    @pytest.mark.parametrize("name", list(HOSTILE))
    def test_a_hostile_text_is_kept_as_words(self, name: str) -> None:
        spot, field, is_html = self._place_of_words()
        words = HOSTILE[name]
        given = html.escape(words) if is_html else words
        (post,) = posts(self.ask_pages([[replaced(self.element(900, NEWEST), spot, given)]]))
        check_right([post])
        shown, expected = getattr(post, field), clean(words)
        assert expected in shown or (len(shown) > 60_000 and shown[:60_000] in expected)

    def _place_of_words(self) -> tuple[Spot, str, bool]:
        """Where an element has its words, what they become, and whether they are HTML: by trying.

        A title counts where there is no text.
        """
        element = self.element(900, NEWEST)
        marker = "zwaan &lt;7&gt;"
        kept: dict[str, tuple[Spot, str, bool]] = {}
        for spot in [spot for spot, value in places(element) if isinstance(value, str) and spot]:
            try:
                found = posts(self.ask_pages([[replaced(element, spot, marker)]]))
            except (LuisterError, LookupError, ValueError, TypeError, AttributeError):
                continue
            for field, words in ((name, getattr(post, name)) for post in found for name in _WORDS):
                if "zwaan <7>" in (words or "") or marker in (words or ""):
                    kept.setdefault(field, (spot, field, marker not in words))
        if not kept:
            pytest.skip("an element has no words")
        return kept.get("text") or kept["title"]

    # What must stay secret

    def test_no_secret_is_in_posts_errors_or_logs(
        self, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level(logging.DEBUG)
        written = [repr(self.ask_pages([self.elements(900, 3)]))]
        for status in (200, 302, 401, 403, 404, 429, 500):
            _, error = until_error(iter(self._asking_what_echoes(status)))
            written += [repr(error), str(error), *traceback.format_exception(error)]
        written += [caplog.text, *capfd.readouterr()]
        for secret in self.secrets.values():
            assert not any(secret in text for text in written)

    def _asking_what_echoes(self, status: int) -> Iterator[Read]:
        """A server that sends back all it was sent, as a page for people who look for mistakes."""

        def echoing(request: httpx.Request) -> httpx.Response:
            seen = f"{request.url} {dict(request.headers)} {request.content!r}"
            return httpx.Response(status, text=f"<pre>{seen}</pre>")

        yield from self.ask(echoing)

    def test_its_docstring_says_what_it_reads_and_cannot_tell(self) -> None:
        words = self.connector.__doc__ or ""
        for line in ("Reads:", "Access:", "Cannot tell:", "Quirks:"):
            assert line in words
