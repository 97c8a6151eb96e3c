"""What the measures of a world must be, reckoned from the world's own knowledge.

Pure Python over what was said: no SQL, no Post, nothing that was collected. README.md of
``pipeline.world`` says how each definition was read where measures.md leaves a choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from pipeline.world.identity import post_id
from pipeline.world.shape import PLATFORMS, Said, World
from pipeline.world.truth.acts import act_measures
from pipeline.world.truth.answers import Asked, asked, rate, response_measures
from pipeline.world.truth.network import network_measures
from pipeline.world.truth.scope import Scope, Seen
from pipeline.world.truth.threads import people_measures, reaction_measures, thread_measures

GRAINS: Final = ("all", "day", "week", "month", "quarter", "rolling_28d")
ROLLING_DAYS: Final = 28
LEVELS: Final = frozenset(
    {
        "first_response_seconds_median",
        "first_response_seconds_p90",
        "first_response_open_seconds_median",
        "oldest_waiting_seconds",
        "answer_gini",
    }
)
USES: Final = ("service", "knowledge", "image", "sales", "product", "internal")


def truth(
    world: World, as_of: datetime | None = None, grains: Sequence[str] = GRAINS
) -> list[dict[str, Any]]:
    """Scorecard rows, one a measure, by the names of measures.md section 7.

    Keys: organisation, platform, period_grain, period_start, measure, value, numerator,
    denominator.

    Args:
        world: what was said.
        as_of: the moment up to which everything was collected; the world's today when not given.
        grains: ``all`` (it has no period_start), ``day``, ``week``, ``month``, ``quarter`` and
            ``rolling_28d`` (28 days that end on a day of the world).
    """
    seen = Seen(world, as_of or world.today)
    zone = ZoneInfo(world.timezone)
    scopes = [Scope(seen, each) for each in world.organisations]
    questions = {each.organisation.name: asked(each) for each in scopes}
    rows: list[dict[str, Any]] = []
    for platform in ("all", *PLATFORMS):
        for grain in grains:
            for start, inside in _periods(seen.said, platform, grain, zone):
                numbers = {each.number for each in inside}
                found = [
                    _measures(each, questions[each.organisation.name], platform, start, numbers)
                    for each in scopes
                ]
                if grain == "week" and start is not None:
                    for scope, measures in zip(scopes, found, strict=True):
                        measures |= _network(scope, platform, start, numbers)
                _add_share_of_voice(found)
                for scope, measures in zip(scopes, found, strict=True):
                    where = (scope.organisation.name, platform, grain, start)
                    rows.extend(_rows(where, measures))
    return rows


def _periods(
    said: Sequence[Said], platform: str, grain: str, zone: ZoneInfo
) -> Iterator[tuple[date | None, list[Said]]]:
    """Each period that holds a post, with its posts; days are those of the organisation's zone."""
    chosen = [each for each in said if platform in {"all", each.platform}]
    if grain == "all":
        yield None, chosen
        return
    by_start: dict[date, list[Said]] = {}
    last_day = max((each.at.astimezone(zone).date() for each in said), default=date.min)
    for each in chosen:
        day = each.at.astimezone(zone).date()
        for start in _starts(day, grain, last_day):
            by_start.setdefault(start, []).append(each)
    yield from by_start.items()


def _starts(day: date, grain: str, last_day: date) -> list[date]:
    """First days of the periods a day lies in: one, but for rolling windows."""
    if grain != "rolling_28d":
        return [period_start(day, grain)]
    ends = (day + timedelta(days=ahead) for ahead in range(ROLLING_DAYS))
    return [end - timedelta(days=ROLLING_DAYS - 1) for end in ends if end <= last_day]


