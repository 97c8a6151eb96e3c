"""The report says what the published file says, keeps to itself, and can be written again."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import duckdb
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.analysis import ask
from pipeline.errors import ConfigError, WarehouseError
from pipeline.report import Report, drawing, write_report
from pipeline.report.page import safe_link
from tests.report.published import changed

OWN = "Waterland Fietsen"


def page(report: Report) -> LexborHTMLParser:
    return LexborHTMLParser(report.path.read_text(encoding="utf-8"))


def first(report: Report, selector: str) -> LexborNode:
    node = page(report).css_first(selector)
    assert node is not None, selector
    return node


def one(published: Path, query: str) -> Sequence[object]:
    with duckdb.connect(str(published.resolve()), read_only=True) as database:
        found = database.execute(query).fetchone()
    assert found is not None
    return found


def rows_of(report: Report, exhibit: str) -> list[list[str]]:
    """The numbers of the picture: the first table below it."""
    return [
        [cell.text(strip=True) for cell in row.css("th, td")]
        for row in first(report, f"#{exhibit} table").css("tbody tr")
    ]


def sql_of(report: Report, exhibit: str) -> list[str]:
    return [node.text() for node in page(report).css(f"#{exhibit} pre code")]


def sentences(report: Report, exhibit: str) -> str:
    nodes = page(report).css(f"#{exhibit} figcaption p, #{exhibit} > p")
    assert nodes
    return " ".join(node.text(strip=True) for node in nodes).replace("\u00a0", " ")


def test_the_night_is_told_in_five_lines(dutch: Report) -> None:
    assert len(dutch.headlines) == 5
    tiles = [node.text(strip=True) for node in page(dutch).css(".lines li p")]
    assert tiles == dutch.headlines
    assert not [line for line in dutch.headlines if "\n" in line or "<" in line]


def test_the_numbers_of_the_five_lines_are_those_of_the_marts(
    english: Report, published: Path
) -> None:
    (day,) = one(published, "select max(posted_date) - 1 from marts.volume_daily")
    (volume,) = one(
        published,
        f"""select sum(volume) from marts.volume_daily
        where organisation = '{OWN}' and posted_date = date '{day}'""",
    )
    score = f"""
        from marts.scorecard where organisation = '{OWN}' and platform = 'all'
        and period_grain = 'rolling_28d' and period_start = date '{day}' - 27
    """
    (share, own) = one(
        published, f"select value, denominator {score} and measure = 'conversation_share'"
    )
    (rate, asked) = one(
        published, f"select value, denominator {score} and measure = 'response_rate_24h'"
    )
    (waiting,) = one(
        published, f"select count(*) from marts.open_queue where organisation = '{OWN}'"
    )

    lines = [line.replace("\u00a0", " ") for line in english.headlines]
    assert f"we heard {volume} posts" in lines[0]
    assert f"Of the {own:.0f} posts" in lines[1]
    assert f"{share:.0%} were replies" in lines[1]
    assert f"Answered within 24 hours: {rate:.0%}" in lines[2]
    assert f"n = {asked:.0f}" in lines[2]
    assert lines[3].startswith(f"{waiting} posts wait")


def test_a_source_that_failed_is_named_in_the_first_line(english: Report) -> None:
    assert "Not everything was heard: regionaal nieuws." in english.headlines[0]
    assert "Source regionaal nieuws could not be reached; we have heard it up to 12 March" in (
        sentences(english, "coverage")
    )


EXHIBITS = (
    "volume",
    "coverage",
    "acts",
    "conversation-share",
    "listening-ratio",
    "response-rate",
    "answer-curve",
    "open-queue",
    "give-share",
    "pr-models",
    "people-answered",
    "answer-gini",
    "audience",
    "network-size",
    "network-mutual",
    "network-centre",
    "demand",
    "uses-answered",
    "sentiment",
)


@pytest.mark.parametrize("exhibit", EXHIBITS)
def test_every_picture_has_a_sentence_a_definition_a_table_and_its_sql(
    dutch: Report, published: Path, exhibit: str
) -> None:
    shown = page(dutch)

    assert len(sentences(dutch, exhibit)) > 60
    assert len(shown.css(f"#{exhibit} figure svg[role=img]")) == 2
    assert shown.css(f"#{exhibit} dl dd")
    assert rows_of(dutch, exhibit)
    for query in sql_of(dutch, exhibit):
        assert ask(published, query).rows


def test_the_table_of_volume_is_what_its_sql_gives(english: Report, published: Path) -> None:
    answer = ask(published, sql_of(english, "volume")[0]).as_dicts()

    told = [[int(cell) for cell in row[1:]] for row in rows_of(english, "volume")]
    assert told == [
        [
            int(row[column])
            for column in (
                "outbound_posts",
                "addressed_posts",
                "other_inbound_posts",
                "context_posts",
                "volume",
            )
        ]
        for row in reversed(answer)
    ]


def test_the_table_of_acts_adds_up_to_all_acts(english: Report, published: Path) -> None:
    answer = ask(published, sql_of(english, "acts")[0]).as_dicts()

    told = sum(int(cell) for row in rows_of(english, "acts") for cell in row[1:])
    assert told == sum(row["posts_count"] for row in answer) > 0


def test_the_response_rates_are_those_of_their_sql(english: Report, published: Path) -> None:
    answer = {
        (row["organisation"], row["measure"]): row
        for row in ask(published, sql_of(english, "response-rate")[0]).as_dicts()
    }
    own = answer[OWN, "response_rate_4h"]

    told = next(row for row in rows_of(english, "response-rate") if row[0].endswith("4 hours"))
    assert told == [
        f"{OWN}: within 4 hours",
        f"{own['value']:.0%}",
        f"{own['low']:.0%} – {own['high']:.0%}",
        f"{own['numerator']:.0f}",
        f"{own['denominator']:.0f}",
    ]


def test_the_curve_is_exact_where_the_table_reads_it(english: Report, published: Path) -> None:
    told = next(row for row in rows_of(english, "answer-curve") if row[0] == OWN)

    for place, seconds in enumerate((3600, 14_400, 86_400, 604_800), start=1):
        (share,) = one(
            published,
            f"""select max(answered_share) from marts.response_curve
            where organisation = '{OWN}' and platform = 'all' and seconds <= {seconds}""",
        )
        assert told[place] == f"{share:.0%}"


@pytest.mark.fault(50)
def test_the_page_holds_to_its_policy(dutch: Report) -> None:
    html = dutch.path.read_text(encoding="utf-8")
    shown = page(dutch)
    sheet = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    policy = shown.css_first("meta[http-equiv=Content-Security-Policy]")
    assert sheet is not None
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(sheet[1].encode()).digest()).decode()

    assert policy.attributes["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not shown.css("script, iframe, object, embed, form, base, img, audio, video, [style]")
    assert "//" not in re.sub(r"<pre>.*?</pre>", "", html, flags=re.DOTALL)
    assert [node.attributes["href"] for node in shown.css("link")] == ["data:,"]


def test_the_page_can_be_read_without_seeing_it(dutch: Report) -> None:
    shown = page(dutch)
    ids = [node.attributes["id"] for node in shown.css("[id]")]

    assert first(dutch, "html").attributes["lang"] == "nl"
    assert len(ids) == len(set(ids))
    assert [len(shown.css(name)) for name in ("h1", "main", "nav")] == [1, 1, 1]
    for link in shown.css("a[href^='#']"):
        assert (link.attributes["href"] or "")[1:] in ids
    for picture in shown.css("svg[role=img]"):
        for name in (picture.attributes["aria-labelledby"] or "").split():
            assert name in ids
    assert first(dutch, "body a").attributes["class"] == "skip"


def test_the_page_is_small(dutch: Report) -> None:
    assert dutch.path.stat().st_size < 2_000_000


def test_written_twice_it_is_the_same_and_latest_points_at_it(
    published: Path, dutch: Report, tmp_path: Path
) -> None:
    again = write_report(published, tmp_path, language="nl")

    assert again.path.name == "report-2026-03-16-nl.html"
    assert again.path.read_bytes() == dutch.path.read_bytes()
    latest = tmp_path / "latest-nl.html"
    assert latest.resolve() == again.path.resolve()
    assert {path.name for path in tmp_path.iterdir()} == {
        "index.html",
        latest.name,
        again.path.name,
    }


def test_altair_finds_nothing_wrong_with_the_charts(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It checks each part of a chart as it is made, unless it is told not to."""
    monkeypatch.setattr(drawing, "unchecked", nullcontext)

    report = write_report(published, tmp_path, language="en")

    assert report.path.stat().st_size > 100_000


