"""Posts from files: what a table may look like, and what becomes of one that does not."""

import io
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import connectors
from connectors import table
from connectors.table_cells import ALSO_CALLED, FIELDS
from connectors.testing.thorough import examples
from pipeline.errors import ConfigError, LuisterError, PayloadError, SourceGone
from pipeline.inspect import inspect
from pipeline.post import Post, Rejected
from pipeline.source import Source
from tests.shared import REPOSITORY

OBSERVED = datetime(2026, 11, 24, 4, 15, tzinfo=UTC)
HEADER = "post_id,created_at,author_handle,text,parent_id\n"


def read(folder: Path, content: str | bytes, name: str = "posts.csv", **options: Any) -> list[Any]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(table.read_file(path, options, OBSERVED))


def one(folder: Path, content: str | bytes, **options: Any) -> Post:
    (post,) = read(folder, content, **options)
    assert isinstance(post, Post), post
    return post


def test_a_row_of_an_exported_table_becomes_a_post(tmp_path: Path) -> None:
    post = one(
        tmp_path,
        "tweet_id,author_id,created_at,text,in_response_to_tweet_id,like_count\n"
        '12,115713,Tue Oct 31 22:10:35 +0000 2017,"@zonneveld Storing, hier! #stroom '
        'https://a.example/x.",11.0,3\n',
        platform="twitter",
    )
    assert post == Post(
        platform="twitter",
        post_id="12",
        kind="reply",
        observed_at=OBSERVED,
        created_at=datetime(2017, 10, 31, 22, 10, 35, tzinfo=UTC),
        parent_id="11",
        author_id="115713",
        text="@zonneveld Storing, hier! #stroom https://a.example/x.",
        mentions=("zonneveld",),
        tags=("stroom",),
        links=("https://a.example/x",),
        likes_count=3,
        payload=post.payload,
    )
    assert json.loads(post.payload)["in_response_to_tweet_id"] == "11.0"


def test_a_score_is_a_number_of_stars_only_where_that_is_said(tmp_path: Path) -> None:
    row = "post_id,created_at,text,score\n1,2026-11-24T10:00:00Z,Mooi,1234\n"
    assert one(tmp_path, row).rating is None
    assert one(tmp_path, row.replace("1234", "4"), map={"rating": "score"}).rating == 4.0


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        ("2026-01-02", "14:33", "2026-01-02T13:33"),
        ("2-1-2026", "9:07:00", "2026-01-02T08:07"),
        ("2026-01-02T10:00:00Z", "14:33", "2026-01-02T10:00"),
        ("2026-01-02", "", "2026-01-01T23:00"),
    ],
)
def test_a_day_and_its_hour_may_stand_in_two_columns(
    tmp_path: Path, day: str, hour: str, utc: str
) -> None:
    expected = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    row = f"id,date,time,text\n1,{day},{hour},Hoi\n"
    assert one(tmp_path, row, timezone="Europe/Amsterdam").created_at == expected
    dutch = row.replace("date,time", "Datum,Tijd")
    named = {"timezone": "Europe/Amsterdam", "map": {"created_at": "Datum"}}
    assert one(tmp_path, dutch, **named).created_at == expected


def test_a_spreadsheet_with_decimal_commas_rounds_names_too(tmp_path: Path) -> None:
    rows = "id;datum;text;in_reply_to\n1,23457E+17;4-2-2026;Hoi;\n2;4-2-2026;Ja;1,0\n"
    rounded, answer = read(tmp_path, rows, map={"created_at": "datum"})
    assert "1,23457E+17 is a rounded number" in rounded.reason
    assert (answer.kind, answer.parent_id) == ("reply", "1")


@pytest.mark.parametrize("nobody", ["", "0", "[]", "7", "7.0"])
def test_who_answers_nobody_or_itself_is_no_reply(tmp_path: Path, nobody: str) -> None:
    post = one(
        tmp_path,
        "id,date,body,in_reply_to,thread_id,quoted_id\n"
        f"7,2026-01-02,Hoi,{nobody},{nobody},{nobody}\n",
    )
    assert (post.kind, post.parent_id, post.quoted_id) == ("post", None, None)
    assert post.root_id == ("7" if nobody.startswith("7") else None)


