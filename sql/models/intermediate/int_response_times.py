"""Grain: one row per scope_number, period_number and audience_quartile, or `all`: times to answer.

Quantiles of the Kaplan-Meier estimator (Kaplan & Meier 1958), on the wall clock and on the clock of
opening hours, and who asked: a person stands in the quartile of the largest audience that person
had in the period. Survival is the product of (1 - 1 / at risk) over the answers, one by one; that
is the estimate with ties too: with d answers at one time and n at risk, (n - 1)/n * (n - 2)/(n - 1)
* ... = (n - d)/n. A question stands in some thirty periods and in a quartile of each: questions are
put in order of time once, and people in order of their numbers once, for all.

On a night that adds, a scope and period with the print of the last build is not reckoned again
where its rows are settled: all who were still waiting had waited longer than any time found, so
that waiting longer moves none. Where no time was found, waiting longer finds none either: survival
only grows.
"""

from concurrent.futures import ThreadPoolExecutor

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
        ("is_settled", pa.bool_()),
        ("group_print", pa.string()),
    ]
)
HALF, A_TENTH = 0.5, 0.1
EVERYBODY = "all"
QUARTILES = ("unknown", "1", "2", "3", "4")
UNKNOWN = -1
AT_ONCE = 2
WHERE = ("organisation", "platform")
ABOUT_TIMES = ("asked_date", "watched_seconds", "is_answered")
ABOUT_PEOPLE = ("asked_date", "followers_count", "matured_posts", "answered_posts")


def model(dbt, session):
    """The quantiles of every scope, period and audience, from the questions on both clocks."""
    dbt.config(materialized="incremental")
    prints = prints_of(table(dbt.ref("int_talk_prints")))
    scopes = table(dbt.ref("int_scopes"))
    period_days = table(dbt.ref("int_period_days"))
    questions = table(dbt.ref("int_questions").select(*WHERE, *ABOUT_TIMES, "person_number"))
    open_questions = table(dbt.ref("int_open_questions").select(*WHERE, *ABOUT_TIMES))
    audiences = table(dbt.ref("int_audience_days").select(*WHERE, *ABOUT_PEOPLE, "person_number"))
    before = session.table(str(dbt.this)).to_arrow_table() if dbt.is_incremental else None
    kept = still_true(before, prints)
    wanted = prints.keys() - {(row["scope_number"], row["period_number"]) for row in kept}
    found = times(questions, open_questions, audiences, scopes, bounds(period_days), wanted)
    fresh = [row | {"group_print": prints[pair(row)]} for row in found]
    return pa.Table.from_pylist([*kept, *fresh], schema=SCHEMA)


def prints_of(rows):
    """The print of each scope_number and period_number."""
    return {pair(row): str(row["group_print"]) for row in rows.to_pylist()}


def pair(row):
    """What a row is about."""
    return row["scope_number"], row["period_number"]


def still_true(before, prints):
    """The rows of the last build that another reckoning would not change."""
    rows = before.to_pylist() if before is not None else []
    moved = {
        pair(row)
        for row in rows
        if not row["is_settled"] or prints.get(pair(row)) != row["group_print"]
    }
    return [row for row in rows if pair(row) not in moved]


def times(questions, open_questions, audiences, scopes, periods, wanted):
    """The rows of the scopes and periods that are wanted."""
    # one clock on each core: what takes long lets the other go on
    with ThreadPoolExecutor() as pool:
        on_the_wall = pool.submit(quantiles, questions, scopes, periods, wanted, audiences)
        office = quantiles(open_questions, scopes, periods, wanted)
        wall = on_the_wall.result()
    return [
        {
            "scope_number": scope,
            "period_number": period,
            "audience_quartile": quartile,
            **row,
            "open_median_seconds": office.get((scope, period, quartile), {}).get("median_seconds"),
            "is_settled": row["is_settled"]
            and office.get((scope, period, quartile), {}).get("is_settled", True),
        }
        for (scope, period, quartile), row in wall.items()
    ]


def table(relation):
    """A relation in memory, whatever engine holds it: of a name of many rows only its number."""
    found = pa.table(relation.to_arrow_table())
    for place, field in enumerate(found.schema):
        if pa.types.is_string(field.type):
            found = found.set_column(place, field.name, found.column(place).dictionary_encode())
    return found


def bounds(period_days):
    """Number, first and last day of every period."""
    days = period_days.group_by("period_number").aggregate(
        [("calendar_date", "min"), ("calendar_date", "max")]
    )
    names = ("period_number", "calendar_date_min", "calendar_date_max")
    return list(zip(*(days[name].to_numpy() for name in names), strict=True))


