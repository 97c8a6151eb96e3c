"""Whole readings: tables in, tables out, whatever the text."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.testing.thorough import examples
from pipeline import enrich
from pipeline.enrich import READING_SCHEMA, enrich_texts, intent, purpose, read, readers


def table(texts: list[str], tags: list[str | None] | None = None) -> pa.Table:
    return pa.table(
        {
            "text_key": [f"key {number}" for number in range(len(texts))],
            "text": pa.array(texts, pa.string()),
            "language": pa.array(tags or [None] * len(texts), pa.string()),
        }
    )


def test_a_table_of_texts_becomes_a_table_of_readings() -> None:
    readings = enrich_texts(
        table(["Waarom is de hulp zo slecht en traag?", "Das ist wunderbar, vielen Dank", "👍"])
    )
    assert readings.schema == READING_SCHEMA
    dutch, german, thumb = readings.to_pylist()
    assert (dutch["text_key"], dutch["language"], dutch["sentiment"]) == ("key 0", "nl", "negative")
    assert dutch["intents"] == ["question", "complaint"]
    assert (dutch["purpose"], dutch["is_signed"]) == ("service", False)
    assert (german["language"], german["sentiment"], german["sentiment_score"]) == (
        "de",
        None,
        None,
    )
    assert (thumb["language"], thumb["sentiment"]) == ("und", "positive")
    assert thumb["intents"] == ["praise"]


def test_a_text_of_unsure_language_has_the_mood_it_has_in_that_of_its_platform() -> None:
    asked = [("Top!", "nl-NL"), ("Top!", None), ("#fail", "en"), ("#fail", "fi"), ("Top!", "qme")]
    readings = enrich_texts(table(*map(list, zip(*asked, strict=True)))).to_pylist()
    assert [each["language"] for each in readings] == ["und"] * 5
    assert [each["sentiment"] for each in readings] == ["positive", None, "negative", None, None]


def test_a_text_that_says_nothing_has_no_mood_whatever_its_platform_says() -> None:
    texts = ["?", "12:30", "...", "📦", "@kpn ?", "1234 AB", "Toll!"]
    readings = enrich_texts(table(texts, ["nl"] * len(texts))).to_pylist()
    assert {each["sentiment"] for each in readings if each["language"] == "und"} == {None}
    assert len([each for each in readings if each["language"] == "und"]) >= 5


def test_no_texts_give_an_empty_table() -> None:
    assert enrich_texts(table([])).schema == READING_SCHEMA


def test_processes_read_what_one_process_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrich, "POOL_FROM", 10)
    monkeypatch.setattr(enrich, "PORTION", 7)
    texts = [f"Bericht {number}: dit is goed nieuws" for number in range(40)]
    with readers(workers=2) as reader:
        first, second = reader(table(texts)), reader(table(texts[:3]))
    assert first == enrich_texts(table(texts))
    assert second == first.slice(0, 3)


def test_where_no_process_can_be_started_this_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container allows only so many processes."""

    def refuse(*_: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(enrich, "POOL_FROM", 10)
    monkeypatch.setattr("multiprocessing.context.SpawnProcess._Popen", refuse)
    texts = table([f"Bericht {number}: dit is goed nieuws" for number in range(40)])
    with readers(workers=2) as reader:
        assert reader(texts) == enrich_texts(texts)


def test_a_reading_process_ends_with_the_one_that_started_it() -> None:
    script = (
        "import pyarrow as pa, time, os\n"
        "from pipeline import enrich\n"
        "if __name__ == '__main__':\n"
        "    enrich.POOL_FROM = 1\n"
        "    t = pa.table({'text_key': ['a'], 'text': ['hoi'],"
        " 'language': pa.array([None], pa.string())})\n"
        "    with enrich.readers(workers=2) as read:\n"
        "        read(t)\n"
        "        import multiprocessing\n"
        "        print(*(child.pid for child in multiprocessing.active_children()), flush=True)\n"
        "        time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        children = [int(word) for word in run.stdout.readline().split()]
        run.send_signal(signal.SIGKILL)
    assert children
    for _ in range(200):
        if not any(_is_alive(child) for child in children):
            return
        time.sleep(0.05)
    pytest.fail("a reading process lives on")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_version_names_our_rules_and_their_packages() -> None:
    assert enrich.VERSION.count("-") >= 4
    assert "0.0.1" in enrich.VERSION


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a" * 100_000,
        "goed " * 20_000,
        "? " * 50_000,
        "not " * 25_000,
        '"' * 100_000,
        "'" * 100_000,
        "(" * 100_000,
        "<" * 100_000,
        "<a" * 50_000,
        "@" * 100_000,
        "@a." * 33_000,
        "a@a." * 25_000,
        "#" * 100_000,
        "&amp;" * 20_000,
        "http://" * 14_000,
        "www." * 25_000,
        ": " * 50_000,
        "😀" * 50_000,
        "e\u0301\u0302\u0303" * 25_000,
        "\u202e" + "עברית " * 15_000,
        "QUJD" * 25_000,
        "\x00" * 1_000,
        "aA1-_'." * 14_000,
        ",;:–—( - " * 11_000,
    ],
)
def test_no_text_takes_long_or_fails(text: str) -> None:
    ((code, confidence, mood, score, sureness, wishes, use, giving, model, kind, signed),) = read(
        [text], [None]
    )
    assert len(code) in {2, 3}
    assert 0 <= confidence <= 1
    assert mood in {None, "positive", "negative", "neutral"}
    assert (score is None) == (sureness is None) == (mood is None)
    assert set(wishes) <= set(intent.INTENTS)
    assert use in {None, *purpose.USES}
    assert giving in {"give", "take", "neither"}
    assert model in {
        None,
        "press_agentry",
        "public_information",
        "two_way_asymmetrical",
        "two_way_symmetrical",
    }
    assert kind in {None, "information", "community", "action"}
    assert signed in {True, False}


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(st.tuples(st.text(), st.one_of(st.none(), st.text(max_size=5))), max_size=5))
def test_any_texts_have_readings(rows: list[tuple[str, str | None]]) -> None:
    texts, tags = [text for text, _ in rows], [tag for _, tag in rows]
    readings = read(texts, tags)
    assert len(readings) == len(rows)
    alone = [read([text], [tag])[0] for text, tag in rows]
    assert [one[2:] for one in alone if one[0] != "und"] == [
        one[2:] for one in readings if one[0] != "und"
    ]
    assert [one[1] for one in alone] == pytest.approx([one[1] for one in readings], abs=2e-4)


def test_the_name_of_a_company_has_no_mood() -> None:
    text = "Lekker heeft mijn pakket bezorgd vandaag"
    without, masked = (enrich.read([text], ["nl"], names)[0][2] for names in ((), ("Lekker",)))
    assert (without, masked) == ("positive", "neutral")
    assert enrich.version_for([]) == enrich.VERSION
    assert enrich.version_for(["a", "b"]) == enrich.version_for(["b", "a"])
    assert enrich.version_for(["a"]) != enrich.version_for(["b"])