def test_lists_of_names_as_other_tools_write_them(tmp_path: Path) -> None:
    people = "\"[{'screen_name': 'jan', 'name': \"\"Jan d'Or\"\"}, {'screen_name': 'kim'}]\""
    post = one(
        tmp_path,
        "id,date,body,mentions,hashtags,urls\n"
        f'1,2026-01-02,Hoi,{people},"[\'Fiets\', ""\'s""]",'
        '"https://a.example/x,1.html, https://b.example/y"\n',
    )
    assert (post.mentions, post.tags) == (("jan", "kim"), ("Fiets", "'s"))
    assert post.links == ("https://a.example/x,1.html", "https://b.example/y")


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("['acme' 'beta']", ("acme", "beta")),
        ("['acme'\n 'beta']", ("acme", "beta")),
        ("['acme', 'beta']", ("acme", "beta")),
        ("['acme', None]", ("acme",)),
        ("[None]", ()),
        ("[null]", ()),
        ("[acme beta]", ("acme", "beta")),
        ("['acme", ("acme",)),
    ],
)
def test_each_word_of_a_list_is_one(tmp_path: Path, written: str, tags: tuple[str, ...]) -> None:
    assert one(tmp_path, f'id;date;body;tags\n1;2026-01-01;hoi;"{written}"\n').tags == tags


@pytest.mark.parametrize(
    ("written", "links"),
    [
        ("acme.nl,beta.nl", ("acme.nl", "beta.nl")),
        ("acme.nl/a,beta.nl/b", ("acme.nl/a", "beta.nl/b")),
        ("https://a.nl;HTTPS://b.nl", ("https://a.nl", "HTTPS://b.nl")),
        ("https://a.nl,b.nl", ("https://a.nl", "b.nl")),
        ("https://a.nl/x,1.html,www.b.nl", ("https://a.nl/x,1.html", "www.b.nl")),
        ("a.nl/x,1.html?y,b.nl/2,3.pdf", ("a.nl/x,1.html?y", "b.nl/2,3.pdf")),
        ("['https://a.nl/x,y' 'https://b.nl']", ("https://a.nl/x,y", "https://b.nl")),
    ],
)
def test_each_address_of_a_list_is_one(
    tmp_path: Path, written: str, links: tuple[str, ...]
) -> None:
    assert one(tmp_path, f'id|date|body|urls\n1|2026-01-01|hoi|"{written}"\n').links == links


