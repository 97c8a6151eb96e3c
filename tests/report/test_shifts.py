"""Giving, individuals, the network and the six uses: the page says what the scorecard says."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.analysis import ask
from pipeline.report import Report, write_report
from tests.report.published import changed
from tests.report.test_report import OWN, page, rows_of, sentences, sql_of

RIVAL = "Tweewielerhuis De Kaag"
LAST_DAY = date(2026, 3, 15)
START = LAST_DAY - timedelta(days=27)
LAST_WEEK = date(2026, 3, 9)


def score(
    published: Path,
    measure: str,
    *,
    name: str = OWN,
    grain: str = "rolling_28d",
    start: date = START,
) -> dict[str, Any]:
    (row,) = ask(
        published,
        f"""select * from marts.scorecard where platform = 'all' and organisation = '{name}'
        and measure = '{measure}' and period_grain = '{grain}' and period_start = '{start}'""",
    ).as_dicts()
    return row


def test_the_story_is_told_in_its_order(english: Report) -> None:
    assert [node.text(strip=True) for node in page(english).css(".contents a")] == [
        "Today in five lines",
        "Who listens?",
        "Do we send or listen?",
        "Do we answer?",
        "Do we give?",
        "Do we see individuals?",
        "What network is forming?",
        "What for?",
        "In what mood?",
        "What to do next?",
        "How we know this",
    ]


def test_every_shift_is_asked_in_dutch(dutch: Report) -> None:
    asked = [node.text(strip=True) for node in page(dutch).css(".chapter h2")]

    assert asked[3:7] == [
        "Geven we iets?",
        "Zien we individuen?",
        "Welk netwerk ontstaat er?",
        "Waarvoor?",
    ]


def test_nothing_that_is_measured_is_called_unmeasured(english: Report, dutch: Report) -> None:
    for report, word in ((english, "not measured in this version"), (dutch, "in deze versie")):
        node = page(report).css_first("#method")
        assert node is not None
        assert word not in node.text()


def test_the_give_share_has_its_interval_and_n(english: Report, published: Path) -> None:
    found = score(published, "give_share")
    told = sentences(english, "give-share")

    assert (
        f"{found['value']:.0%} (95%: {found['low']:.0%} to {found['high']:.0%}, "
        f"n = {found['denominator']:.0f}) gave"
    ) in told
    ratio = found["numerator"] / (found["denominator"] - found["numerator"])
    assert f"Against every post that takes stand {ratio:.1f} that give." in told
    assert rows_of(english, "give-share")[0][:3] == [
        "15 March 2026",
        f"{found['value']:.0%}",
        f"{found['denominator']:.0f}",
    ]


@pytest.mark.parametrize(
    ("gave", "told"),
    [
        (20, "None of them asked for something in return."),
        pytest.param(
            19, "Against every post that takes stand 19 that give.", marks=pytest.mark.thorough
        ),
        (5, "Against every post that gives stand 3.0 that take."),
    ],
)
def test_giving_and_taking_are_set_against_each_other(
    published: Path, tmp_path: Path, gave: int, told: str
) -> None:
    statement = f"""update marts.scorecard set numerator = {gave}, denominator = 20,
        value = {gave} / 20, too_few = false where measure = 'give_share'"""

    report = write_report(changed(published, tmp_path, (statement, ())), tmp_path, language="en")

    assert told in sentences(report, "give-share")


def test_the_mix_of_models_is_that_of_the_scorecard(english: Report, published: Path) -> None:
    labels = {
        "press_agentry_share": "promotes",
        "public_information_share": "informs",
        "two_way_asymmetrical_share": "asks for its own sake",
        "two_way_symmetrical_share": "converses as an equal",
    }
    told = {row[0]: row[1:] for row in rows_of(english, "pr-models")}

    for name in (OWN, RIVAL):
        for measure, label in labels.items():
            found = score(published, measure, name=name)
            assert told[f"{name}: {label}"] == [
                f"{found['value']:.0%}",
                f"{found['numerator']:.0f}",
                f"{found['denominator']:.0f}",
            ]


def test_people_are_counted_and_their_shares_are_shares(english: Report, published: Path) -> None:
    told = {row[0]: row[1:] for row in rows_of(english, "people-answered")}
    people = score(published, "people_answered")["value"]

    assert told[f"{OWN}: people answered"] == ["–", "–", f"{people:.0f}", "–"]
    assert f"answered {people:.0f} people" in sentences(english, "people-answered")
    for measure, label in (
        ("people_answered_share", "got an answer"),
        ("repeat_converser_share", "came back"),
        ("personal_address_share", "personal answers"),
    ):
        found = score(published, measure)
        assert told[f"{OWN}: {label}"][0] == f"{found['value']:.0%}"
        assert told[f"{OWN}: {label}"][2:] == [
            f"{found['numerator']:.0f}",
            f"{found['denominator']:.0f}",
        ]


def test_concentration_is_a_number_and_not_a_percentage(english: Report, published: Path) -> None:
    found = score(published, "answer_gini")

    assert rows_of(english, "answer-gini")[0][1:3] == [
        f"{found['value']:.2f}",
        f"{found['denominator']:.0f}",
    ]
    assert f"answers was {found['value']:.2f}" in sentences(english, "answer-gini")
    assert not [cell for row in rows_of(english, "answer-gini") for cell in row if "%" in cell]


def quartile(published: Path, name: str) -> dict[str, Any]:
    (row,) = ask(
        published,
        f"""select * from marts.response_by_audience
        where platform = 'all' and organisation = '{OWN}' and audience_quartile = '{name}'
        and period_grain = 'rolling_28d'
        and period_start = '{START}'""",
    ).as_dicts()
    return row


def test_quartiles_of_audience_are_those_of_the_mart(english: Report, published: Path) -> None:
    told = {row[0]: row[1:] for row in rows_of(english, "audience")}
    for name, label in (("1", "smallest audience"), ("unknown", "audience unknown")):
        found = quartile(published, name)
        assert told[f"{OWN}: {label}"] == [
            f"{found['response_rate_24h']:.0%}",
            f"{found['response_rate_low']:.0%} – {found['response_rate_high']:.0%}",
            f"{found['answered_posts']}",
            f"{found['matured_posts']}",
        ]
    large, unknown = quartile(published, "4"), quartile(published, "unknown")
    assert f"have {large['followers_from']:,} followers or more" in sentences(english, "audience")
    assert f"Of {unknown['matured_posts']} posts the size" in sentences(english, "audience")


@pytest.mark.parametrize(
    ("small", "large", "verdict"),
    [
        ((0.1, 0.2), (0.3, 0.4), "The loud are heard more"),
        pytest.param((0.3, 0.4), (0.1, 0.2), "The loud are heard less", marks=pytest.mark.thorough),
        ((0.1, 0.3), (0.2, 0.4), "The two intervals meet"),
        pytest.param((0.1, 0.3), None, "", marks=pytest.mark.thorough),
    ],
)
def test_the_loud_are_heard_more_only_when_the_intervals_say_so(
    published: Path,
    tmp_path: Path,
    small: tuple[float, float],
    large: tuple[float, float] | None,
    verdict: str,
) -> None:
    statements = [
        (
            """update marts.response_by_audience set response_rate_24h = ($1 + $2) / 2,
            response_rate_low = $1, response_rate_high = $2, too_few = $3, matured_posts = 20
            where audience_quartile = $4""",
            (*(bounds or (0.3, 0.4)), bounds is None, name),
        )
        for name, bounds in (("1", small), ("4", large))
    ]

    report = write_report(changed(published, tmp_path, *statements), tmp_path, language="en")

    told = sentences(report, "audience")
    assert verdict in told
    assert verdict or not any(word in told for word in ("The loud", "intervals"))
    assert bool(large) or "too few" in told


def test_the_network_is_told_of_the_last_whole_week(english: Report, published: Path) -> None:
    def week(measure: str) -> dict[str, Any]:
        return score(published, measure, grain="week", start=LAST_WEEK)

    alone, mutual = week("isolate_share"), week("edge_reciprocity")
    told = rows_of(english, "network-size")
    assert told[0][:4] == [
        "9 March 2026",
        f"{alone['denominator']:.0f}",
        f"{alone['numerator']:.0f}",
        f"{mutual['denominator']:.0f}",
    ]
    density = week("density")["value"]
    assert 0.001 < density < 0.1, "two digits would say little"
    assert float(told[0][4]) == float(f"{density:.2g}")
    assert rows_of(english, "network-mutual")[0][1:5] == [
        f"{mutual['value']:.0%}",
        f"{mutual['denominator']:.0f}",
        f"{week('customer_to_customer_share')['value']:.0%}",
        f"{mutual['denominator']:.0f}",
    ]
    assert rows_of(english, "network-centre")[0] == [
        "9 March 2026",
        f"{week('in_centralization')['value']:.2f}",
        f"{alone['denominator']:.0f}",
        f"{week('out_centralization')['value']:.2f}",
        f"{alone['denominator']:.0f}",
    ]
    assert "In the week of 9 March 2026" in sentences(english, "network-mutual")


@pytest.mark.parametrize(
    ("into", "out", "shape"),
    [
        (0.8, 0.2, "the shape of a stage"),
        pytest.param(0.2, 0.8, "the shape of a helpdesk", marks=pytest.mark.thorough),
        pytest.param(0.6, 0.45, "there and back", marks=pytest.mark.thorough),
        (0.39, 0.2, "Neither is high"),
    ],
)
def test_the_centre_has_a_shape(
    published: Path, tmp_path: Path, into: float, out: float, shape: str
) -> None:
    statements = [
        (f"update marts.scorecard set value = {value} where measure = '{measure}'", ())
        for measure, value in (("in_centralization", into), ("out_centralization", out))
    ]

    report = write_report(changed(published, tmp_path, *statements), tmp_path, language="en")

    assert shape in sentences(report, "network-centre")


USES = {
    "service": "service",
    "knowledge": "sharing knowledge",
    "image": "image",
    "sales": "sales",
    "product": "product development",
    "internal": "work and vacancies",
}


def test_demand_stands_beside_attention(english: Report, published: Path) -> None:
    told = {row[0]: row[1:] for row in rows_of(english, "demand")}
    demand = {use: score(published, f"demand_{use}")["value"] for use in USES}
    attention = {use: score(published, f"attention_{use}")["value"] for use in USES}

    for use, label in USES.items():
        assert told[label][0] == f"{demand[use]:.0f}"
        assert told[label][1] == f"{demand[use] / sum(demand.values()):.0%}"
        assert told[label][3] == f"{attention[use]:.0f}"
        assert told[label][4] == f"{attention[use] / sum(attention.values()):.0%}"
    assert len(sql_of(english, "demand")) == 1


def test_the_widest_gaps_are_named(published: Path, tmp_path: Path) -> None:
    counts = {
        "demand_service": 60,
        "demand_sales": 40,
        "attention_sales": 90,
        "attention_image": 10,
    }
    statements = [
        (
            "update marts.scorecard set value = 0 where measure similar to '(demand|attention)_.*'",
            (),
        ),
        *(
            (f"update marts.scorecard set value = {count} where measure = '{measure}'", ())
            for measure, count in counts.items()
        ),
    ]

    report = write_report(changed(published, tmp_path, *statements), tmp_path, language="nl")

    told = sentences(report, "demand")
    assert "het meest voor service: 60% van hun 100 berichten met een doel" in told
    assert "schrijft het meest over verkoop: 90% van 100 berichten met een doel" in told
    assert "Grootste tekort: service is 60% van waar anderen voor komen en 0%" in told
    assert "Grootste overschot: verkoop is 90% van de eigen berichten en 40%" in told


def test_a_use_below_the_floor_is_named_with_its_n(published: Path, tmp_path: Path) -> None:
    statement = """update marts.scorecard set denominator = 4, too_few = true
        where measure = 'response_rate_24h_image'"""

    report = write_report(changed(published, tmp_path, (statement, ())), tmp_path, language="en")

    few = sentences(report, "uses-answered").split("Too few to give a share:")[1]
    assert "image (n = 4)" in few
    assert "service" not in few
    told = {row[0]: row[1:] for row in rows_of(report, "uses-answered")}
    assert told[f"{OWN}: image"][:2] == ["too few", "–"]


def test_where_every_post_tells_its_model_no_rest_is_spoken_of(
    published: Path, tmp_path: Path
) -> None:
    statement = """update marts.scorecard set too_few = false,
        value = if(measure = 'two_way_symmetrical_share', 1, 0)
        where measure in ('press_agentry_share', 'public_information_share',
            'two_way_asymmetrical_share', 'two_way_symmetrical_share')"""

    report = write_report(changed(published, tmp_path, (statement, ())), tmp_path, language="en")

    assert "One way is 0%, both ways 100%." in sentences(report, "pr-models")


def test_opening_hours_are_told_when_there_are_any(published: Path, tmp_path: Path) -> None:
    statement = """update marts.scorecard set value = 7200, too_few = false
        where measure in ('first_response_open_seconds_median', 'first_response_seconds_median')"""

    report = write_report(changed(published, tmp_path, (statement, ())), tmp_path, language="nl")

    told = sentences(report, "answer-curve")
    in_hours = "Alleen in openingsuren gerekend: de helft binnen 2 uur."
    assert in_hours in told
    # what is told of the period alone comes after all that is told of the whole time
    assert told.index(in_hours) < told.index(f"Van wie {OWN} in de laatste 28 dagen aansprak")


def test_who_addressed_us_is_not_said_to_have_asked(published: Path, tmp_path: Path) -> None:
    """Of what asks for an answer, told beside it, another share is answered."""
    report = write_report(published, tmp_path, language="nl")

    curve = sentences(report, "answer-curve")
    assert f"van wie {OWN} aanspreekt" in curve
    assert "vra" not in curve + report.headlines[2]
    assert f"De helft van wie {OWN} aanspreekt, heeft binnen" in report.headlines[2]


def test_a_company_without_competitors_has_its_whole_story(published: Path, tmp_path: Path) -> None:
    alone = changed(
        published,
        tmp_path,
        ("delete from marts.organisations where organisation <> ?", [OWN]),
    )

    report = write_report(alone, tmp_path, language="en")

    for exhibit in ("give-share", "pr-models", "people-answered", "network-mutual", "demand"):
        assert "comparison" not in sentences(report, exhibit)
        assert page(report).css(f"#{exhibit} svg[role=img]")
