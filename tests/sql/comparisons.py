"""Marts of the random towns beside what plain loops say: each comparison fails on a difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from math import exp, log
from typing import Any

import networkx as nx
import pytest
from duckdb import DuckDBPyConnection

from tests.sql import reference, towns
from tests.sql.comparisons_over_time import changes, coverage, peaks, peaks_hourly
from tests.sql.fault import USES
from tests.sql.reference_conversations import edges
from tests.sql.towns import MINIMUM_N, Key, rows

Compare = Callable[[DuckDBPyConnection, str], None]


def scorecard(connection: DuckDBPyConnection, measure: str) -> None:
    """Value, numerator and denominator of one measure in every period, on every platform."""
    found = {
        (row["organisation"], row["platform"], row["period_grain"], row["period_start"]): (
            *(row[name] for name in ("value", "numerator", "denominator")),
        )
        for row in rows(
            connection, "select * from intermediate.int_measures where measure = ?", measure
        )
    }
    known = {key[:-1]: cell for key, cell in towns.reckoned().cells.items() if key[-1] == measure}
    assert known, measure
    for key, cell in known.items():
        assert found.pop(key) == pytest.approx(cell, abs=1e-9), (*key, measure)
    assert not [key for key, cell in found.items() if cell[0] or cell[1]]


def intervals(connection: DuckDBPyConnection, measure: str) -> None:
    """Wilson's bounds of every share."""
    found = rows(connection, "select * from intermediate.int_measures where low is not null")
    assert len(found) > 1000
    for row in found:
        bounds = reference.wilson(row["numerator"], row["denominator"])
        assert (row["low"], row["high"]) == pytest.approx(bounds, abs=1e-12), row


def too_few(connection: DuckDBPyConnection, measure: str) -> None:
    """Rates over fewer than ten are too few; nothing else is."""
    found = rows(connection, "select denominator, too_few from marts.scorecard")
    assert {row["denominator"] for row in found} >= {9, 10}
    for row in found:
        assert row["too_few"] == (row["denominator"] is not None and row["denominator"] < 10)


def _scopes() -> Iterator[tuple[Key, list[towns.Part]]]:
    for key, parts in towns.reckoned().filed.items():
        if key[2] == "all":
            yield key[:2], list(parts.values())


def response_curve(connection: DuckDBPyConnection, measure: str) -> None:
    """The Kaplan-Meier curve, step by step."""
    for (organisation, platform), parts in _scopes():
        spells = []
        for town, part in parts:
            for fact in part:
                at = town.time(fact.post)
                if fact.role == "addressed" and fact.starts and at <= town.through:
                    ended = fact.answered is not None and fact.answered <= town.through
                    until = fact.answered if ended and fact.answered else town.through
                    spells.append(((until - at).total_seconds(), ended))
        survival, curve = 0.0, []
        for seconds in sorted({each for each, _ in spells}):
            risk = sum(each >= seconds for each, _ in spells)
            ends = [ended for each, ended in spells if each == seconds]
            survival += log(1 - sum(ends) / risk) if sum(ends) < risk else float("-inf")
            curve.append((seconds, risk, sum(ends), len(ends) - sum(ends), exp(survival)))
        found = connection.execute(
            "select seconds, at_risk_count, answered_count, censored_count, survival "
            "from marts.response_curve where organisation = ? and platform = ? order by seconds",
            [organisation, platform],
        ).fetchall()
        assert len(found) == len(curve)
        for row, step in zip(found, curve, strict=True):
            assert row == pytest.approx(step, abs=1e-9), (organisation, platform)


def open_queue(connection: DuckDBPyConnection, measure: str) -> None:
    """As many wait as the scorecard says, and nobody longer."""
    found = {
        (row["organisation"], row["platform"]): (row["waiting"], row["longest"])
        for row in rows(
            connection,
            "select organisation, platform, count(*) as waiting, max(waiting_seconds) as longest "
            "from marts.open_queue group by organisation, platform",
        )
    }
    cells = towns.reckoned().cells
    for (organisation, platform), _ in _scopes():
        if platform != "all":
            where = (organisation, platform, "all", _first_day())
            known = tuple(
                cells[(*where, name)][0] for name in ("open_queue", "oldest_waiting_seconds")
            )
            assert found.pop((organisation, platform), (0, None)) == known
    assert not found