def test_an_address_of_commas_is_read_at_once(tmp_path: Path) -> None:
    begun = time.monotonic()
    one(tmp_path, f"id|date|body|urls\n1|2026-01-01|hoi|a/{',' * 20_000}b\n")

    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "written",
    [
        *("4-2-2011 9:07", "04-02-2011 09:07:00", "2011/02/04 9:07", "2011-2-4 9:07:00"),
        *("40578,3798611111", "40578.37986111111"),
        *("4-2-2011 9u07", "4.2.2011 9.07", "04.02.2011 09:07 uur", "4 feb '11 om 9.07 uur"),
        *("2011-02-04 9h07", "4 februari 2011, 9:07 uur"),
    ],
)
def test_times_as_spreadsheets_write_them(tmp_path: Path, written: str) -> None:
    post = one(
        tmp_path,
        f"id;datum;bericht\n1;{written};Hoi\n",
        timezone="Europe/Amsterdam",
        map={"created_at": "datum", "text": "bericht"},
    )
    assert post.created_at == datetime(2011, 2, 4, 8, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "local"),
    [
        ("45000", "09:07", "2023-03-15 09:07"),
        ("45000", "0,38", "2023-03-15 09:07:12"),
        ("45000", "0.38", "2023-03-15 09:07:12"),
        ("45000", "0", "2023-03-15 00:00"),
        ("2026-02-04", "0.379861", "2026-02-04 09:07"),
        ("2026-02-04", "21:07", "2026-02-04 21:07"),
        ("2026-02-04", "9:07", "2026-02-04 09:07"),
        ("2026-02-04", "21.07", "2026-02-04 21:07"),
        ("2026-02-04", "21:07 uur", "2026-02-04 21:07"),
        ("2026-02-04", "21u07", "2026-02-04 21:07"),
        ("2026-02-04", "21 uur", "2026-02-04 21:00"),
        ("2026-02-04", "9:07 PM", "2026-02-04 21:07"),
        ("2026-02-04", "9 p.m.", "2026-02-04 21:00"),
        ("2026-02-04", "12:00 AM", "2026-02-04 00:00"),
        ("2026-02-04", "20:07 UTC", "2026-02-04 21:07"),
        ("2026-02-04", "20:07:00+00:00", "2026-02-04 21:07"),
        ("2026-02-04", "21:07:30.25", "2026-02-04 21:07:30.25"),
        ("2026-02-04", "2026-02-04 21:07", "2026-02-04 21:07"),
        ("4 februari 2026", "21:07", "2026-02-04 21:07"),
        ("2026-02-04", "24:00", "2026-02-05 00:00"),
        ("2026-02-04", "0930", "2026-02-04 09:30"),
        ("2026-02-04", "1899-12-30 21:07:00", "2026-02-04 21:07"),
        ("4-2-2026", "30-12-1899 21:07", "2026-02-04 21:07"),
        ("2026-02-04", "1900-01-01T21:07", "2026-02-04 21:07"),
        ("2026-02-04 00:00:00", "21:07", "2026-02-04 21:07"),
        ("2026-02-04T00:00:00.000Z", "21:07", "2026-02-04 21:07"),
        ("4-2-2026 0:00", "0,879861", "2026-02-04 21:07"),
        ("2026-02-04 00:00:00", "3 min", "2026-02-04 00:00"),
        ("2026-02-04", "", "2026-02-04"),
        ("2026-02-04", "NaN", "2026-02-04"),
        ("2026-02-04 21:07", "3 min", "2026-02-04 21:07"),
        ("1770235620", "09:07", "2026-02-04 21:07"),
    ],
)
def test_an_hour_stands_beside_its_day(tmp_path: Path, day: str, hour: str, local: str) -> None:
    body = f"id;date;tijd;body\n1;{day};{hour};hoi\n"
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert one(tmp_path, body, timezone="Europe/Amsterdam").created_at == moment


def test_a_day_ends_where_the_next_begins(tmp_path: Path) -> None:
    post = one(tmp_path, "id;date;body\n1;31-12-2025 24:00;hoi\n")
    assert post.created_at == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("day", ["4/2/2026", "3-3-24", "03-03-24 10:30", "4-2-2026 25:00"])
def test_what_may_be_two_days_is_set_apart(tmp_path: Path, day: str) -> None:
    (odd,) = read(tmp_path, f"id;date;body\n1;{day};hoi\n")
    assert (odd.path, f"{day!r} is not a time" in odd.reason) == ("line 2 column 'date'", True)


@pytest.mark.parametrize("written", ["%d/%m/%Y", "%d/%m/%Y %H:%M"])
def test_an_hour_stands_beside_a_day_whose_form_is_given(tmp_path: Path, written: str) -> None:
    post = one(tmp_path, "id;date;time;body\n1;4/2/2026;21:07;hoi\n", time_format=written)
    assert post.created_at == datetime(2026, 2, 4, 21, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "hour", ["avond", "25:00", "13:00 pm", "2107", "930", "24:30", "2026-02-05 21:07", "1,5"]
)
def test_an_hour_that_is_not_understood_is_told(tmp_path: Path, hour: str) -> None:
    (odd,) = read(tmp_path, f"id;date;time;body\n1;2026-02-04;{hour};hoi\n")
    assert isinstance(odd, Rejected)
    assert f"{hour!r} is not an hour" in odd.reason
    assert odd.path.endswith("column 'time'")


