"""Grain: one row per scope_number, period_number and audience_quartile, or `all`: times to answer.

Quantiles of the Kaplan-Meier estimator (Kaplan & Meier 1958), on the wall clock and on the clock of
opening hours, and who asked: a person stands in the quartile of the largest audience that person
had in the period. Survival is the product of (1 - 1 / at risk) over the answers, one by one; that
is the estimate with ties too: with d answers at one time and n at risk, (n - 1)/n * (n - 2)/(n - 1)
* ... = (n - d)/n. A question stands in some thirty periods and in a quartile of each: questions are
put in order of time once, and people in order of their numbers once, for all.
"""

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
        ("people_count", pa.int64()),
        ("matured_posts", pa.int64()),
        ("answered_posts", pa.int64()),
        ("fewest_followers", pa.int64()),
    ]
)
HALF, A_TENTH = 0.5, 0.1
EVERYBODY = "all"
QUARTILES = ("unknown", "1", "2", "3", "4")
UNKNOWN = -1
ABOUT_TIMES = ("asked_date", "watched_seconds", "is_answered")
ABOUT_PEOPLE = ("asked_date", "followers_count", "matured_posts", "answered_posts")


def model(dbt, session):
    """The quantiles of every scope, period and audience, from the questions on both clocks."""
    dbt.config(materialized="table")
    scopes = table(dbt.ref("int_scopes"))
    periods = bounds(table(dbt.ref("int_period_days")))
    audiences = table(dbt.ref("int_audience_days"))
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


def quantiles(questions, scopes, periods, audiences=None):
    """Counts, median and 90th percentile by scope_number, period_number and audience_quartile.

    ``all`` is everybody, where anything was asked. Quartiles only where audiences are given, people
    by organisation, platform and day: then also who they are, a question or not.
    """
    watched, answered = (questions[name].to_numpy() for name in ABOUT_TIMES[1:])
    # in order of time, answers before ends of observation
    questions = questions.take(np.lexsort((~answered, watched)))
    # what an answer takes off the logarithm of survival while so many are at risk
    with np.errstate(divide="ignore"):
        steps = np.log1p(-1.0 / np.arange(1, questions.num_rows + 1))
    found = {}
    names = None
    if audiences is not None:
        audiences = audiences.sort_by("person_number")
        names = np.unique(audiences["person_number"].to_numpy())
    for scope, pairs in pairs_of_scopes(scopes):
        asked = columns(of_pairs(questions, pairs), ABOUT_TIMES, names)
        heard = {}
        if audiences is not None:
            heard = columns(of_pairs(audiences, pairs), ABOUT_PEOPLE, names)
        for period, first_day, last_day in periods:
            key = int(scope), int(period)
            chosen = within(asked["asked_date"], first_day, last_day)
            if len(chosen):
                found[*key, EVERYBODY] = told(asked, chosen, steps)
            if not heard:
                continue
            groups, quartiles = placed(heard, within(heard["asked_date"], first_day, last_day))
            asker_quartiles = quartiles[asked["person"][chosen]]
            for number, group in groups.items():
                part = chosen[asker_quartiles == number]
                found[*key, QUARTILES[number]] = told(asked, part, steps) | group
    return found


def pairs_of_scopes(scopes):
    """Each scope_number, and the organisation and platforms it stands for."""
    found = {}
    for row in scopes.to_pylist():
        found.setdefault(row["scope_number"], set()).add((row["organisation"], row["platform"]))
    return sorted(found.items())


def of_pairs(rows, pairs):
    """The rows of one organisation on some platforms, in the order in which they are."""
    ((organisation, *_), *_) = pairs
    platforms = pa.array(sorted(platform for _, platform in pairs))
    return rows.filter(
        pc.and_(
            pc.equal(rows["organisation"], organisation),
            pc.is_in(rows["platform"], value_set=platforms),
        )
    )


def columns(rows, wanted, names):
    """Columns as arrays; ``person`` is the place in ``names``, where these are given."""
    found = {name: rows[name] for name in wanted}
    if "followers_count" in found:
        found["followers_count"] = pc.fill_null(found["followers_count"], UNKNOWN)
    arrays = {name: column.to_numpy() for name, column in found.items()}
    if names is not None:
        arrays["person"] = np.searchsorted(names, rows["person_number"].to_numpy())
        arrays["names_count"] = len(names)
    return arrays


def within(days, first_day, last_day):
    """The places of the days from a first to a last one, in order."""
    return np.flatnonzero((days >= first_day) & (days <= last_day))


def placed(heard, chosen):
    """What the people of each quartile got, by number of the quartile; and the quartile of each.

    Args:
        heard: arrays of rows by person and day, in order of the person.
        chosen: places of the rows of a period.
    """
    quartiles = np.zeros(heard["names_count"], dtype=np.int8)
    if not len(chosen):
        return {}, quartiles
    persons = heard["person"][chosen]
    begins = np.flatnonzero(np.diff(persons, prepend=-1))
    followers = np.maximum.reduceat(heard["followers_count"][chosen], begins)
    matured, answered = (
        np.add.reduceat(heard[name][chosen], begins) for name in ("matured_posts", "answered_posts")
    )
    of_each = quartiles_of(followers)
    quartiles[persons[begins]] = of_each
    groups = {}
    for number in np.unique(of_each):
        members = of_each == number
        groups[int(number)] = {
            "people_count": int(np.count_nonzero(members)),
            "matured_posts": int(matured[members].sum()),
            "answered_posts": int(answered[members].sum()),
            "fewest_followers": int(followers[members].min()) if number else None,
        }
    return groups, quartiles


def quartiles_of(followers):
    """1 when less than a quarter of the people with a known audience have a smaller one, to 4.

    0 when the audience is unknown. People with as many followers stand together.
    """
    known = followers != UNKNOWN
    quartiles = known.astype(np.int8)
    ordered = np.sort(followers[known])
    for quarters in (1, 2, 3) if len(ordered) else ():
        # so many have fewer when there are more than the last of them has
        smaller_count = -(-quarters * len(ordered) // 4)
        quartiles += followers > ordered[smaller_count - 1]
    return quartiles


def told(asked, chosen, steps):
    """One row, of the questions at these places in the order of time."""
    is_answer = asked["is_answered"][chosen]
    # who stands first has all at risk, who stands last only himself
    curve = np.cumsum(np.where(is_answer, steps[: len(chosen)][::-1], 0.0))
    return {
        "questions_count": len(chosen),
        "answered_count": int(np.count_nonzero(is_answer)),
        "median_seconds": fallen(curve, asked["watched_seconds"], chosen, HALF),
        "p90_seconds": fallen(curve, asked["watched_seconds"], chosen, A_TENTH),
    }


def fallen(curve, watched, chosen, share):
    """When the curve has come down to this share; None where it does not fall that far."""
    # the tolerance forgives the last bits of the sum
    place = np.searchsorted(-curve, -(np.log(share) + 1e-10))
    return float(watched[chosen[place]]) if place < len(curve) else None