def period_start(day: date, grain: str) -> date:
    """The first day of the day, ISO week, month or quarter a day lies in."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "quarter":
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return day.replace(day=1) if grain == "month" else day


def _measures(
    scope: Scope,
    questions: Sequence[Asked],
    platform: str,
    start: date | None,
    numbers: set[int],
) -> dict[str, tuple[float | None, float | None]]:
    inside = [each for each in scope.said if each.number in numbers]
    outbound = [each for each in inside if scope.roles[each.number] == "outbound"]
    chosen = [each for each in questions if each.said.number in numbers]
    measures = {
        **act_measures(scope, outbound),
        **response_measures(chosen, scope.seen.as_of),
        **_voices(scope, inside),
        **reaction_measures(scope, outbound),
    }
    if start is None:
        measures |= thread_measures(scope, chosen, platform)
        measures |= people_measures(scope, outbound, chosen)
    measures |= _uses(scope, inside, chosen, scope.seen.as_of)
    return measures


def _network(
    scope: Scope, platform: str, start: date, numbers: set[int]
) -> dict[str, tuple[float | None, float | None]]:
    """The graph of a week beside that of the week before."""
    zone = ZoneInfo(scope.seen.world.timezone)
    earlier = start - timedelta(days=7)
    before = [
        each
        for each in scope.said
        if platform in {"all", each.platform}
        and period_start(each.at.astimezone(zone).date(), "week") == earlier
    ]
    inside = [each for each in scope.said if each.number in numbers]
    return network_measures(scope, inside, before)


def _voices(scope: Scope, inside: Iterable[Said]) -> dict[str, tuple[float, float | None]]:
    """Volume, mentions, and how the inbound posts of customers sound."""
    posts = list(inside)
    roles = [scope.roles[each.number] for each in posts]
    customers = [
        each for each, role in zip(posts, roles, strict=True) if role in {"addressed", "mentioned"}
    ]
    spoken = [each for each in customers if each.kind != "repost"]
    balance = sum(
        (each.sentiment == "positive") - (each.sentiment == "negative") for each in spoken
    )
    return {
        "mentioned_posts": (roles.count("mentioned"), None),
        "volume": (len(posts), None),
        "net_sentiment": (balance, len(spoken)),
        "_voice": (len(customers), None),
    }


def _uses(
    scope: Scope, inside: Sequence[Said], chosen: Sequence[Asked], through: datetime
) -> dict[str, tuple[float, float | None]]:
    """Per use: inbound posts about it, own posts about it, and answers within a day."""
    measures: dict[str, tuple[float, float | None]] = {}
    for use in USES:
        roles = [scope.roles[each.number] for each in inside if each.purpose == use]
        demand = roles.count("addressed") + roles.count("mentioned")
        measures[f"demand_{use}"] = (demand, None)
        measures[f"attention_{use}"] = (roles.count("outbound"), None)
        of_use = [each for each in chosen if each.said.purpose == use]
        measures[f"response_rate_24h_{use}"] = rate(of_use, timedelta(hours=24), through)
    return measures


def _add_share_of_voice(found: Sequence[dict[str, tuple[float | None, float | None]]]) -> None:
    """Own mentions over those of the whole panel."""
    voices = [each.pop("_voice")[0] or 0 for each in found]
    for each, voice in zip(found, voices, strict=True):
        each["share_of_voice"] = (voice, sum(voices))


def _rows(
    where: tuple[str, str, str, date | None],
    measures: Mapping[str, tuple[float | None, float | None]],
) -> Iterator[dict[str, Any]]:
    organisation, platform, grain, start = where
    for measure, (numerator, denominator) in measures.items():
        value = numerator
        if denominator is not None:
            value = numerator / denominator if numerator is not None and denominator else None
        yield {
            "organisation": organisation,
            "platform": platform,
            "period_grain": grain,
            "period_start": start,
            "measure": measure,
            "value": value,
            "numerator": None if measure in LEVELS else numerator,
            "denominator": denominator,
        }


def labels(world: World, as_of: datetime | None = None) -> list[dict[str, Any]]:
    """What is true of each post that may be stored: one row a post, for tests of the readers.

    Keys: platform, post_id, text (as it was written, without markup), language, sentiment,
    is_question, intents, purpose, and for what companies say themselves giving, pr_model,
    message_type (None for others) and is_signed.
    """
    seen = Seen(world, as_of or world.today)
    return [
        {
            "platform": each.platform,
            "post_id": post_id(each),
            "text": each.text_at(seen.as_of),
            "language": each.language,
            "sentiment": each.sentiment,
            "is_question": each.is_question,
            "intents": sorted(each.intents),
            "purpose": each.purpose,
            "giving": each.deed and each.deed.giving,
            "pr_model": each.deed and each.deed.pr_model,
            "message_type": each.deed and each.deed.message_type,
            "is_signed": each.is_signed,
        }
        for each in seen.said
    ]