def _first_day() -> date:
    return towns.BEGIN.astimezone(reference.ZONE).date()


def uses(connection: DuckDBPyConnection, measure: str) -> None:
    """Demand beside attention, what was unmet, and how it sounds."""
    reckoned = towns.reckoned()
    found = {
        (*(row[name] for name in ("organisation", "platform", "period_grain", "period_start")),
         row["purpose"]): row
        for row in rows(connection, "select * from marts.uses")
    }  # fmt: skip
    for key, parts in reckoned.filed.items():
        told = {
            name: {use: reckoned.cells[(*key, f"{name}_{use}")] for use in USES}
            for name in ("demand", "attention", "response_rate_24h")
        }
        sums = {
            name: sum(cell[0] or 0 for cell in told[name].values())
            for name in ("demand", "attention")
        }
        for use in USES:
            row = found[(*key, use)]
            for name, total in sums.items():
                count = told[name][use][0] or 0
                assert row[f"{name}_posts"] == count
                assert row[f"{name}_share"] == pytest.approx(count / total if total else None)
            rate, answered, matured = told["response_rate_24h"][use]
            got = (row["response_rate_24h"], row["answered_posts"], row["matured_posts"])
            assert got == pytest.approx((rate, answered, matured))
            assert row["unmet_posts"] == (matured or 0) - (answered or 0)
            assert row["too_few"] == ((matured or 0) < MINIMUM_N)
            felt = [
                fact.post["sentiment"]
                for _, part in parts.values()
                for fact in part
                if fact.role in reference.VOICES
                and reference.read_in(fact.post, "purpose") == use
                and fact.post["sentiment"]
            ]
            balance = felt.count("positive") - felt.count("negative")
            assert row["net_sentiment"] == pytest.approx(balance / len(felt) if felt else None)


def networks_weekly(connection: DuckDBPyConnection, measure: str) -> None:
    """Speakers, ties and the shape of each week."""
    cells = towns.reckoned().cells
    found = rows(connection, "select * from marts.networks_weekly")
    weeks = [key for key in towns.reckoned().filed if key[2] == "week"]
    told = {(row["organisation"], row["platform"], row["week"]) for row in found}
    assert told >= {(*key[:2], key[3]) for key in weeks if cells[(*key, "isolate_share")][2]}
    for row in found:
        where = (row["organisation"], row["platform"], "week", row["week"])
        alone, mutual = (cells[(*where, name)] for name in ("isolate_share", "edge_reciprocity"))
        counts = (row["nodes_count"], row["isolates_count"], row["edges_count"])
        assert counts == (alone[2], alone[1], mutual[2]), where
        for name in ("density", "in_centralization", "out_centralization", "isolate_share"):
            assert row[name] == pytest.approx(cells[(*where, name)][0]), (*where, name)
        assert row["too_few"] == (row["nodes_count"] < MINIMUM_N)
        assert row["shape"] == (None if row["too_few"] else _shape(row)), where
    assert len({row["shape"] for row in found}) > 2


def _shape(row: dict[str, Any]) -> str:
    """The first that fits, by the stated cut-offs."""
    into, out = row["in_centralization"], row["out_centralization"]
    if max(into, out) >= 0.4:
        return "broadcast" if into >= out else "support"
    if row["isolate_share"] >= 0.5:
        return "fragmented"
    if (row["modularity"] or 0) >= 0.4:
        return "polarised" if row["two_largest_share"] >= 0.8 else "clustered"
    return "tight" if row["density"] >= 0.05 else "loose"


