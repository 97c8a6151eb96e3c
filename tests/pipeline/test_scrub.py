"""What reaches a person outside the platform is blanked, and what only looks like it is not."""

import re

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pipeline.scrub import WORTH_A_LOOK, is_account, is_citizen, scrub

BLANKED = {
    "mail jan.b+zon@example.co.uk.": "mail [mail].",
    "bel 06-12345678 of 06 1234 5678!": "bel [phone] of [phone]!",
    "020 123 45 67": "[phone]",
    "(020) 1234567 na vijven": "[phone] na vijven",
    "+31 (0)6 12345678 of 0031612345678": "[phone] of [phone]",
    "+32 470 12 34 56": "[phone]",
    "NL91 ABNA 0417 1643 00 graag": "[iban] graag",
    "op nl91abna0417164300, dank": "op [iban], dank",
    "BE68 5390 0754 7034": "[iban]",
    "GB82 WEST 1234 5698 7654 32": "[iban]",
    "mijn bsn is 111222333": "mijn bsn is [bsn]",
    "111.222.333": "[bsn]",
    "1234 AB 12": "[address]",
    "1234AB, nr 12a": "[address]",
    "1012 JS 45-2 Amsterdam": "[address] Amsterdam",
    "Kerkstraat 12, 1234 AB Purmerend": "Kerkstraat [address] Purmerend",
}
LEFT = [
    "",
    "NL92ABNA0417164300",
    "order 111222334",
    "bestelling 2026110112345678",
    "zaak 1234567890",
    "€ 1.234.567,89",
    "op 12-11-2026 om 09:00",
    "in 2024 en 12 keer",
    "3511 AB is een postcode",
    "lijn 12, 2000 mensen",
    "klantenservice 0800-1234",
    "000000000",
    "5 @ 3 euro",
]


@pytest.mark.parametrize(("text", "shown"), BLANKED.items())
def test_what_reaches_a_person_is_blanked(text: str, shown: str) -> None:
    assert scrub(text) == shown
    assert scrub(shown) == shown


@pytest.mark.parametrize("text", LEFT)
def test_other_numbers_stay(text: str) -> None:
    assert scrub(text) == text


@pytest.mark.parametrize("text", BLANKED)
def test_the_database_looks_at_every_text_in_which_something_would_be_blanked(text: str) -> None:
    with duckdb.connect() as database:
        found = database.execute("select regexp_matches(?, ?)", [text, WORTH_A_LOOK]).fetchall()
    assert found == [(True,)]


@given(some.integers(0, 10**10 - 1), some.sampled_from(["ABNA", "RABO", "INGB", "TRIO"]))
def test_one_check_in_a_hundred_is_that_of_an_account(number: int, bank: str) -> None:
    accounts = [f"NL{check:02}{bank}{number:010}" for check in range(2, 99)]

    (true,) = [account for account in accounts if is_account(account)]

    assert scrub(f"naar {true} graag") == "naar [iban] graag"


@given(some.integers(1, 99_999_999))
def test_a_wrong_digit_makes_no_citizen(number: int) -> None:
    citizens = [f"{number:08}{last}" for last in range(10) if is_citizen(f"{number:08}{last}")]

    assert len(citizens) <= 1


@given(some.text(alphabet="0123456789 +-.()aAbBNL@"))
def test_any_text_comes_back_and_twice_is_once(text: str) -> None:
    once = scrub(text)

    assert len(re.findall(r"[0-9]", once)) <= len(re.findall(r"[0-9]", text))
    assert scrub(once) == once