def test_a_mapping_names_columns_that_are_called_otherwise(tmp_path: Path) -> None:
    post = one(
        tmp_path,
        "nummer;wanneer;wie;bericht\n7;2026-01-02 12:00;@Jan;Hallo; daar\n".replace("; d", " d"),
        map={
            "post_id": "nummer",
            "created_at": "wanneer",
            "author_handle": "wie",
            "author_id": "wie",
            "text": "bericht",
        },
        timezone="Europe/Amsterdam",
    )
    assert (post.author_handle, post.author_id) == ("Jan", "Jan")
    assert post.created_at == datetime(2026, 1, 2, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-10-25T01:30:00+02:00", "2026-10-24T23:30:00Z"),
        ("2026-10-25 01:30:00", "2026-10-25T01:30:00Z"),
        ("2026-10-25T01:30:00.250Z", "2026-10-25T01:30:00.250000Z"),
        ("2026-10-25", "2026-10-25T00:00:00Z"),
        ("25-10-2026 13:05", "2026-10-25T13:05:00Z"),
        ("1761355800", "2025-10-25T01:30:00Z"),
        ("1761355800000", "2025-10-25T01:30:00Z"),
        ("Sun, 25 Oct 2026 01:30:00 GMT", "2026-10-25T01:30:00Z"),
        ("Sun Oct 25 01:30:00 +0100 2026", "2026-10-25T00:30:00Z"),
    ],
)
def test_times_as_exports_write_them(tmp_path: Path, written: str, expected: str) -> None:
    post = one(tmp_path, f'{HEADER}1,"{written}",jan,hoi,\n')
    assert msgspec.json.encode(post.created_at).decode().strip('"') == expected


def test_a_time_of_its_own_format_is_named(tmp_path: Path) -> None:
    content = f"{HEADER}1,10/25/26 1:30 PM,jan,hoi,\n"
    assert isinstance(read(tmp_path, content)[0], Rejected)
    post = one(tmp_path, content, time_format="%m/%d/%y %I:%M %p")
    assert post.created_at == datetime(2026, 10, 25, 13, 30, tzinfo=UTC)


def test_rows_that_are_not_understood_are_set_apart_with_their_line(tmp_path: Path) -> None:
    reads = read(
        tmp_path,
        HEADER
        + "1,2026-01-01,jan,goed,\n"
        + ",2026-01-01,jan,geen nummer,\n"
        + '3,gisteren,jan,"twee\nregels",\n'
        + "4,,jan,geen tijd,\n"
        + "5,2026-01-01,jan,te,veel,cellen,hier\n"
        + "6,2026-01-01,jan,,\n"
        + "9.35E+17,2026-01-01,jan,afgerond,\n"
        + "8,2026-01-01,jan,ook goed\n",
    )
    assert [each.post_id for each in reads if isinstance(each, Post)] == ["1", "8"]
    assert [(each.path, each.reason) for each in reads if isinstance(each, Rejected)] == [
        ("line 3 column 'post_id'", "no post_id"),
        (
            "line 4 column 'created_at'",
            "created_at: 'gisteren' is not a time that is understood",
        ),
        ("line 6 column 'created_at'", "no created_at"),
        ("line 7", "more cells than columns: a delimiter or quotation mark too many?"),
        ("line 8 column 'text'", "no text"),
        (
            "line 9 column 'post_id'",
            "post_id: 9.35E+17 is a rounded number, its last digits are lost",
        ),
    ]
    assert "geen nummer" in next(each for each in reads if isinstance(each, Rejected)).payload


