"""Addresses as people write them in Markdown."""

import pytest

from connectors.markdown import links_in, unquoted


@pytest.mark.parametrize(
    ("words", "links"),
    [
        ("see https://acme.nl.", ("https://acme.nl",)),
        ("[this](https://acme.nl/a_(b)), and <https://acme.nl/c>", None),
        ("(https://acme.nl/d)", ("https://acme.nl/d",)),
        ("https://acme.nl https://acme.nl!", ("https://acme.nl",)),
        ("Https://acme.nl/A HTTP://acme.nl", ("Https://acme.nl/A", "HTTP://acme.nl")),
        ("ftp://acme.nl and acme.nl", ()),
    ],
)
def test_links(words: str, links: tuple[str, ...] | None) -> None:
    expected = ("https://acme.nl/a_(b)", "https://acme.nl/c") if links is None else links
    assert links_in(words) == expected


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("> @kim it broke\n>> @lee no\n\n@pat it works", "\n\n\n@pat it works"),
        ("a > @kim\n>!@lee wins!<", "a > @kim\n>!@lee wins!<"),
    ],
)
def test_whom_a_quote_names_is_named_by_another(words: str, left: str) -> None:
    assert unquoted(words) == left
