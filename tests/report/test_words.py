"""Numbers, dates and names as a reader of the language expects them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.report.words import Words, clean, named

DUTCH, ENGLISH = Words("nl"), Words("en")


def test_a_language_we_do_not_write_is_refused() -> None:
    with pytest.raises(ConfigError, match="'fr'") as caught:
        Words("fr")
    assert "nl, en" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "digits", "dutch", "english"),
    [(1234567, 0, "1.234.567", "1,234,567"), (1234.5, 1, "1.234,5", "1,234.5"), (0, 0, "0", "0")],
)
def test_numbers(value: float, digits: int, dutch: str, english: str) -> None:
    assert DUTCH.number(value, digits) == dutch
    assert ENGLISH.number(value, digits) == english


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.0, "0%"), (1.0, "100%"), (0.345, "34%"), (0.002, "0,2%"), (0.998, "99,8%")],
)
def test_a_share_is_none_or_all_only_when_it_is(share: float, told: str) -> None:
    assert DUTCH.share(share) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0,00"), (1, "1,00"), (0.371, "0,37"), (0.0124, "0,012"), (0.00863, "0,0086")],
)
def test_a_small_number_shows_two_digits_that_count(value: float, told: str) -> None:
    assert Words("nl").fine(value) == told


@pytest.mark.parametrize(
    ("value", "told"), [(0.123, "+0,12"), (-0.5, "−0,50"), (0.0, "0,00"), (-0.001, "0,00")]
)
def test_a_signed_number(value: float, told: str) -> None:
    assert DUTCH.signed(value) == told


@pytest.mark.parametrize(
    ("seconds", "dutch", "english"),
    [
        (0, "0 seconden", "0 seconds"),
        (1, "1 seconde", "1 second"),
        (59, "59 seconden", "59 seconds"),
        (60, "1 minuut", "1 minute"),
        (3600, "1 uur", "1 hour"),
        (9000, "2,5 uur", "2.5 hours"),
        (36 * 3600, "36 uur", "36 hours"),
        (3 * 86_400, "3 dagen", "3 days"),
        (12.4 * 86_400, "12 dagen", "12 days"),
    ],
)
def test_a_duration_is_told_in_one_unit(seconds: float, dutch: str, english: str) -> None:
    assert DUTCH.duration(seconds) == dutch
    assert ENGLISH.duration(seconds) == english


def test_dates_and_moments_in_the_zone_of_the_organisation() -> None:
    night = datetime(2026, 1, 11, 23, 30, tzinfo=UTC)

    assert DUTCH.moment(night) == "12 januari 2026 00:30"
    assert DUTCH.heading(date(2026, 1, 12)) == "Maandag 12 januari"
    assert ENGLISH.weekday(date(2026, 1, 12)) == "Monday 12 January"
    assert DUTCH.short_day(date(2026, 3, 9)) == "9 mrt"


def test_one_and_more() -> None:
    assert DUTCH.many("{count} post", "{count} posts", 1) == "1 bericht"
    assert DUTCH.many("{count} post", "{count} posts", 0) == "0 berichten"
    assert ENGLISH.many("{count} post", "{count} posts", 2000) == "2,000 posts"


def test_n_stays_with_its_number() -> None:
    told = ENGLISH.say("too few (n = {count})", count="7")

    assert told == "too few (n\u00a0=\u00a07)"


def test_braces_in_a_name_are_only_braces() -> None:
    told = ENGLISH.say("In the 28 days before: {net}.", net="{count}{0}{net.__class__}")

    assert told == "In the 28 days before: {count}{0}{net.__class__}."


def test_a_list_that_is_cut_short_says_how_many_are_left_out() -> None:
    names = ["blogs", "bluesky", "forum", "nieuws"]

    assert DUTCH.first_names(names, 4) == "blogs, bluesky, forum en nieuws"
    assert DUTCH.first_names(names, 3) == "blogs, bluesky, forum en nog 1"
    assert ENGLISH.first_names(names, 2) == "blogs, bluesky and 2 more"


@pytest.mark.fault(48)
def test_a_name_cannot_turn_the_sentence_around() -> None:
    assert named("Bon\u202egnitteb\u202c") == "Bongnitteb"
    assert named("שלום Fietsen") == "\u2068שלום Fietsen\u2069"
    assert named("  a\x00b\n c ") == "ab c"
    assert len(named("a" * 500)) == 60


@settings(deadline=None)
@given(st.text())
def test_cleaned_text_has_no_control_characters(text: str) -> None:
    kept = clean(text)

    assert not {each for each in kept if unicodedata.category(each) in {"Cc", "Cs"}} - {"\n", "\t"}
    assert clean(kept) == kept


@settings(deadline=None)
@given(st.text())
def test_a_name_is_one_short_line_with_balanced_isolation(text: str) -> None:
    name = named(text)

    assert "\n" not in name
    assert len(name) <= 62
    assert name.count("\u2068") == name.count("\u2069") <= 1
