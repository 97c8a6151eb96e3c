"""A whole night over real conversations agrees with plain loops, and those with pandas."""

from pathlib import Path

import pytest

from pipeline.night import Outcome
from tests.real.conversations import (
    LARGEST,
    Figures,
    Ours,
    Theirs,
    companies,
    expected,
    explain,
    measured,
    play,
    table,
    tweets,
)
from tests.shared import shared

SOURCE = shared("conversations", "twcs_5k.dev.csv")
EXPECTED = shared("conversations", "twcs_expected.dev.csv")
ROWS = tweets(SOURCE)
NAMES = companies(ROWS)
Measures = dict[str, dict[str, float | None]]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Measures]:
    outcome, published = play(tmp_path_factory.mktemp("conversations"), SOURCE)
    return outcome, measured(published)


@pytest.fixture(scope="module")
def theirs() -> Theirs:
    return Theirs(ROWS)


@pytest.fixture(scope="module")
def ours() -> Ours:
    return Ours(ROWS)


def test_the_night_reads_every_row(night: tuple[Outcome, Measures]) -> None:
    outcome, found = night
    assert outcome.status == "completed"
    assert outcome.posts == outcome.new_posts == len(ROWS)
    assert outcome.report is not None
    assert Path(outcome.report).stat().st_size > 10_000
    assert set(found) == set(NAMES)


@pytest.mark.parametrize("company", NAMES)
def test_the_published_measures_equal_the_loops(
    night: tuple[Outcome, Measures], ours: Ours, company: str
) -> None:
    found, reckoned = night[1][company], ours.figures(company)
    own, continued = found["own_posts"], found["continuations"]
    assert own is not None
    assert continued is not None
    assert own - continued == reckoned.own
    assert found["replies"] == reckoned.replies
    assert found["broadcasts"] == reckoned.broadcasts
    assert found["relays"] == 0
    assert own == sum(
        found[act] or 0 for act in ("replies", "broadcasts", "outreach", "continuations")
    )
    assert found["conversation_share"] == pytest.approx(_share(reckoned.replies, reckoned.own))
    assert found["response_rate_7d"] == pytest.approx(
        _share(len(reckoned.answered), len(reckoned.asked))
    )
    assert found["first_response_seconds_median"] == reckoned.median
    assert found["first_response_seconds_p90"] == reckoned.p90


@pytest.mark.parametrize("company", NAMES)
def test_the_figures_reckoned_elsewhere_equal_the_loops(theirs: Theirs, company: str) -> None:
    there, reckoned = expected(EXPECTED)[company], theirs.figures(company)
    times = [seconds for seconds in reckoned.clocks.values() if seconds is not None]
    assert there["company_tweets"] == reckoned.own
    assert there["replies"] == reckoned.replies
    assert there["broadcasts"] == reckoned.broadcasts
    assert there["inbound_all"] == len(reckoned.asked)
    assert there["inbound_answered"] == len(reckoned.answered)
    assert there["first_contacts"] == len(reckoned.clocks)
    assert there["answered"] == len(times)
    assert there["first_response_median_s"] == pytest.approx(reckoned.median, abs=0.051)
    assert there["first_response_p90_s"] == pytest.approx(reckoned.p90, abs=0.051)


@pytest.mark.parametrize("company", NAMES[:LARGEST])
def test_every_difference_has_its_definition(theirs: Theirs, ours: Ours, company: str) -> None:
    one, other = theirs.figures(company), ours.figures(company)
    told = " ".join(explain(theirs, ours, company))
    assert (one.own != other.own) == ("share:" in told)
    assert (one.broadcasts != other.broadcasts) == ("acts:" in told)
    assert ((one.asked, one.answered) != (other.asked, other.answered)) == ("rate:" in told)
    assert (_times(one) != _times(other)) <= ("time:" in told)


def test_the_table_has_a_line_for_each_of_the_largest(night: tuple[Outcome, Measures]) -> None:
    lines = table(ROWS, expected(EXPECTED), night[1]).splitlines()
    assert [line.split()[0] for line in lines[1:] if not line.startswith(" ")] == NAMES[:LARGEST]


def _times(figures: Figures) -> tuple[float | None, float | None]:
    return figures.median, figures.p90


def _share(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None
