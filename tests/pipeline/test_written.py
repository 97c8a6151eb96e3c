"""A name is found however it is written, by who removes it and by who proves that it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from html.entities import codepoint2name
from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote, quote_plus

import duckdb
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pipeline.person import Person
from pipeline.proof import Search, cells, found
from pipeline.suppress import Suppressed, add
from pipeline.written import places, plain
from tests.pipeline.test_forget import WRITTEN


def person(name: str = "Zoë de Vries", handle: str = "@Anna_B@plein.example") -> Person:
    return Person(
        platform="mastodon",
        account=handle.lower().lstrip("@"),
        handles=frozenset({handle}),
        names=frozenset({name}),
    )


def removes(folder: Path, who: Person) -> Suppressed:
    return add(folder, who.shown, who.whole)


@pytest.fixture(scope="module", autouse=True)
def open_database() -> Iterator[None]:
    """One database for all of them, which stays open."""
    with duckdb.connect(":memory:cells"):
        yield


def proves(folder: Path, who: Person, *written: str) -> bool:
    """Whether the proof finds somebody, in files and cells alike."""
    folder.mkdir(exist_ok=True)
    (folder / "some.log").write_bytes(b"\xff\x00".join(each.encode() for each in written))
    in_bytes = any(True for _ in found(folder, who))
    with duckdb.connect(":memory:cells") as database:
        database.execute("create or replace table told as select unnest(?) as words", [[*written]])
        in_cells = any(True for _ in cells(database, Search(who.words)))
    assert in_cells == in_bytes
    return in_cells


def in_json(text: str) -> str:
    return "".join(each if each.isascii() else f"\\u{ord(each):04x}" for each in text)


def in_html(text: str) -> str:
    codes = {ord(each) for each in text if not each.isascii()}
    return text.translate({each: f"&{codepoint2name.get(each, f'#{each}')};" for each in codes})


WAYS = [
    str.upper,
    quote,
    quote_plus,
    in_json,
    in_html,
    lambda text: quote(quote(text)),
    lambda text: quote(text).lower(),
    lambda text: in_json(quote(text)),
    lambda text: in_json(in_html(text)).replace("&", "\\u0026"),
    lambda text: escape(in_html(text)),
    lambda text: normalize("NFD", text),
    lambda text: quote(normalize("NFD", text)),
    lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    lambda text: msgspec.json.encode(f'{{"by":"{in_json(text)}"}}').decode(),
]


@pytest.mark.parametrize("written", WRITTEN)
def test_what_is_removed_is_what_the_proof_looks_for(tmp_path: Path, written: str) -> None:
    suppressed, who = removes(tmp_path / "data", person()), person()

    assert proves(tmp_path / "files", who, "nothing", written)
    left = suppressed.blank(written)

    assert not suppressed.names(left)
    assert not proves(tmp_path / "files", who, left)


NAMES = (
    *("Jürgen Müller", "İbrahim Yılmaz", "Željko Đokić", "Иван Петров", "Ελένη Παππά"),
    *("Søren Straße", "Anna-María d'Été", "王 小明王小明明"),
)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_scripts_go_in_all_ways(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.mktemp("list")
    who = person(name, f"@{name.split()[0]}@ex.example")
    suppressed = removes(folder, who)
    for way in WAYS:
        for text in (
            f"by {way(name)}.",
            f"_{way(name)}_",
            f"by __{way(name)} of us__",
            f"https://ex.example/{way(f'@{name.split()[0]}')}/1",
        ):
            assert suppressed.names(text), text
            assert proves(folder / "files", who, text), text
            left = suppressed.blank(text)
            assert not suppressed.names(left), left
            assert not proves(folder / "files", who, left), left


@pytest.mark.parametrize("handle", ["1", "12", "jan", "ü", "é.1", "a_1"])
def test_a_short_handle_goes_behind_its_sign_in_all_ways(tmp_path: Path, handle: str) -> None:
    who = Person(platform="mastodon", account=handle, handles=frozenset({handle}))
    suppressed = removes(tmp_path / "data", who)
    for way in WAYS:
        for text in (f"by {way(f'@{handle}')}!", f"see {way(f'/{handle}')}", f"{handle} of them"):
            is_named = handle + " of" not in text
            assert suppressed.names(text) == is_named, text
            assert proves(tmp_path / "files", who, text) == is_named, text


@pytest.mark.parametrize(
    "text",
    [
        "annabel, anna_bel, xanna_b and anna",
        "%C3%BCanna_b",
        "\\u00fcanna_b",
        "zoë of de vries",
        "zo%C3%AB%20de%20vriesland",
        "100%, 50%de kans",
        "C:\\new\\table",
        "&amp; &nosuch; &#99999999;",
    ],
)
def test_what_is_like_it_stays(tmp_path: Path, text: str) -> None:
    suppressed, who = removes(tmp_path / "data", person()), person()

    assert suppressed.blank(text) == text
    assert not proves(tmp_path / "files", who, text)


def test_only_the_name_goes_from_an_address(tmp_path: Path) -> None:
    suppressed = removes(tmp_path, person())

    text = "zie https://ex.example/caf%C3%A9/?a=%40Anna_B%40plein.example&b=r%C3%A9gie"

    assert suppressed.blank(text) == "zie https://ex.example/caf%C3%A9/?a=%40…&b=r%C3%A9gie"


@pytest.mark.parametrize(
    "other",
    [
        *("https://ex.example/interview-zoe-de-vries-over-energie", "me-anna_b", "piet.anna_b"),
        *(
            "foto_zoë_de_vries_2024.jpg",
            "zoë-de-vries.bsky.social",
            "@Zoë.de.Vries@elsewhere.example",
        ),
        *("https://elsewhere.example/users/zoë_de_vries/statuses/7", "piet@anna_b"),
        *("@anna_b_", "@_anna_b and @__anna_b__", "https://ex.example/_anna_b_/7"),
        *("_anna_b_c_", "_zoë_de_vries_", "__c_anna_b__"),
    ],
)
def test_a_namesake_is_neither_removed_nor_proved(tmp_path: Path, other: str) -> None:
    suppressed = removes(tmp_path / "data", person())

    assert not suppressed.names(other)
    assert not proves(tmp_path / "files", person(), other)


def test_a_run_of_backslashes_is_read_in_no_time() -> None:
    assert plain("\\" * 100_000) == "\\" * 100_000


def test_another_account_that_is_called_like_them_keeps_its_posts(tmp_path: Path) -> None:
    suppressed = removes(tmp_path, person("Jan de Vries", "@jdv-1970@ex.example"))

    assert suppressed.is_author("x-1", "@JDV-1970@ex.example")
    assert not suppressed.is_author("jan.de.vries", "@Jan.de.Vries@elsewhere.example")


@given(some.text(alphabet="%\\u&#x;25C3BCaeéZ \u0308", max_size=40))
def test_any_text_is_read_with_the_place_of_each_of_its_signs(text: str) -> None:
    read, begins, ends = places(text)

    assert len(read) == len(begins) == len(ends)
    assert all(0 <= begin < end <= len(text) for begin, end in zip(begins, ends, strict=True))
    assert begins == sorted(begins)
    assert plain(plain(text)) == plain(plain(plain(text)))