@pytest.mark.parametrize(
    "content",
    [
        HEADER + '1,2026-01-01,jan,"een\rtwee",\n',
        "\ufeff" + HEADER + '1,2026-01-01,jan,"een\rtwee",\r\n',
        HEADER.replace(",", "\t") + "1\t2026-01-01\tjan\t" + '"een\rtwee"\t\n',
        HEADER.replace(",", ";") + '1;2026-01-01;jan;"een\rtwee";\n',
        "sep=|\n" + HEADER.replace(",", "|") + '1|2026-01-01|jan|"een\rtwee"|',
        ("\ufeff" + HEADER + '1,2026-01-01,jan,"een\rtwee",\n').encode("utf-16-le"),
        (HEADER + '1,2026-01-01,jan,"een\rtwee",\n').encode("utf-16-le"),
        (HEADER + '1,2026-01-01,jan,"een\rtwee",\n').encode("utf-16-be"),
        'Post ID;Created At;"a, b, c, d, e";TEXT;Author Handle\n1;2026-01-01;x;"een\rtwee";jan\n',
        HEADER + '1,2026-01-01,jan,"een\rtwee",,,\n,,,,\n',
        f'Export van berichten, mei\n\n{HEADER.replace(",", ";")}1;2026-01-01;jan;"een\rtwee";\n',
        "Bericht;;;Cijfers;;\n"
        + HEADER.replace(",", ";").replace("parent_id", "x;x")
        + '1;2026-01-01;jan;"een\rtwee";1;2\n',
    ],
    ids=[
        *("plain", "bom and crlf", "tabs", "semicolons", "sep line", "utf-16", "no mark"),
        *("no mark, other end", "capitals and spaces", "empty cells and rows", "a title"),
        "two rows of names, two of one name",
    ],
)
def test_the_same_table_in_other_clothes(tmp_path: Path, content: str | bytes) -> None:
    post = one(tmp_path, content)
    assert (post.post_id, post.author_handle, post.kind) == ("1", "jan", "post")
    assert post.text.split() == ["een", "twee"]


def test_of_two_columns_of_one_name_the_map_says_which(tmp_path: Path) -> None:
    content = "id;date;text;likes;likes\n1;2026-01-01;hoi;1;2\nTotaal;;;1;2\n"
    with pytest.raises(PayloadError, match="two columns are called 'likes'") as caught:
        read(tmp_path, content)
    assert "'likes (2)'" in caught.value.todo
    post, total = read(tmp_path, content, map={"likes_count": "likes (2)"})
    assert (post.likes_count, json.loads(post.payload)["likes"]) == (2, "1")
    assert (total.path, total.reason) == ("line 3 column 'text'", "no text")


def test_lines_are_counted_from_the_first_of_the_file(tmp_path: Path) -> None:
    _, odd = read(tmp_path, "Mei\n\nid;date;text\n1;2026-01-01;hoi\n2;straks;hoi\n")
    assert odd.path == "line 5 column 'date'"


@pytest.mark.parametrize(
    ("written", "stars"),
    [
        *(("4,5", 4.5), ("4/5", 4.0), ("4,5 van 5", 4.5), ("5 sterren", 5.0), ("1 star", 1.0)),
        *(("★★★★", 4.0), ("★★★☆☆", 3.0)),
    ],
)
def test_stars_as_pages_show_them(tmp_path: Path, written: str, stars: float) -> None:
    assert one(tmp_path, f"id;date;body;rating\n1;2026-01-01;hoi;{written}\n").rating == stars


@pytest.mark.parametrize(("said", "meant"), [("WAAR", True), ("Onwaar", False), ("J", True)])
def test_yes_and_no_in_dutch(tmp_path: Path, said: str, meant: bool) -> None:
    row = f"id;date;body;author_is_bot\n1;2026-01-01;hoi;{said}\n"
    assert one(tmp_path, row).author_is_bot is meant


