"""Hyves: rows that somebody kept of a network that is gone; all of them invented here."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import connectors
from connectors import hyves
from connectors.hyves_row import COLUMNS
from connectors.testing import posts, rejected
from connectors.testing.thorough import examples
from pipeline.errors import ConfigError, LuisterError, PayloadError, SourceGone
from pipeline.inspect import inspect
from pipeline.post import Post, Read, Rejected
from pipeline.source import Source

SEEN = datetime(2026, 11, 24, tzinfo=UTC)
HEADER = "kind,id,author,to,created_at,text,in_reply_to\n"


def row(kind: str, number: str, author: str, **more: Any) -> dict[str, Any]:
    told = {"kind": kind, "id": number, "author": author, "created_at": "2009-06-01T12:00:00Z"}
    return told | {"text": f"tekst {number}"} | more


def read(body: str | bytes | Sequence[Any]) -> list[Read]:
    if not isinstance(body, str | bytes):
        body = json.dumps(body)
    return list(inspect(connectors.load("hyves"), body.encode() if isinstance(body, str) else body))


def one(**cells: Any) -> Post:
    (post,) = read([row("krabbel", "1", "kim") | cells])
    assert isinstance(post, Post), post
    return post


def ask(verb: str, path: Path | str, *accounts: str) -> list[Read]:
    urls = (str(path),) if str(path) else ()
    source = Source(name="old", platform="hyves", urls=urls, accounts=accounts)
    return list(getattr(hyves, verb)(source, None, SEEN))


def test_a_krabbel_on_the_page_of_a_company() -> None:
    post = one(
        to="Fietsfabriek",
        author_name="Kim",
        text="Mooie fiets! #zomer http://a.example/x.",
        url="http://fietsfabriek.hyves.nl/krabbels/1",
    )
    assert post == Post(
        platform="hyves",
        post_id="1",
        kind="comment",
        observed_at=post.observed_at,
        created_at=datetime(2009, 6, 1, 12, tzinfo=UTC),
        url="http://fietsfabriek.hyves.nl/krabbels/1",
        parent_author_id="fietsfabriek",
        author_id="kim",
        author_handle="kim",
        author_name="Kim",
        author_url="https://kim.hyves.nl/",
        text="Mooie fiets! #zomer http://a.example/x.",
        mentions=("fietsfabriek",),
        tags=("zomer",),
        links=("http://a.example/x",),
        payload=post.payload,
    )


@pytest.mark.parametrize(
    ("word", "kind"),
    [("www", "post"), ("Wie-wat-waar", "post"), ("blog", "article"), ("reactie", "reply")],
)
def test_kinds(word: str, kind: str) -> None:
    assert one(kind=word).kind == kind


def test_members_and_friends_are_read_over() -> None:
    assert read([row("lid", "1", "kim"), row("friend", "2", "sam")]) == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("01-06-2009 14:00", "2009-06-01T12:00:00+00:00"),
        ("2009-12-01 13:00:00", "2009-12-01T12:00:00+00:00"),
        ("1 juni 2009 14:00", "2009-06-01T12:00:00+00:00"),
        ("1243857600", "2009-06-01T12:00:00+00:00"),
    ],
)
def test_times_without_a_zone_are_of_the_netherlands(written: str, expected: str) -> None:
    assert one(created_at=written).created_at == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"created_at": "gisteren"}, "'gisteren' is not a time"),
        ({"kind": "poke"}, "no such kind: 'poke'"),
        ({"text": ""}, "no words"),
        ({"text": ["x"]}, "not a text"),
        ({"": ["x"]}, "more cells than columns"),
    ],
)
def test_rows_that_are_not_understood_are_set_apart(cells: dict[str, Any], told: str) -> None:
    good, odd = read([row("www", "1", "kim"), row("www", "2", "kim") | cells])
    assert isinstance(good, Post)
    assert isinstance(odd, Rejected)
    assert told in odd.reason
    assert odd.path.startswith("$[1]")


@pytest.mark.parametrize("key", ["kind", "created_at", "text"])
def test_a_row_without_what_is_needed_is_set_apart(key: str) -> None:
    broken = row("www", "1", "kim")
    del broken[key]
    assert [odd.reason for odd in rejected(read([broken]))] == [f"no {key}"]


@pytest.mark.parametrize("word", ["vrienden", "friends", "prive", "iets anders"])
def test_what_was_for_friends_is_not_kept(word: str) -> None:
    assert read([row("www", "1", "kim", visibility=word)]) == []
    assert len(read([row("www", "1", "kim", visibility="Openbaar")])) == 1


def test_a_row_without_an_id_keeps_the_same_name() -> None:
    first, again, other = (one(id=None, text=text) for text in ("hoi", "hoi", "dag"))
    assert first.post_id == again.post_id != other.post_id


@pytest.mark.parametrize(
    "body",
    [
        HEADER + 'krabbel,1,kim,acme,2009-06-01,"a, ""b""\nc",',
        "soort;id;van;aan;datum;tekst\n" + 'krabbel;1;kim;acme;01-06-2009;"a, ""b""\nc"\n',
        "\ufeff" + json.dumps([row("krabbel", "1", "kim", to="acme", text='a, "b"\nc')]),
        json.dumps(row("krabbel", "1", "kim", to="acme", text='a, "b"\nc')) + "\n\n",
    ],
    ids=["csv", "dutch csv", "json", "one object a line"],
)
def test_the_same_row_in_other_clothes(body: str) -> None:
    (post,) = posts(read(body))
    assert (post.post_id, post.author_id, post.parent_author_id) == ("1", "kim", "acme")
    assert post.text == 'a, "b"\nc'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "empty"),
        (b"<html>", "web pages of Hyves"),
        (b"WARC/1.0\r\n", "web pages of Hyves"),
        (b"a,b\n1,2\n", "no column for kind and created_at and text"),
        (b"\xff\xfe\xff", "not utf-8"),
        (b"[1, ", "not the JSON"),
        (b"PK\x03\x04", "zip"),
    ],
)
def test_what_is_no_table_is_told(body: bytes, told: str) -> None:
    with pytest.raises(PayloadError, match=told):
        read(body)


def test_only_what_concerns_the_page_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "hyves.json"
    path.write_text(
        json.dumps(
            [
                row("www", "1", "Acme"),
                row("krabbel", "2", "kim", to="acme"),
                row("reactie", "3", "sam", in_reply_to="1"),
                row("reactie", "4", "lou", in_reply_to="2"),
                row("krabbel", "5", "kim", to="sam"),
                row("krabbel", "6", "acme", to="kim"),
                row("www", "7", "kim", created_at="ooit"),
            ]
        )
    )
    assert [post.post_id for post in posts(ask("timeline", path, "@Acme"))] == ["1", "6"]
    assert [post.post_id for post in posts(ask("inbox", path, "acme"))] == ["2", "3", "4"]
    assert len(rejected(ask("timeline", path, "acme"))) == 1
    assert rejected(ask("inbox", path, "acme")) == []


def test_a_zip_and_a_folder_of_tables(tmp_path: Path) -> None:
    table = HEADER + "www,1,acme,,2009-06-01,hoi,\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "krabbels.csv").write_text(table)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("x/krabbels.csv", table + "www,2,acme,,nooit,hoi,\n")
        archive.writestr("x/foto.jpg", b"\xff")
    (tmp_path / "all.zip").write_bytes(body.getvalue())
    assert len(posts(ask("timeline", tmp_path / "in", "acme"))) == 1
    assert len(posts(ask("timeline", tmp_path / "all.zip", "acme"))) == 1
    assert rejected(read(body.getvalue()))[0].path == "x/krabbels.csv[line 3].created_at"


def test_what_the_source_must_say(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Hyves is gone"):
        ask("timeline", "", "acme")
    with pytest.raises(ConfigError, match="one page"):
        ask("inbox", "x.csv")
    with pytest.raises(SourceGone):
        ask("inbox", tmp_path / "none.csv", "acme")
    (tmp_path / "page.html").write_text("<html>")
    with pytest.raises(PayloadError, match=r"page\.html"):
        ask("timeline", tmp_path / "page.html", "acme")


def test_the_docstring_says_that_nothing_is_checked_against_a_sample() -> None:
    words = hyves.__doc__ or ""
    assert "no sample" in words
    for column in COLUMNS:
        assert column in words


@settings(max_examples=examples(150), deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: (HEADER + text).encode("utf-8", "replace"))
    | st.text(max_size=60).map(lambda text: json.dumps([row("www", "1", text)]).encode())
)
def test_any_bytes_give_posts_rejections_or_an_error_of_ours(body: bytes) -> None:
    try:
        reads = read(body)
    except LuisterError:
        return
    assert all(isinstance(each, Post | Rejected) for each in reads)
