"""The truth: known by hand on small stages, and by other people's programs on random ones."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from pipeline.world import labels, truth
from pipeline.world.hours import OFFICE, Desk
from pipeline.world.people import companies, crowd
from pipeline.world.shape import Deed, Said, World
from pipeline.world.truth.answers import asked, kaplan_meier, quantile
from pipeline.world.truth.network import centralization, edges
from pipeline.world.truth.scope import Scope, Seen
from pipeline.world.truth.threads import gini, h_index, turns

from .conftest import TODAY

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OWN, OTHER, THIRD = companies(START)
US = OWN.account("bluesky")
THEM = OTHER.account("bluesky")


class Play:
    """Says one thing a minute, and makes a world of it."""

    def __init__(self):
        people = crowd(Random(1), 60, 18, START)
        bluesky = [each for each in people if each.platform == "bluesky"]
        self.ann, self.bob, self.cas = (replace(each, opted_out=False) for each in bluesky[:3])
        self.shy = replace(bluesky[3], opted_out=True)
        self.said = []

    def say(self, author, text="", *, after=1.0, **more):
        """One thing said ``after`` minutes after the last."""
        at = (self.said[-1].at if self.said else START) + timedelta(minutes=after)
        kind = "reply" if more.get("parent") else "post"
        said = Said("bluesky", more.pop("kind", kind), author, at, text, "nl", **more)
        said.number = len(self.said)
        self.said.append(said)
        return said

    def world(self):
        people = [US, THEM, self.ann, self.bob, self.cas, self.shy, *OWN.employees]
        return World(
            1, TODAY, START, TODAY, "Europe/Amsterdam", OFFICE, (OWN, OTHER, THIRD), people, (),
            self.said,
        )  # fmt: skip

    def own(self, platform="all"):
        """Measures of the own company over all time: name → value."""
        return {
            row["measure"]: row["value"]
            for row in truth(self.world(), grains=("all",))
            if (row["organisation"], row["platform"]) == (OWN.name, platform)
        }

    def scope(self):
        return Scope(Seen(self.world(), TODAY), OWN)


@pytest.fixture
def play():
    return Play()


def test_acts_one_of_each(play):
    ask = play.say(play.ann, mentions=(US,), intents=frozenset({"question"}))
    play.say(US, parent=ask)
    sent = play.say(US)
    play.say(US, parent=sent)
    play.say(play.bob, parent=sent)
    play.say(US, parent=sent)
    play.say(US, mentions=(play.cas,))
    play.say(US, kind="repost", target=ask)
    play.say(US, kind="quote", target=ask)
    play.say(US, kind="repost", target=sent)
    own = play.own()
    assert own["own_posts"] == 8
    assert own["broadcasts"] == 1
    assert own["continuations"] == 1
    assert own["replies"] == 2
    assert own["outreach"] == 1
    assert own["relays"] == 2
    assert own["conversation_share"] == 2 / 7
    assert own["broadcast_share"] == 2 / 7
    assert own["listening_ratio"] == 5 / 2
    assert own["proactive_share"] == 1 / 2


def test_nothing_said_has_no_ratios(play):
    play.say(play.ann, names=frozenset({OTHER.name}))
    own = play.own()
    assert own["own_posts"] == 0
    assert own["volume"] == 0
    for measure in ("conversation_share", "listening_ratio", "response_rate_24h", "answer_gini"):
        assert own[measure] is None
    assert own["share_of_voice"] == 0.0


def test_roles(play):
    sent = play.say(US)
    play.say(play.ann, parent=sent)
    named = play.say(play.bob, names=frozenset({OWN.name}))
    play.say(play.cas, parent=named)
    play.say(OWN.employees[1], parent=sent)
    play.say(play.cas)
    play.say(THEM, mentions=(US,))
    roles = [play.scope().roles.get(each.number) for each in play.said]
    assert roles == [
        "outbound", "addressed", "mentioned", "context", "employee", None, "addressed",
    ]  # fmt: skip
    assert play.own()["volume"] == 6


def test_who_opted_out_is_not_there(play):
    ask = play.say(play.shy, mentions=(US,))
    play.say(US, parent=ask)
    own = play.own()
    assert own["addressed_posts"] == 0
    assert own["replies"] == 1
    assert own["proactive_share"] == 1.0
    assert own["people_answered"] == 1


def test_three_messages_in_a_row_are_one_question(play):
    first = play.say(play.ann, mentions=(US,))
    second = play.say(play.ann, parent=first, mentions=(US,))
    play.say(play.ann, parent=second, mentions=(US,))
    play.say(US, parent=second, after=60)
    play.say(play.ann, parent=second, mentions=(US,))
    play.say(play.bob, parent=first, mentions=(US,))
    clocks = [each.starts_clock for each in asked(play.scope())]
    assert clocks == [True, False, False, True, True]


def test_an_answer_counts_for_everything_above_it_in_its_branch_only(play):
    first = play.say(play.ann, mentions=(US,))
    left = play.say(play.bob, parent=first, mentions=(US,))
    play.say(play.cas, parent=first, mentions=(US,))
    answer = play.say(US, parent=left)
    answered = [each.answered_at for each in asked(play.scope())]
    assert answered == [answer.at, answer.at, None]


def test_rates_leave_out_what_is_too_young(play):
    play.say(play.ann, mentions=(US,))
    play.said[0].at = TODAY - timedelta(hours=24)
    young = play.say(play.bob, mentions=(US,))
    young.at = TODAY - timedelta(hours=23, minutes=59)
    rows = truth(play.world(), grains=("all",))
    found = {
        each["measure"]: each["denominator"]
        for each in rows
        if (each["organisation"], each["platform"]) == (OWN.name, "all")
    }
    assert found["response_rate_24h"] == 1
    assert found["response_rate_4h"] == 2
    assert found["response_rate_7d"] == 0


def test_an_answer_after_exactly_an_hour_is_within_an_hour(play):
    ask = play.say(play.ann, mentions=(US,))
    play.say(US, parent=ask, after=60)
    late = play.say(play.bob, mentions=(US,))
    play.say(US, parent=late, after=60.001)
    own = play.own()
    assert own["response_rate_1h"] == 1 / 2
    assert own["first_response_seconds_median"] == 3600.0


def test_the_queue_holds_what_asks_and_waits(play):
    first = play.say(play.ann, mentions=(US,), intents=frozenset({"complaint"}))
    play.say(play.bob, mentions=(US,), intents=frozenset({"thanks"}))
    answered = play.say(play.cas, mentions=(US,), intents=frozenset({"question"}))
    play.say(US, parent=answered)
    own = play.own()
    assert own["open_queue"] == 1
    assert own["oldest_waiting_seconds"] == (TODAY - first.at).total_seconds()


def test_share_of_voice_over_the_panel(play):
    play.say(play.ann, names=frozenset({OWN.name, OTHER.name}))
    play.say(play.bob, names=frozenset({OWN.name}))
    play.say(play.cas, mentions=(US,))
    assert play.own()["share_of_voice"] == 3 / 4


def test_turns_and_last_word(play):
    ask = play.say(play.ann, mentions=(US,))
    answer = play.say(US, parent=ask)
    play.say(play.ann, parent=answer)
    other = play.say(play.bob, mentions=(US,))
    play.say(US, parent=other)
    scope = play.scope()
    assert turns(scope, scope.seen.threads[0]) == 2
    own = play.own()
    assert own["turns_mean"] == 1.5
    assert own["last_word_customer_share"] == 1 / 2
    assert own["returns_after_answer_share"] == 1 / 2
    assert own["thread_depth_mean"] == 1.5
    assert own["thread_size_mean"] == 2.5


def test_h_index_of_a_broad_and_deep_thread(play):
    root = play.say(US)
    first = [play.say(each, parent=root) for each in (play.ann, play.bob, play.cas)]
    second = [play.say(play.cas, parent=first[0]), play.say(play.ann, parent=first[1])]
    play.say(play.bob, parent=second[0])
    play.say(play.ann, parent=first[0])
    scope = play.scope()
    assert h_index(scope, scope.seen.threads[0]) == 2


def test_people_answered_once_and_again(play):
    for person in (play.ann, play.ann, play.bob):
        ask = play.say(person, mentions=(US,))
        play.say(US, parent=ask)
    play.say(play.cas, mentions=(US,))
    own = play.own()
    assert own["people_answered"] == 2
    assert own["people_answered_share"] == 2 / 3
    assert own["repeat_converser_share"] == 1 / 2
    assert own["answer_gini"] == pytest.approx(4 / 9)


def test_edges_have_no_loops(play):
    ask = play.say(play.ann, mentions=(US, play.ann))
    play.say(US, parent=ask)
    play.say(play.ann, parent=ask)
    assert edges(play.scope(), play.said) == {
        (play.ann.number, US.number),
        (US.number, play.ann.number),
    }


LIVES = st.lists(st.tuples(st.integers(1, 50).map(float), st.booleans()), min_size=1, max_size=60)


@given(LIVES)
@settings(max_examples=60, deadline=None)
def test_kaplan_meier_is_that_of_lifelines(lives):
    fitter = KaplanMeierFitter().fit(*zip(*lives, strict=True))
    theirs = fitter.survival_function_["KM_estimate"]
    for at, survival in kaplan_meier(lives):
        assert survival == pytest.approx(theirs[at], abs=1e-12)
    fallen = theirs[theirs <= 0.5 + 1e-9]  # lifelines' own median misses an exact half
    assert quantile(kaplan_meier(lives), 0.5) == (None if fallen.empty else fallen.index[0])


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40).filter(any))
def test_gini_is_half_the_relative_mean_difference(values):
    given_values = np.array(values, dtype=float)
    differences = np.abs(given_values[:, None] - given_values[None, :]).mean()
    assert gini(values) == pytest.approx(differences / (2 * given_values.mean()), abs=1e-12)


def test_gini_of_nothing_is_unknown():
    assert gini([]) is None
    assert gini([0, 0]) is None


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda e: e[0] != e[1])))
def test_graph_measures_are_those_of_networkx(links):
    graph = nx.DiGraph(list(links))
    count = graph.number_of_nodes()
    lacking, most = centralization(Counter(v for _, v in links), count)
    degrees = [degree for _, degree in graph.in_degree()]
    assert lacking == sum(max(degrees, default=0) - degree for degree in degrees)
    assert most == max(count - 1, 0) ** 2


def test_open_seconds_skip_nights_sundays_and_holidays():
    desk = Desk(OFFICE, "Europe/Amsterdam")
    saturday = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert desk.open_seconds(saturday, monday) == 30 * 60 + 30 * 60
    christmas = datetime(2026, 12, 25, 7, 0, tzinfo=UTC)
    assert desk.open_seconds(christmas, christmas + timedelta(hours=10)) == 0.0
    assert desk.add_open_minutes(saturday, 60) == monday


@given(st.integers(0, 20_000), st.integers(1, 3_000))
def test_open_minutes_added_are_open_seconds_passed(start, minutes):
    desk = Desk(OFFICE, "Europe/Amsterdam")
    begin = datetime(2026, 10, 20, tzinfo=UTC) + timedelta(minutes=start)
    end = desk.add_open_minutes(begin, minutes)
    assert desk.open_seconds(begin, end) == pytest.approx(minutes * 60, abs=1e-3)


def test_sums_of_days_are_the_whole(world):
    rows = truth(world, grains=("all", "day", "month"))
    for measure in ("own_posts", "addressed_posts", "volume", "replies", "open_queue"):
        totals = {}
        for row in rows:
            if row["measure"] == measure and row["platform"] == "all":
                key = (row["organisation"], row["period_grain"])
                totals[key] = totals.get(key, 0) + row["value"]
        for organisation in world.organisations:
            found = {totals[organisation.name, grain] for grain in ("all", "day", "month")}
            assert len(found) == 1, (measure, found)


def test_platforms_sum_to_all(world):
    rows = truth(world, grains=("all",))
    values = {(r["organisation"], r["platform"], r["measure"]): r["value"] for r in rows}
    for organisation in world.organisations:
        for measure in ("own_posts", "addressed_posts", "volume", "people_answered"):
            parts = sum(
                values[organisation.name, platform, measure]
                for platform in ("mastodon", "bluesky", "hackernews", "feed")
            )
            assert parts == values[organisation.name, "all", measure]


def test_the_company_listens_more_than_its_competitors(world):
    values = {
        row["organisation"]: row["value"]
        for row in truth(world, grains=("all",))
        if row["measure"] == "response_rate_7d" and row["platform"] == "all"
    }
    assert values["Havenvonk"] > values["Polderwatt"]


def test_every_post_that_may_be_kept_has_its_labels(world):
    found = {(each["platform"], each["post_id"]): each for each in labels(world)}
    seen = Seen(world, TODAY)
    assert len(found) == len(seen.said)
    assert {each["language"] for each in found.values()} == {"nl", "en", "de", "fr"}


def test_what_own_posts_give_and_how_they_speak(play):
    sell = Deed("take", "press_agentry", "action")
    talk = Deed("give", "two_way_symmetrical", "community")
    play.say(US, "Koop nu", deed=sell, purpose="sales")
    asked_ = play.say(play.ann, "Kapot", mentions=(US,), purpose="service")
    play.say(US, "Balen", parent=asked_, deed=talk, purpose="service")
    play.say(US, kind="repost", target=asked_, deed=Deed("give"))
    measures = play.own()
    assert measures["give_share"] == 2 / 3
    assert measures["press_agentry_share"] == measures["two_way_symmetrical_share"] == 1 / 3
    assert measures["public_information_share"] == measures["two_way_asymmetrical_share"] == 0
    assert (measures["demand_service"], measures["demand_sales"]) == (1, 0)
    assert (measures["attention_service"], measures["attention_sales"]) == (1, 1)
    assert measures["response_rate_24h_service"] == 1
    assert measures["response_rate_24h_sales"] is None


def test_a_reply_is_personal_when_it_is_signed_or_names_the_person(play):
    first = play.ann.first_name
    said = play.say(play.ann, "Hallo", mentions=(US,))
    hidden = play.say(play.shy, "Hallo", mentions=(US,))
    play.say(US, f"Hoi {first}, wat fijn", parent=said)
    play.say(US, "We kijken het na. ^Mo", parent=said, is_signed=True)
    play.say(US, "We kijken het na.", parent=said)
    play.say(US, f"@{first} dank", parent=said)
    play.say(US, f"Hoi {play.shy.first_name}", parent=hidden)
    assert play.own()["personal_address_share"] == 2 / 5