def test_another_encoding_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    content = (HEADER + "1,2026-01-01,jan,één café,\n").encode("windows-1252")
    with pytest.raises(PayloadError, match=r"not utf-8 after line \d") as caught:
        read(tmp_path, content)
    assert "windows-1252" in caught.value.todo
    assert str(tmp_path / "posts.csv") in str(caught.value)
    assert one(tmp_path, content, encoding="cp1252").text == "één café"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"<!doctype html><p>Log in</p>", "HTML"),
        (b'[{"id": 1}]', "one JSON list"),
        (b"PAR1 and then nothing", "damaged Parquet"),
        (b"id,id\n1,2\n", "two columns are called 'id'"),
        (b",,\n1,2,3\n", "names no columns"),
        (f'{HEADER}1,2026-01-01,jan,"open,\n2,2026-01-01,jan,x,\n'.encode(), "never closed"),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(PayloadError, match=told):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"map": {"title": "post_id"}}, "no column for post_id"),
        ({"map": {"txt": "text"}}, "no such field: 'txt'; did you mean 'text'"),
        ({"map": {"text": "tekst"}}, "no column 'tekst' for 'text'; did you mean 'text'"),
        ({"timezone": "Mars/Phobos"}, "no such time zone"),
        ({"encoding": "klingon"}, "no such encoding"),
        ({"delimiter": "--"}, "one character"),
        ({"delimeter": ";"}, "unknown option 'delimeter'"),
    ],
)
def test_a_slip_in_the_options_is_told(tmp_path: Path, options: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read(tmp_path, f"{HEADER}1,2026-01-01,jan,hoi,\n", **options)


def test_ndjson_with_nested_columns_and_lists(tmp_path: Path) -> None:
    lines = [
        {
            "id": 17,
            "date": "2026-01-01T10:00:00Z",
            "body": "Dank!",
            "user": {"name": "jan"},
            "mentions": ["@zonneveld"],
            "retweeted_status_id": None,
            "likes": 0,
        },
        {"id": 18, "date": "2026-01-01T10:00:00Z", "body": {"no": "text"}},
    ]
    content = "\n\n".join(json.dumps(line) for line in lines) + "\nnot json\n"
    post, nested, broken = read(
        tmp_path, content, "posts.ndjson", map={"author_handle": "user.name"}
    )
    assert (post.post_id, post.author_handle, post.mentions) == ("17", "jan", ("zonneveld",))
    assert (post.likes_count, post.replies_count) == (0, None)
    assert (nested.path, nested.reason) == ("line 3 column 'body'", "text: not a text")
    assert broken.path == "line 4"


def test_parquet_keeps_types(tmp_path: Path) -> None:
    columns = pa.table(
        {
            "post_id": [1, 2],
            "created_at": pa.array([OBSERVED, OBSERVED], pa.timestamp("us", tz="UTC")),
            "text": ["een", "twee"],
            "tags": [["a", "b"], None],
            "parent_id": [None, 1.0],
            "rating": [4.5, float("nan")],
            "author_is_bot": [True, None],
            "kind": ["review", "comment"],
        }
    )
    path = tmp_path / "posts.parquet"
    parquet.write_table(columns, path)
    first, second = table.read_file(path, {}, OBSERVED)
    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert (first.tags, first.rating, first.author_is_bot) == (("a", "b"), 4.5, True)
    assert (second.parent_id, second.rating, second.author_is_bot) == ("1", None, None)
    assert (first.kind, second.kind) == ("review", "comment")
    assert first.created_at == OBSERVED


def test_parquet_may_count_time_in_nanoseconds(tmp_path: Path) -> None:
    moment = pa.timestamp("ns", tz="Europe/Amsterdam")
    columns = pa.table(
        {
            "post_id": ["1"],
            "created_at": pa.array([1_767_326_645_678_901_234], moment),
            "text": ["een"],
            "user": pa.array([{"name": "jan", "since": 0}]).cast(
                pa.struct([("name", pa.string()), ("since", moment)])
            ),
            "waits": pa.array([[1_500]], pa.list_(pa.duration("ns"))),
        }
    )
    path = tmp_path / "posts.parquet"
    parquet.write_table(columns, path)
    (post,) = table.read_file(path, {"map": {"author_handle": "user.name"}}, OBSERVED)
    assert isinstance(post, Post)
    assert post.created_at == datetime(2026, 1, 2, 4, 4, 5, 678901, tzinfo=UTC)
    assert post.author_handle == "jan"


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()])
@pytest.mark.parametrize("is_coded", [False, True])
def test_parquet_may_keep_texts_as_bytes(tmp_path: Path, kind: pa.DataType, is_coded: bool) -> None:
    texts = pa.array(["Één".encode(), "é".encode()], kind)
    columns = pa.table(
        {
            "post_id": [b"1", b"2"],
            "created_at": pa.array([OBSERVED, OBSERVED], pa.timestamp("us", tz="UTC")),
            "text": texts.dictionary_encode() if is_coded else texts,
            "tags": pa.array([[b"a", None], None], pa.list_(kind)),
            "user": pa.array([{"name": b"jan"}, None], pa.struct([("name", kind)])),
            "parent_id": pa.array([None, b"1"], kind),
        }
    )
    parquet.write_table(columns, tmp_path / "posts.parquet")
    options = {"map": {"author_handle": "user.name"}}
    first, second = table.read_file(tmp_path / "posts.parquet", options, OBSERVED)
    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert (first.post_id, first.text, first.kind) == ("1", "Één", "post")
    assert (first.tags, first.author_handle) == (("a",), "jan")
    assert (second.text, second.parent_id, second.tags) == ("é", "1", ())
    assert json.loads(first.payload)["parent_id"] is None


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("likes_count", "veel", "not a count"),
        ("likes_count", "-1", "not a count"),
        ("likes_count", "inf", "not a count"),
        ("likes_count", '"1.234,56"', "'1.234,56' is not a count"),
        ("likes_count", "12%", "not a count"),
        ("rating", "8/10", "not a number"),
        ("rating", "80%", "not a number"),
        ("rating", "goed", "not a number"),
        ("rating", "inf", "not a number"),
        ("author_is_bot", "misschien", "neither true nor false"),
        ("kind", "brief", "no such kind"),
        ("visibility", "geheim", "no such visibility"),
        ("edited_at", "straks", "not a time"),
    ],
)
def test_a_cell_that_is_not_what_its_column_says(
    tmp_path: Path, column: str, cell: str, told: str
) -> None:
    (rejected,) = read(tmp_path, f"id,date,body,{column}\n1,2026-01-01,hoi,{cell}\n")
    assert isinstance(rejected, Rejected)
    assert told in rejected.reason


