"""Grain: one row per scope_number, period_number and audience_quartile, or `all`: times to answer.

Quantiles of the Kaplan-Meier estimator (Kaplan & Meier 1958), on the wall clock and on the clock of
opening hours. Survival is the product of (1 - 1 / at risk) over the answers, one by one; that is
the estimate with ties too: with d answers at one time and n at risk, (n - 1)/n * (n - 2)/(n - 1)
* ... = (n - d)/n. A question stands in some thirty periods and in a quartile of each: it is put in
order once, for all.
"""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SCHEMA = pa.schema(
    [
        ("scope_number", pa.int32()),
        ("period_number", pa.int32()),
        ("audience_quartile", pa.string()),
        ("questions_count", pa.int64()),
        ("answered_count", pa.int64()),
        ("median_seconds", pa.float64()),
        ("p90_seconds", pa.float64()),
        ("open_median_seconds", pa.float64()),
    ]
)
HALF, A_TENTH = 0.5, 0.1
EVERYBODY = "all"
PLACED = ("scope_number", "period_number", "person_number", "audience_quartile")


def model(dbt, session):
    """The quantiles of every scope, period and audience, from the questions on both clocks."""
    dbt.config(materialized="table")
    scopes = table(dbt.ref("int_scopes"))
    periods = bounds(table(dbt.ref("int_period_days")))
    audiences = by_period(table(dbt.ref("int_audience_people").select(*PLACED)))
    wall = quantiles(table(dbt.ref("int_questions")), scopes, periods, audiences)
    office = quantiles(table(dbt.ref("int_open_questions")), scopes, periods)
    found = [
        {
            "scope_number": scope,
            "period_number": period,
            "audience_quartile": quartile,
            **row,
            "open_median_seconds": office.get((scope, period, quartile), {}).get("median_seconds"),
        }
        for (scope, period, quartile), row in wall.items()
    ]
    return pa.Table.from_pylist(found, schema=SCHEMA)


def table(relation):
    """A relation in memory, whatever engine holds it."""
    return pa.table(relation.to_arrow_table())


def bounds(period_days):
    """Number, first and last day of every period."""
    days = period_days.group_by("period_number").aggregate(
        [("calendar_date", "min"), ("calendar_date", "max")]
    )
    names = ("period_number", "calendar_date_min", "calendar_date_max")
    return list(zip(*(days[name].to_numpy() for name in names), strict=True))


def by_period(people):
    """Of every scope_number and period_number the people in order, and the quartile of each."""
    scopes, periods, persons = (people[name].to_numpy() for name in PLACED[:3])
    order = np.lexsort((persons, periods, scopes))
    scopes, periods, persons = scopes[order], periods[order], persons[order]
    names = people["audience_quartile"].to_numpy(zero_copy_only=False)[order]
    ends = np.flatnonzero((np.diff(scopes) != 0) | (np.diff(periods) != 0)) + 1
    return {
        (int(scopes[begin]), int(periods[begin])): (persons[begin:end], names[begin:end])
        for begin, end in pairwise([0, *ends, len(order)])
        if begin < end
    }


def quantiles(questions, scopes, periods, audiences=None):
    """Counts, median and 90th percentile by scope_number, period_number and audience_quartile.

    Only those with a question; ``all`` is everybody. Quartiles only where audiences are given.
    """
    watched, answered = (questions[name].to_numpy() for name in ("watched_seconds", "is_answered"))
    # in order of time, answers before ends of observation
    order = np.lexsort((~answered, watched))
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    watched, answered = watched[order], answered[order]
    persons = questions["person_number"].to_numpy()[order] if audiences else None
    # what an answer takes off the logarithm of survival while so many are at risk
    with np.errstate(divide="ignore"):
        steps = np.log1p(-1.0 / np.arange(1, len(order) + 1))
    found = {}
    for scope, days, members in by_scope(questions, scopes):
        for period, first_day, last_day in periods:
            begin = np.searchsorted(days, first_day, side="left")
            end = np.searchsorted(days, last_day, side="right")
            if begin == end:
                continue
            key = int(scope), int(period)
            chosen = np.sort(places[members[begin:end]])
            found[*key, EVERYBODY] = told(watched, answered, chosen, steps)
            for quartile, part in parts(chosen, persons, audiences, key):
                found[*key, quartile] = told(watched, answered, part, steps)
    return found


def parts(chosen, persons, audiences, key):
    """Those of the chosen places whose people have the same audience, and the name of that."""
    if not audiences:
        return
    known, names = audiences[key]
    of_each = names[np.searchsorted(known, persons[chosen])]
    for quartile in np.unique(of_each.astype(str)):
        yield str(quartile), chosen[of_each == quartile]


def by_scope(questions, scopes):
    """Each scope_number with the days of its questions in order, and the rows these are."""
    pairs = pc.binary_join_element_wise(questions["organisation"], questions["platform"], "\n")
    coded = pairs.combine_chunks().dictionary_encode()
    codes, names = coded.indices.to_numpy(), coded.dictionary.to_pylist()
    asked = questions["asked_date"].to_numpy()
    for scope in sorted(set(scopes["scope_number"].to_pylist())):
        of_it = scopes.filter(pc.equal(scopes["scope_number"], scope))
        wanted = {f"{row['organisation']}\n{row['platform']}" for row in of_it.to_pylist()}
        members = np.flatnonzero(
            np.isin(codes, [names.index(name) for name in wanted if name in names])
        )
        members = members[np.argsort(asked[members], kind="stable")]
        yield scope, asked[members], members


def told(watched, answered, chosen, steps):
    """One row, of the questions at these places in the order of time."""
    is_answer = answered[chosen]
    # who stands first has all at risk, who stands last only himself
    curve = np.cumsum(np.where(is_answer, steps[: len(chosen)][::-1], 0.0))
    return {
        "questions_count": len(chosen),
        "answered_count": int(np.count_nonzero(is_answer)),
        "median_seconds": fallen(curve, watched, chosen, HALF),
        "p90_seconds": fallen(curve, watched, chosen, A_TENTH),
    }


def fallen(curve, watched, chosen, share):
    """When the curve has come down to this share; None where it does not fall that far."""
    # the tolerance forgives the last bits of the sum
    place = np.searchsorted(-curve, -(np.log(share) + 1e-10))
    return float(watched[chosen[place]]) if place < len(curve) else None
