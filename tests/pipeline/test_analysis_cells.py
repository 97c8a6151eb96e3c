"""No cell of a table of text is a formula to a spreadsheet, or an order to a terminal."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis import FORMULA_STARTS, Answer, plain_cell

FORMULA = re.compile(r"[\s\"']*([=+@＝＋＠]|[-－]\S)")


@pytest.mark.fault(52)
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("=1+1", "'=1+1"),
        ('hallo;=HYPERLINK("https://x.example")', 'hallo;\'=HYPERLINK("https://x.example")'),
        ("hallo; +31 6", "hallo;' +31 6"),
        ("een\n=cmd|' /C calc'!A0", "een\n'=cmd|' /C calc'!A0"),
        ("een\n- twee\n- drie", "een\n- twee\n- drie"),
        ("a;-2+3", "a;'-2+3"),
        ("rood \x1b[31m en \x9b31m", "rood \\x1b[31m en \\x9b31m"),
        ("gewoon; niets = aan", "gewoon; niets = aan"),
    ],
)
def test_text_is_only_text(said: str, shown: str) -> None:
    assert plain_cell(said) == shown


@given(st.text(st.sampled_from("a1 ;,\t\n\r\"'=+-@＝\x1b|")))
def test_however_cells_are_parted_none_begins_a_formula(text: str) -> None:
    written = Answer(columns=("text",), rows=[(text,)]).as_csv()
    (_, (cell,)) = csv.reader(io.StringIO(written, newline=""))

    assert not cell.startswith(FORMULA_STARTS)
    assert not any(
        FORMULA.match(part) for part in re.split(r"[;\t\n\r]", cell)[1:] if part[:1] != "'"
    )
    assert "\x1b" not in written


def test_no_column_is_lost_where_two_have_one_name() -> None:
    joined = Answer(columns=("a", "b", "a", "a"), rows=[(1, 2, 3, 4)])

    assert joined.as_dicts() == [{"a": 1, "b": 2, "a_1": 3, "a_2": 4}]