def quantiles(questions, scopes, periods, wanted, audiences=None):
    """Counts, median and 90th percentile by scope_number, period_number and audience_quartile.

    Only of the scopes and periods that are wanted. ``all`` is everybody, where anything was asked.
    Quartiles only where audiences are given, people by organisation, platform and day: then also
    who they are, a question or not.
    """
    watched, answered = (questions[name].to_numpy() for name in ABOUT_TIMES[1:])
    in_time = order_of(watched, answered)
    # what an answer takes off the logarithm of survival while so many are at risk
    with np.errstate(divide="ignore"):
        steps = np.log1p(-1.0 / np.arange(1, questions.num_rows + 1))
    names, heard_in = None, None
    if audiences is not None:
        people = audiences["person_number"].to_numpy()
        by_person = np.argsort(people, kind="stable")
        people = people[by_person]
        names = people[np.diff(people, prepend=people[:1] + 1) != 0]
        heard_in = in_scopes(audiences, ABOUT_PEOPLE, by_person, names)
    asked_in = in_scopes(questions, ABOUT_TIMES, in_time, names)

    def of_scope(scope, pairs):
        days = [each for each in periods if (scope, each[0]) in wanted]
        asked = asked_in(pairs) if days else {}
        heard = heard_in(pairs) if days and heard_in else {}
        found = {}
        for period, first_day, last_day in days:
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

    # what takes long lets another go on, and no more than one: each holds its rows in its own order
    with ThreadPoolExecutor(AT_ONCE) as pool:
        of_each = pool.map(of_scope, *zip(*pairs_of_scopes(scopes), strict=True))
        return {key: row for found in of_each for key, row in found.items()}


def order_of(watched, answered):
    """The places of the questions in order of time, answers before ends of observation.

    Numbers from zero on stand in the order of their bits: one bit more tells the answers, so that
    one sort does (a stable one: it is quick where runs are in order). Below zero are roundings.
    """
    bits = (np.maximum(watched, 0.0) + 0.0).view(np.uint64)
    return np.argsort((bits << np.uint64(1)) | ~answered, kind="stable")


def pairs_of_scopes(scopes):
    """Each scope_number, and the organisation and platforms it stands for."""
    found = {}
    for row in scopes.to_pylist():
        found.setdefault(row["scope_number"], set()).add((row["organisation"], row["platform"]))
    return sorted(found.items())


def in_scopes(rows, wanted, order, names):
    """What gives the columns of the rows of some pairs of organisation and platform, as arrays.

    The rows come in the order that is given. ``person`` is the place in ``names``, where these are
    given. A row stands in several scopes: it is told apart, and people are looked up, once for all.
    """
    arrays = columns(rows, wanted, order, names)
    places = places_of_pairs(rows, order)

    def of(pairs):
        parts = [places[pair] for pair in pairs & places.keys()]
        # each part is in order already: what merges them is quick then
        wanted_places = np.sort(np.concatenate(parts or [[]]), kind="stable").astype(np.int64)
        found = {name: np.take(array, wanted_places) for name, array in arrays.items()}
        return found if names is None else found | {"names_count": len(names)}

    return of


def places_of_pairs(rows, order):
    """Where the rows of each organisation and platform stand, put in this order."""
    organisations, first = coded(rows["organisation"])
    platforms, second = coded(rows["platform"])
    codes = (first * len(platforms) + second)[order]
    pairs = [(organisation, platform) for organisation in organisations for platform in platforms]
    return {pair: np.flatnonzero(codes == code) for code, pair in enumerate(pairs)}


def coded(names):
    """The distinct names of a column, and the place of each row's name among them."""
    encoded = names.combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy()


def columns(rows, wanted, order, names):
    """Columns as arrays, their rows in this order; ``person`` is the place in ``names``, if any."""
    found = {name: rows[name] for name in wanted}
    if "followers_count" in found:
        found["followers_count"] = pc.fill_null(found["followers_count"], UNKNOWN)
    arrays = {name: column.to_numpy()[order] for name, column in found.items()}
    if names is not None:
        # in order first: people who stand in the order of their numbers are looked up far quicker
        arrays["person"] = np.searchsorted(names, rows["person_number"].to_numpy()[order])
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
    for number in np.flatnonzero(np.bincount(of_each)):
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
    median, p90 = (
        fallen(curve, asked["watched_seconds"], chosen, share) for share in (HALF, A_TENTH)
    )
    waiting = asked["watched_seconds"][chosen[~is_answer]]
    longest = max((found for found in (median, p90) if found is not None), default=None)
    return {
        "questions_count": len(chosen),
        "answered_count": int(np.count_nonzero(is_answer)),
        "median_seconds": median,
        "p90_seconds": p90,
        # in order of time: the first has waited least
        "is_settled": longest is None or not len(waiting) or bool(waiting[0] >= longest),
    }


def fallen(curve, watched, chosen, share):
    """When the curve has come down to this share; None where it does not fall that far."""
    # the tolerance forgives the last bits of the sum
    place = np.searchsorted(-curve, -(np.log(share) + 1e-10))
    return float(watched[chosen[place]]) if place < len(curve) else None
