"""HTML becomes what a reader sees: words, line breaks and links, and nothing that runs."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.markup import (
    MAX_CHARACTERS,
    clean,
    comment_text,
    links_of,
    plain_text,
    resolve,
)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Goedemorgen<br>allemaal</p><p>Dag!</p>", "Goedemorgen\nallemaal\n\nDag!"),
        ("one<p>two<p>three", "one\n\ntwo\n\nthree"),
        ("Fish &amp; chips &lt;b&gt;", "Fish & chips <b>"),
        ("line one\n  line two", "line one line two"),
        ("<ul><li>a</li><li>b</li></ul>after", "a\nb\n\nafter"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>z", "1 2\n3\nz"),
        ("one<aside>two</aside>three", "one\n\ntwo\n\nthree"),
        ("<details><summary>Prices</summary>Ten euro</details>", "Prices\n\nTen euro"),
        ("See<center>Acme</center>and<address>Main 1</address>", "See\n\nAcme\n\nand\n\nMain 1"),
        ("<dl><dt>Acme</dt><dd>a shop</dd></dl>z", "Acme\na shop\n\nz"),
        ("<pre><code>if x:\n  y</code></pre>end", "if x:\ny\n\nend"),
        ("Top <img class='wp-smiley' alt='🙂' src='x.png'>!", "Top 🙂!"),
        ("<img alt='a chart' src='x.png'>", ""),
        ("<style>p{}</style>ok<script>alert(1)</script>", "ok"),
        ("&lt;script&gt; as text", "<script> as text"),
        ("bell\x07 and \ud800 half", "bell and \ufffd half"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_reader_sees(html: str, words: str) -> None:
    assert plain_text(html) == words


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Yes</p>", "Yes"),
        (
            "<blockquote><p>Acme<br>fails</p><p>me</p></blockquote>no",
            "> Acme\n> fails\n>\n> me\n\nno",
        ),
        (
            "<p>a<BLOCKQUOTE cite='x'>b<blockquote>c</blockquote></blockquote></p>d",
            "a\n\n> b\n>\n> c\n\nd",
        ),
        ("a<blockquote>never closed", "a\n\n> never closed"),
        ("<!-- <blockquote> -->my own words", "my own words"),
        ("<p>a</blockquote>b", "a\n\nb"),
        ("<blockquote></blockquote>a", "a"),
    ],
)
def test_a_comment_shows_what_it_quotes_as_mail_does(html: str, words: str) -> None:
    assert comment_text(html) == words


def test_links_are_absolute_and_stand_once() -> None:
    html = (
        '<a href="https:&#x2F;&#x2F;acme.nl&#x2F;a">a</a> <a href="/b?x=1&amp;y=2">b</a>'
        '<a href="mailto:info@acme.nl">mail</a><a href="http://[">broken</a>'
        '<a href="#note-1">1</a><a href="javascript:alert(1)">run</a><a href="https://acme.nl/a">again</a>'
    )
    assert links_of(html, "https://blog.acme.nl/p/1") == (
        "https://acme.nl/a",
        "https://blog.acme.nl/b?x=1&y=2",
    )
    assert links_of(html) == ("https://acme.nl/a",)


@pytest.mark.parametrize("around", ["", "<table></table>"])
def test_links_that_name_somebody_can_be_kept_apart(around: str) -> None:
    html = (
        f'{around}<a class="u-url mention" href="https://s.nl/@kim">@kim</a> '
        '<a href="https://acme.nl/">acme</a>'
    )
    naming = re.compile(r"<a\b(?=[^>]*\bclass=\"[^\"]*\bmention\b)[^>]*>")
    assert links_of(html, apart=naming) == ("https://acme.nl/",)
    assert links_of(html) == ("https://s.nl/@kim", "https://acme.nl/")


def test_only_web_addresses_resolve() -> None:
    assert resolve("//acme.nl/x", "https://blog.nl/") == "https://acme.nl/x"
    assert resolve("data:text/html,x", "https://blog.nl/") is None
    assert resolve("https:///x") is None


@pytest.mark.fault(43)
def test_a_long_text_is_cut_before_it_is_parsed() -> None:
    assert plain_text("<div>" * 200_000 + "end") == ""
    assert plain_text("x" * (MAX_CHARACTERS - 3) + "&amp; y") == "x" * (MAX_CHARACTERS - 3)


@given(st.text(alphabet=st.sampled_from('<>/&;"= apbrtdscei\n\x1e\ud800😀'), max_size=200))
def test_any_text_becomes_storable_text(html: str) -> None:
    words = plain_text(html)
    assert words == clean(words) == words.strip(" \n")
    words.encode()


_PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<br>", "<br />", "<ul>", "<li>", "</li>", "<div class='a b'>", "</div>"),
        *("<a href='https://acme.nl/?a=1&amp;b=2'>", "</a>", "<b>", "</b>", "<!-- x -->", "<hr>"),
        *("<a title=\"x href='/no'\" href=/b>", "<a HREF='/c?d&e'>", "<a href>", "<a href='/f'/>"),
        *("<h1>", "</h2>", "<code>", "<blockquote>", "</br>", "<a b='c>d'>", "<i", "</p x>"),
        *("&amp;", "&lt;p&gt;", "&nbsp;", "&#39;", "&#x1f600;", "&Tab;", "&not", "& ", "&#129;"),
        *("&ampx;", "&NewLine;", "&#xfdd1;", " ", "  ", "\n", "\r\n", "\t", "<", ">", '"', "'"),
        *("a", "b c", "x<y", "é", "\ufeff", "\u200b", "\x1e", "\x1f", "\u2028", "<pre>", "<td>"),
        *("</pre>", "<img src='a.png' alt='x'>", "<img class='emoji' alt='🙂' src='b.png'>"),
    ]
)


@settings(max_examples=400)
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_what_is_read_without_a_parser_is_what_a_parser_reads(html: str) -> None:
    """An empty template shows nothing, but makes a parser read the whole."""
    parsed = f"<template></template>{html}"
    assert plain_text(f"<b></b>{html}") == plain_text(parsed)
    assert links_of(html, "https://acme.nl/") == links_of(parsed, "https://acme.nl/")


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<form><p>Read</p><button type=submit>Send <b>Acme</b></button></form>", "Read"),
        ("a<button>Copy</button>b", "a b"),
        ("<p>One</p><select><option>Acme<option>Other</select><p>two", "One\n\ntwo"),
        ("Name<textarea>Acme</textarea>", "Name"),
        ("<label>Acme</label><input value=x>", "Acme"),
        ("<ul><li>a<button>Copy</button></li><li>b</li></ul>", "a\nb"),
        ("<h3><button><span>Acme?</span></button></h3><div>Yes</div>", "Acme?\n\nYes"),
        ("<button>Never closed<p>Acme</p>", "Never closed\n\nAcme"),
    ],
)
def test_what_a_reader_presses_or_fills_in_is_not_said(html: str, said: str) -> None:
    assert plain_text(html) == said