@pytest.mark.parametrize(
    ("text", "mentions", "tags"),
    [
        (".@Zonneveld werkt niet", ("Zonneveld",), ()),
        ("niets...@zonneveld, @zon_care.", ("zonneveld", "zon_care"), ()),
        ("@a@b.example en @c.bsky.social!", ("a@b.example", "c.bsky.social"), ()),
        ("mail jan@zonneveld.example of https://a.example/@jan#top", (), ()),
        ("#Storing #2026 #ns24 C#", (), ("Storing", "ns24")),
    ],
)
def test_mentions_and_tags_are_found_in_the_text(
    tmp_path: Path, text: str, mentions: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    post = one(tmp_path, f'id,date,text\n1,2026-01-01,"{text}"\n')
    assert (post.mentions, post.tags) == (mentions, tags)


@pytest.mark.parametrize("nothing", ["", "NULL", "nan", "None", "-"])
def test_ways_of_saying_nothing(tmp_path: Path, nothing: str) -> None:
    post = one(tmp_path, f"id,date,body,likes,author,parent_id\n1,2026-01-01,{nothing}x,,,\n")
    assert (post.likes_count, post.author_id, post.parent_id) == (None, None, None)
    row = f"id,date,body,likes,author,parent_id\n1,2026-01-01,nan,{nothing},{nothing},{nothing}\n"
    post = one(tmp_path, row)
    assert (post.text, post.likes_count, post.author_id, post.kind) == ("nan", None, None, "post")


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("1.2K", 1200),
        ("3 miljoen", 3_000_000),
        ("1,5M+", 1_500_000),
        ("1,25 mln", 1_250_000),
        ("3M", 3_000_000),
        ("12k", 12_000),
        ("1.234", 1234),
        ("1,234", 1234),
        ("1.000", 1000),
        ("1.234.567,00", 1234567),
        ("1\u202f234", 1234),
        ("12,0", 12),
        ("12.0", 12),
        ("1234", 1234),
    ],
)
def test_a_count_is_written_as_its_country_does(tmp_path: Path, cell: str, count: int) -> None:
    assert one(tmp_path, f"id;date;body;likes\n1;2026-01-01;hoi;{cell}\n").likes_count == count