def test_an_older_report_stays_beside_the_new_one(published: Path, tmp_path: Path) -> None:
    older = tmp_path / "report-2026-03-15-en.html"
    older.write_text("yesterday")
    (tmp_path / "latest-en.html").symlink_to(older.name)

    report = write_report(published, tmp_path, language="en")

    assert older.read_text() == "yesterday"
    assert (tmp_path / "latest-en.html").resolve() == report.path.resolve()


def test_a_report_about_a_competitor(published: Path, tmp_path: Path) -> None:
    report = write_report(published, tmp_path, language="en", organisation="Rijwielpaleis")

    assert first(report, "h1").text(strip=True) == "Rijwielpaleis"
    assert re.fullmatch(r"report-2026-03-16-en-rijwielpaleis-[0-9a-f]{8}\.html", report.path.name)
    assert "of Rijwielpaleis" in report.headlines[1]


def test_an_unknown_organisation_is_refused_with_a_hint(published: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'Rijwielpaleis'"):
        write_report(published, tmp_path, language="en", organisation="Rijwielpaleys")


def test_an_unknown_language_is_refused(published: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'fr'"):
        write_report(published, tmp_path, language="fr")
    assert not list(tmp_path.iterdir())


def test_without_a_published_file_the_next_step_is_named(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="luister run"):
        write_report(tmp_path / "analytics.duckdb", tmp_path, language="nl")


def test_below_the_floor_there_is_no_percentage(published: Path, tmp_path: Path) -> None:
    few = changed(
        published,
        tmp_path / "few",
        ("update marts.scorecard set too_few = true, denominator = 7 where denominator > 0", ()),
    )

    report = write_report(few, tmp_path, language="nl")

    numbers = [node.text(deep=False, strip=True) for node in page(report).css(".lines .number")]
    assert [numbers[place] for place in (1, 2, 4)] == ["te weinig"] * 3
    assert "te weinig (n = 7)" in report.headlines[2].replace("\u00a0", " ")
    for exhibit in (
        "conversation-share",
        "response-rate",
        "answer-curve",
        "give-share",
        "pr-models",
        "people-answered",
        "answer-gini",
        "network-mutual",
        "uses-answered",
    ):
        assert not page(report).css(f"#{exhibit} svg[role=img]")
        assert not [cell for row in rows_of(report, exhibit) for cell in row[1:] if "%" in cell]
        told = sentences(report, exhibit)
        assert "te weinig (n = 7)" in told or "Te weinig voor een aandeel: service (n = 7)" in told
    assert not page(report).css("#demand svg[role=img], #network-centre svg[role=img]")
    assert not [cell for row in rows_of(report, "demand") for cell in row[1:] if "%" in cell]
    assert "te weinig berichten met een doel" in sentences(report, "demand")


def test_a_first_night_without_any_post(published: Path, tmp_path: Path) -> None:
    tables = [
        row[0]
        for row in ask(
            published,
            "select table_name from information_schema.tables where table_schema = 'marts'",
        ).rows
    ]
    kept = {"publication", "organisations"}
    empty = changed(
        published,
        tmp_path / "empty",
        *((f"delete from marts.{table}", ()) for table in tables if table not in kept),
    )

    report = write_report(empty, tmp_path, language="nl")

    assert len(report.headlines) == 5
    assert report.headlines[3] == "Niemand wacht op antwoord."
    assert "niets gezegd" in sentences(report, "volume")
    assert sentences(report, "give-share").startswith("Geefaandeel: niet bepaald (n = 0).")
    assert sentences(report, "sentiment") == "Nettosentiment: niet bepaald (n = 0)."
    assert sentences(report, "open-queue").startswith("Niemand wacht: niemand heeft")
    numbers = [node.text(deep=False, strip=True) for node in page(report).css(".lines .number")]
    assert numbers == ["0", "–", "–", "0", "–"]
    assert not page(report).css("#acts svg[role=img], #sentiment svg[role=img]")
    assert "kwam niemand bij" in sentences(report, "people-answered")
    assert "te weinig berichten met een doel (n = 0)" in sentences(report, "demand")
    for exhibit in ("network-size", "network-mutual", "network-centre"):
        assert sentences(report, exhibit) == "Er is nog geen hele week."


def test_hours_before_listening_began_count_as_not_covered(published: Path, tmp_path: Path) -> None:
    late = changed(
        published,
        tmp_path / "late",
        ("update marts.scorecard set coverage = 0.25 where measure = 'volume'", ()),
    )

    report = write_report(late, tmp_path, language="en")

    assert "of all sources in the last 28 days, 25% was covered." in sentences(report, "coverage")
    assert "25% was covered" in page(report).css_first(".method").text()


def test_a_first_week(published: Path, tmp_path: Path) -> None:
    young = changed(
        published,
        tmp_path / "young",
        *(
            (f"delete from marts.{table} where {column} < date '2026-03-10'", ())
            for table, column in (
                ("volume_daily", "posted_date"),
                ("acts_daily", "posted_date"),
                ("sentiment_daily", "posted_date"),
                ("coverage_daily", "covered_date"),
            )
        ),
        ("update marts.coverage_sources set collected_from = timestamptz '2026-03-10'", ()),
        ("delete from marts.scorecard where period_start < date '2026-02-14'", ()),
    )

    report = write_report(young, tmp_path, language="en")

    assert len(rows_of(report, "volume")) == 6
    assert "not two weeks with enough posts" in sentences(report, "conversation-share")


def test_what_could_not_be_asked_is_told(published: Path, tmp_path: Path) -> None:
    of_sources = "update marts.coverage_sources set"
    missing = "last_secrets_missing = 'MASTODON_TOKEN' where source = ?"
    used = "last_secrets_used = 'BLUESKY_IDENTIFIER, BLUESKY_PASSWORD' where source = ?"
    unasked = changed(
        published,
        tmp_path / "unasked",
        (f"{of_sources} last_status = 'unasked' where source = ?", ("regionaal nieuws",)),
        (
            f"{of_sources} last_verbs_without_access = 'mentions, inbox', {missing}",
            ("mastodon social",),
        ),
        (
            f"{of_sources} last_status = 'failed', last_error_code = 'SourceRefused', {used}",
            ("bluesky",),
        ),
    )

    told = sentences(write_report(unasked, tmp_path, language="nl"), "coverage")

    assert "Aan bron regionaal nieuws valt nog niets te vragen" in told
    assert (
        "ontbreekt: mastodon social (vermeldingen en wat aan ons gericht is: MASTODON_TOKEN)."
    ) in told
    assert "Bron bluesky weigerde toegang" in told
    assert "Gevraagd met BLUESKY_IDENTIFIER, BLUESKY_PASSWORD: vernieuw die sleutels" in told


def test_a_competitor_that_was_not_heard_is_told_of_the_period(
    published: Path, tmp_path: Path
) -> None:
    """It did speak, and not in the weeks that are told of."""
    unheard = (
        "update marts.scorecard set value = 0, numerator = 0 where measure = 'own_posts' "
        "and organisation = 'Rijwielpaleis' and period_grain <> 'all'"
    )
    quiet = changed(
        published,
        tmp_path / "quiet",
        (unheard, ()),
    )

    told = {
        (language, kind): first(
            write_report(quiet, tmp_path, language=language, kind=kind), ".method"
        ).text()
        for language, kind in (("en", "night"), ("nl", "week"))
    }

    assert "No own posts were heard from Rijwielpaleis in the last 28 days:" in told["en", "night"]
    assert "Van Rijwielpaleis zijn in week 11 geen eigen berichten gehoord:" in told["nl", "week"]


def _cut(number: int, source: str, is_asked_again: bool) -> tuple[str, tuple[object, ...]]:
    """A part missing of one of the conversations of the last week."""
    statement = (
        "insert into marts.coverage_threads by name select thread_key, ? as source, "
        "'mastodon' as platform, 'BudgetSpent' as reason, ? as is_asked_again, "
        "timestamptz '2026-03-10' as first_cut_at, timestamptz '2026-03-11' as last_cut_at "
        "from marts.posts where posted_date > (select max(posted_date) - 7 from marts.posts) "
        "group by thread_key order by thread_key limit 1 offset ?"
    )
    return statement, (source, is_asked_again, number)


@pytest.mark.parametrize(
    ("cut", "language", "expected"),
    [
        (
            [_cut(0, "one", True)],
            "en",
            "Of 1 conversation a part could not be read yet; the coming nights ask for it again",
        ),
        (
            [_cut(0, "one", True), _cut(0, "two", True), _cut(1, "two", False)],
            "en",
            "and there is nothing for you to do. Of 1 conversation a part could not be read, so an",
        ),
        (
            [_cut(0, "one", True), _cut(1, "one", True)],
            "nl",
            "Van 2 gesprekken kon een deel nog niet worden gelezen; de komende nachten",
        ),
        (
            [_cut(0, "one", False)],
            "nl",
            "Van 1 gesprek kon een deel niet worden gelezen, zodat hier een antwoord kan ontbreken",
        ),
    ],
)
def test_conversations_that_are_not_whole_are_told(
    published: Path,
    tmp_path: Path,
    cut: list[tuple[str, tuple[object, ...]]],
    language: str,
    expected: str,
) -> None:
    broken = changed(published, tmp_path / "cut", *cut)

    report = write_report(broken, tmp_path, language=language)

    assert expected in sentences(report, "coverage")
    assert any("marts.coverage_threads" in sql for sql in sql_of(report, "coverage"))


@pytest.mark.parametrize(
    "statement",
    [
        "delete from marts.coverage_threads",
        "update marts.coverage_threads set thread_key = 'of long ago'",
        "drop table if exists marts.coverage_threads",
    ],
)
def test_where_every_conversation_is_whole_or_none_is_told_of_nothing_is_said(
    published: Path, tmp_path: Path, statement: str
) -> None:
    """The file of an earlier version does not have the table."""
    whole = changed(published, tmp_path / "whole", _cut(0, "one", False), (statement, ()))

    report = write_report(whole, tmp_path, language="en")

    assert "conversation" not in sentences(report, "coverage")
    assert not any("marts.coverage_threads" in sql for sql in sql_of(report, "coverage"))


@pytest.mark.fault(51)
@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://a.example/x?y#z", "https://a.example/x?y#z"),
        (" http://a.example ", "http://a.example"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//a.example", ""),
        ("https:///x", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_only_harmless_addresses_are_links(address: str, kept: str) -> None:
    assert safe_link(address) == kept