def modularity(connection: DuckDBPyConnection, measure: str) -> None:
    """As good a division of each week's ties as networkx finds, and no better than can be."""
    found = {
        (row["organisation"], row["platform"], row["period_start"]): row
        for row in rows(
            connection, "select * from intermediate.int_measures where measure = 'modularity'"
        )
        if row["period_grain"] == "week" and row["value"] is not None
    }
    seen = 0
    for key, parts in towns.reckoned().filed.items():
        ties = edges(list(parts.values())) if key[2] == "week" else set()
        if not ties:
            continue
        graph = nx.Graph(list(ties))
        theirs = nx.community.louvain_communities(graph, seed=1)
        best = nx.community.modularity(graph, theirs)
        row = found.pop((*key[:2], key[3]))
        assert best - 0.1 <= row["value"] <= best + 0.1, key
        assert row["denominator"] == graph.number_of_nodes()
        seen += 1
    assert seen > 50
    assert not found


def response_by_audience(connection: DuckDBPyConnection, measure: str) -> None:
    """Every quartile of audience, silent ones included."""
    found = connection.execute(
        """
        select
            organisation, platform, period_grain, period_start, audience_quartile,
            people_count, followers_from, matured_posts, answered_posts,
            questions_count, questions_answered, first_response_seconds_median,
            response_rate_24h, response_rate_low, response_rate_high, too_few
        from marts.response_by_audience
        """
    ).fetchall()
    known = towns.expected_audiences()
    assert len(known) > 1500
    assert {key[-1] for key in known} == {"1", "2", "3", "4", "unknown"}
    for row in found:
        values = known.pop(row[:5], (0, None, 0, 0, 0, 0, None))
        assert row[5:12] == pytest.approx(values), row[:5]
        matured, answered = values[2:4]
        bounds = reference.wilson(answered, matured) if matured else (None, None)
        rate = answered / matured if matured else None
        assert row[12:15] == pytest.approx((rate, *bounds)), row[:5]
        assert row[15] == (matured < MINIMUM_N)
    assert not known


def incidents(connection: DuckDBPyConnection, measure: str) -> None:
    """Sources that failed last night, or gave nothing where much was usual."""
    known = {}
    for town in towns.TOWNS:
        runs = towns.runs_of(town)
        complete = [run for run in runs if run["status"] == "complete"]
        steps = [
            ((run["asked_through"] - one["asked_through"]).total_seconds(), run["new_posts_count"])
            for one, run in pairwise(complete)
        ]
        last = runs[-1]
        past = steps[:-1] if last is complete[-1] else steps
        pace = sum(count for _, count in past) / sum(seconds for seconds, _ in past)
        if last["status"] != "complete":
            known[f"{town} source"] = ("failed", pace * 86400)
        elif not last["new_posts_count"] and pace * steps[-1][0] >= 10:
            known[f"{town} source"] = ("fell_silent", pace * steps[-1][0])
    found = rows(connection, "select * from intermediate.int_incidents")
    assert {kind for kind, _ in known.values()} == {"failed", "fell_silent"}
    assert {row["source"]: row["incident"] for row in found} == {
        source: kind for source, (kind, _) in known.items()
    }
    for row in found:
        assert row["usual_posts"] == pytest.approx(known[row["source"]][1])


COMPARISONS: dict[str, tuple[Compare, set[str]]] = {
    "scorecard": (scorecard, {"int_measures"}),
    "intervals": (intervals, {"int_measures"}),
    "too_few": (too_few, {"scorecard"}),
    "coverage": (coverage, {"int_coverage_periods"}),
    "changes": (changes, {"int_changes"}),
    "peaks": (peaks, {"int_peaks"}),
    "peaks_hourly": (peaks_hourly, {"int_hourly_peaks"}),
    "response_curve": (response_curve, {"response_curve"}),
    "open_queue": (open_queue, {"open_queue"}),
    "uses": (uses, {"uses"}),
    "networks_weekly": (networks_weekly, {"networks_weekly"}),
    "modularity": (modularity, {"int_measures"}),
    "response_by_audience": (response_by_audience, {"response_by_audience"}),
    "incidents": (incidents, {"int_incidents"}),
}
"""What is compared, and the models it reads."""
