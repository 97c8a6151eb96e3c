"""Who waits, for how long, and why they stand where they stand."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path

import duckdb
import msgspec
import pytest
from selectolax.lexbor import LexborHTMLParser

from flows.commands import inbox as command
from pipeline.errors import ConfigError, WarehouseError
from pipeline.inbox import Inbox, Waiting, read_inbox
from pipeline.inbox_csv import as_csv
from pipeline.inbox_page import render, write
from pipeline.inbox_settings import InboxSettings
from pipeline.inbox_table import summary
from pipeline.inbox_threads import LONGEST, read_branch
from pipeline.inbox_urgency import urgency
from pipeline.report.words import Words
from tests.report.hostile import HOSTILE

TOWN = {"target_hours": 8.0, "complaint_target_hours": 4.0}


@pytest.fixture(scope="module")
def inbox(data: Path) -> Inbox:
    return read_inbox(data, "Zon", InboxSettings(**TOWN))


@pytest.fixture(scope="module")
def townspeople(inbox: Inbox) -> dict[str | None, Waiting]:
    return {each.handle: each for each in inbox.waiting if each.platform == "town"}


def test_who_waits_is_told_and_nobody_else(townspeople: dict[str, Waiting]) -> None:
    assert set(townspeople) == {"bob", "fred", "gina"}


def test_two_messages_in_a_row_are_one_person_who_waits_since_the_first(
    townspeople: dict[str, Waiting],
) -> None:
    bob = townspeople["bob"]

    assert bob.messages == 2
    assert bob.link == "https://town.example/bob1"
    assert bob.name == "Bob de Bouwer"
    assert bob.audience == 12_000
    # Monday ten o'clock to Friday noon: 7 + 8 + 8 + 8 + 3 opening hours
    assert bob.open_hours == 34.0
    assert bob.clock_hours == 98.0
    assert bob.is_late


def test_the_totals_agree_with_the_queue_that_the_report_counts(data: Path, inbox: Inbox) -> None:
    with duckdb.connect(str(data / "luister.duckdb"), read_only=True) as database:
        queue = database.execute(
            "select count(*) from marts.open_queue where organisation = 'Zon'"
        ).fetchone()

    assert queue == (inbox.messages,)
    assert sum(each.messages for each in inbox.waiting) == inbox.messages
    assert inbox.conversations == len(inbox.waiting)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "2 mensen wachten in 3 gesprekken, waarvan 0 over de streeftijd"),
        ("en", "2 people wait in 3 conversations, of which 0 past the target"),
    ],
)
def test_who_waits_in_two_conversations_is_one_person(data: Path, language: str, told: str) -> None:
    inbox = read_inbox(data, "Maan", InboxSettings(target_hours=99, complaint_target_hours=99))
    words = Words(language)

    assert [each.handle for each in inbox.waiting] == ["kees", "kees", "lot"]
    assert (inbox.people, inbox.conversations) == (2, 3)
    assert summary(inbox, words)[0].startswith(told)
    assert LexborHTMLParser(render(inbox, words)).css_first("dl.counts dd").text() == "2"


def test_the_conversation_is_what_leads_to_the_question_and_what_follows(
    townspeople: dict[str, Waiting],
) -> None:
    told = [(line.handle, line.is_ours, line.is_waiting) for line in townspeople["bob"].thread]

    assert told == [
        ("zon", True, False),
        ("bob", False, True),
        ("bob", False, True),
        ("dirk", False, False),
    ]


def test_a_fault_of_this_morning_comes_before_an_older_question(inbox: Inbox) -> None:
    town = [each for each in inbox.waiting if each.platform == "town"]

    assert [each.handle for each in town] == ["fred", "bob", "gina"]
    assert [each.need for each in town] == ["fault", "question", "request"]
    # 40 for the fault, 3 of 4 opening hours, a negative tone
    assert town[0].urgency.points == 40 + 30 + 10
    # 20 for the question, past the target, twelve thousand followers
    assert town[1].urgency.points == 20 + 40 + 10
    assert town[2].urgency.points == 15 + 5


def test_the_longest_waiting_may_come_first_instead(data: Path) -> None:
    told = read_inbox(data, "Zon", InboxSettings(), order="waiting")

    waits = [each.clock_hours for each in told.waiting]
    assert waits == sorted(waits, reverse=True)
    assert told.waiting[0].handle == "bob"


def test_a_limit_leaves_the_totals_whole(data: Path, inbox: Inbox) -> None:
    two = read_inbox(data, "Zon", InboxSettings(**TOWN), limit=2)

    assert two.waiting == inbox.waiting[:2]
    assert (two.people, two.conversations) == (inbox.people, inbox.conversations)
    assert (two.messages, two.late) == (inbox.messages, inbox.late)


def test_a_competitor_has_an_inbox_of_its_own(data: Path) -> None:
    first, *_ = read_inbox(data, "Maan", InboxSettings()).waiting

    assert (first.handle, first.need) == ("kees", "complaint")


def test_keys_stay_the_same_and_differ(data: Path, inbox: Inbox) -> None:
    again = read_inbox(data, "Zon", InboxSettings(), order="waiting")

    assert {each.key for each in again.waiting} == {each.key for each in inbox.waiting}
    assert len({each.key for each in inbox.waiting}) == inbox.conversations


def test_before_the_first_night_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="nothing is built yet"):
        read_inbox(tmp_path, "Zon", InboxSettings())


def test_an_unknown_order_is_a_slip(data: Path) -> None:
    with pytest.raises(ConfigError, match="no such order"):
        read_inbox(data, "Zon", InboxSettings(), order="size")


@pytest.mark.parametrize(
    ("hours", "points", "is_late"),
    [(0.0, 0, False), (2.0, 20, False), (4.0, 40, False), (4.1, 40, True), (4000.0, 40, True)],
)
def test_age_counts_up_to_the_target(hours: float, points: int, is_late: bool) -> None:
    found = urgency(
        need="complaint",
        intents=(),
        sentiment=None,
        hours=hours,
        target_hours=8,
        complaint_target_hours=4,
        audience_band="unknown",
    )

    assert (found.age_points, found.is_late) == (points, is_late)


def test_a_long_conversation_keeps_its_beginning_and_its_end() -> None:
    thread = [
        {
            "post_number": number,
            "parent_number": number - 1 if number else None,
            "posted_at": None,
            "author_name": None,
            "author_handle": str(number),
            "url": None,
            "text": "",
            "is_ours": False,
        }
        for number in range(50)
    ]

    branch, left_out = read_branch(thread, {25})

    assert len(branch) == LONGEST
    assert left_out == 30
    assert [line.handle for line in branch[:4]] == ["0", "1", "2", "33"]
    assert branch[-1].handle == "49"


def test_a_loop_of_answers_ends() -> None:
    post = {"posted_at": None, "author_name": None, "author_handle": "", "url": None, "text": ""}
    thread = [
        {"post_number": 1, "parent_number": 2, "is_ours": False, **post},
        {"post_number": 2, "parent_number": 1, "is_ours": False, **post},
    ]

    assert len(read_branch(thread, {1})[0]) == 2


@pytest.mark.fault(52)
def test_no_cell_of_the_table_is_a_formula(inbox: Inbox) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(inbox))))

    assert len(rows) == inbox.conversations
    assert not [
        cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))
    ]
    assert any(row["text"].startswith("'=HYPERLINK") for row in rows)


def test_the_json_can_be_read_back(inbox: Inbox) -> None:
    encoded = msgspec.json.encode(inbox)

    assert msgspec.json.decode(encoded, type=Inbox) == inbox
    assert json.loads(encoded)["waiting"][0]["thread"]


@pytest.mark.fault(49)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_shows_hostile_text_and_runs_none_of_it(inbox: Inbox, language: str) -> None:
    html = render(inbox, Words(language))
    page = LexborHTMLParser(html)

    assert not page.css("script, iframe, img, object, embed, svg")
    assert not [link for link in page.css("a[href]") if "javascript" in link.attributes["href"]]
    assert not [
        name for node in page.css("*") for name in node.attributes if name.lower().startswith("on")
    ]
    assert len(page.css("li.person")) == inbox.conversations
    assert page.css_first("html").attributes["lang"] == language
    shown = page.body.text() if page.body else ""
    assert HOSTILE[0] in shown
    assert "\x1b" not in html


def test_only_its_owner_may_read_the_page(inbox: Inbox, tmp_path: Path) -> None:
    path = tmp_path / "inbox.html"
    path.write_text("old")
    path.chmod(0o644)

    write(render(inbox, Words("nl")), path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["inbox.html"]


def hand_out(data: Path, tmp_path: Path, page: Path) -> None:
    """`luister inbox --json --html page` of what is published."""
    config = tmp_path / "luister.toml"
    words = (f'data = "{data}"', 'contact = "desk@zon.example"', "[organisation]", 'name = "Zon"')
    config.write_text("\n".join(words))
    more = {"webhook": None, "limit": None, "organisation": None, "language": "nl"}
    command.inbox(config, form="json", html=page, order="urgency", **more)


def test_a_program_is_told_in_json_where_the_page_is(
    data: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    hand_out(data, tmp_path, tmp_path / "inbox.html")

    assert json.loads(capfdbinary.readouterr().out) == {"inbox": str(tmp_path / "inbox.html")}


@pytest.mark.parametrize("folder", [".", "/"])
def test_a_folder_is_no_page(data: Path, tmp_path: Path, folder: str) -> None:
    with pytest.raises(ConfigError, match="Is a directory"):
        hand_out(data, tmp_path, Path(folder))


def test_an_empty_inbox_says_so() -> None:
    nobody = Inbox(
        organisation="Zon",
        as_of=None,
        people=0,
        conversations=0,
        messages=0,
        late=0,
        waiting=(),
    )

    assert "Niemand wacht op antwoord" in render(nobody, Words("nl"))