def test_a_list_in_json_may_hold_apostrophes(tmp_path: Path) -> None:
    post = one(tmp_path, 'id;date;body;tags\n1;2026-01-01;hoi;"[""foto\'s"", ""fiets""]"\n')
    assert post.tags == ("foto's", "fiets")


def test_the_verb_reads_every_file_of_the_source_as_last_written(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.csv" for name in ("a", "b")]
    for number, path in enumerate(paths):
        path.write_text(f"{HEADER}{number},2001-01-01,jan,oud,\n", "utf-8")
    source = Source(name="t", platform="table", urls=(str(paths[0]), paths[1].as_uri()))
    posts = list(table.mentions(source, None, OBSERVED))  # type: ignore[arg-type]
    assert [each.post_id for each in posts if isinstance(each, Post)] == ["0", "1"]
    assert [each.observed_at for each in posts if isinstance(each, Post)] == [
        table.written_at(path) for path in paths
    ]


def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "posts.csv")
    source = Source(name="t", platform="table", urls=(str(tmp_path / "posts.csv"),))

    with pytest.raises(ConfigError, match="is a pipe") as told:
        list(table.mentions(source, None, OBSERVED))  # type: ignore[arg-type]

    assert told.value.where == str(tmp_path / "posts.csv")


def test_a_file_that_is_not_there_and_a_source_without_files(tmp_path: Path) -> None:
    source = Source(name="t", platform="table", urls=(str(tmp_path / "weg.csv"),))
    with pytest.raises(SourceGone, match="no such file"):
        list(table.mentions(source, None, OBSERVED))  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="path of a file"):
        list(table.mentions(Source(name="t", platform="table"), None, OBSERVED))  # type: ignore[arg-type]


def test_inspect_reads_a_table_of_usual_names() -> None:
    body = b"id,date,username,content\n1,2026-01-01,jan,hoi\n2,,jan,hoi\n"
    post, rejected = inspect(connectors.load("table"), body)
    assert isinstance(post, Post)
    assert isinstance(rejected, Rejected)
    assert rejected.path == "line 3 column 'date'"


def test_every_column_is_documented() -> None:
    page = (REPOSITORY / "docs" / "tables.md").read_text("utf-8")
    for field in FIELDS:
        names = ", ".join(f"`{name}`" for name in ALSO_CALLED.get(field, ()))
        assert f"| `{field}` | {names} |" in page
    for option in table.OPTIONS:
        assert f"| `{option}` |" in page


def test_a_large_file_is_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number in range(20_000):
            file.write(f"{number},2026-01-01,jan,hoi,\n")
    reads: Iterator[Any] = table.read_file(path, {}, OBSERVED)
    assert next(reads).post_id == "0"
    reads.close()  # type: ignore[attr-defined]


@settings(max_examples=examples(150), deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda text: (HEADER + text).encode("utf-8", "replace")),
        st.lists(st.text(max_size=8), max_size=30).map(
            lambda cells: (HEADER + ",".join(cells)).encode("utf-8", "replace")
        ),
    )
)
def test_any_bytes_give_posts_rejections_or_an_error_of_ours(body: bytes) -> None:
    try:
        reads = list(inspect(connectors.load("table"), body))
    except LuisterError:
        return
    assert all(isinstance(each, (Post, Rejected)) for each in reads)


@settings(max_examples=examples(100), deadline=None)
@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1
    )
)
def test_any_text_comes_back_as_it_was_written(texts: list[str]) -> None:
    import csv

    body = io.StringIO()
    writer = csv.writer(body)
    writer.writerow(["id", "date", "text"])
    writer.writerows([number, "2026-01-01", f"x{text}x"] for number, text in enumerate(texts))
    found = list(inspect(connectors.load("table"), body.getvalue().encode()))
    assert [each.text for each in found if isinstance(each, Post)] == [
        f"x{each}x" for each in texts
    ]
