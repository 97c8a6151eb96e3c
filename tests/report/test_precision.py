"""What the method says of how precise matching is."""

from datetime import date

import msgspec
import pytest

from pipeline.report.facts import Facts, Score
from pipeline.report.method import method
from pipeline.report.span import Span
from pipeline.report.words import Words

FACTS = Facts(
    organisation="Zon",
    own="Zon",
    rivals=("Maan",),
    owned_accounts=1,
    run_id=None,
    version=None,
    timezone="Europe/Amsterdam",
    published_at=None,
    collected_through=None,
    night=date(2026, 3, 2),
    first_day=date(2026, 1, 1),
    span=Span.of_night(date(2026, 3, 1)),
    floor=None,
    scores={},
    precision={
        "Zon": Score(value=0.9, denominator=50, low=0.7864, high=0.9565),
        "Maan": Score(value=1.0, denominator=2, low=0.34, high=1.0, too_few=True),
    },
)


@pytest.mark.parametrize(
    ("language", "said", "silent"),
    [
        ("en", "Of 50 posts picked at random", "is not known: too few are marked"),
        ("nl", "Van 50 willekeurig gekozen berichten", "is niet bekend"),
    ],
)
def test_precision_is_told_where_enough_is_marked(language: str, said: str, silent: str) -> None:
    words = Words(language)
    (told,) = [each for each in method(FACTS, words).reading if said in each]
    assert all(share in told for share in ("90", "79", "96"))
    assert "Maan" not in told
    assert not any(silent in each for each in method(FACTS, words).reading)
    unmarked = msgspec.structs.replace(FACTS, precision={})
    assert any(silent in each for each in method(unmarked, words).reading)
