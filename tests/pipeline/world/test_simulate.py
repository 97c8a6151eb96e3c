"""The world itself: the same for the same seed, rich, and sound."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.world import simulate
from pipeline.world.texts import BODIES, CONVERSATION

from .conftest import TODAY

INTENTS = {
    "question", "complaint", "request", "praise", "suggestion", "fault_report", "thanks",
}  # fmt: skip
MODELS = {
    None, "press_agentry", "public_information", "two_way_asymmetrical", "two_way_symmetrical",
}  # fmt: skip


def told(world):
    return [(each.at, each.author.handle, each.text, each.deleted_at) for each in world.said]


def test_the_same_seed_gives_the_same_world(world):
    again = simulate(18, TODAY, days=35, persons=160, busyness=0.6)
    assert told(again) == told(world)


def test_another_seed_gives_another_world(world):
    other = simulate(12, TODAY, days=35, persons=160, busyness=0.6)
    assert told(other) != told(world)


def test_later_nights_exist_after_today(world):
    assert any(each.at > TODAY for each in world.said)
    assert any(each.at > TODAY and each.parent and each.parent.at < TODAY for each in world.said)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_replies_come_after_what_they_answer(seed):
    world = simulate(seed, TODAY, days=12, persons=80)
    for each in world.said:
        assert world.begins_at <= each.at <= world.ends_at
        for other in (each.parent, each.target):
            if other is not None:
                assert other.at < each.at
                assert other.platform == each.platform


def test_numbers_follow_time(world):
    assert [each.number for each in world.said] == list(range(len(world.said)))
    assert all(one.at <= two.at for one, two in zip(world.said, world.said[1:], strict=False))


def test_everything_that_happens_to_posts_happens(world):
    kinds = Counter(each.kind for each in world.said)
    assert set(kinds) == {"post", "reply", "repost", "quote", "comment", "article"}
    assert {each.visibility for each in world.said} == {"public", "unlisted", "private", "direct"}
    assert any(each.edits for each in world.said)
    assert any(each.deleted_at and each.deleted_at > TODAY for each in world.said)
    assert any(each.deleted_at and each.deleted_at < TODAY for each in world.said)
    assert any(each.author.opted_out for each in world.said)
    assert any(each.author.role == "employee" for each in world.said)
    assert any("<script>" in each.text for each in world.said)
    assert any("festival" in each.text.lower() and not each.names for each in world.said)


def test_most_people_speak_dutch(world):
    people = [each for each in world.people if each.role == "person"]
    shares = Counter(each.language for each in people)
    assert shares["nl"] / len(people) > 0.45
    assert shares["en"] / len(people) > 0.15
    assert shares["de"] > 0
    assert shares["fr"] > 0


def test_the_crisis_is_the_loudest_time(world):
    crisis = next(each for each in world.happenings if each.name == "crisis")

    def volume(start):
        end = start + timedelta(days=2)
        return sum(start <= each.at < end and world.own.name in each.names for each in world.said)

    before = [volume(crisis.starts_at - timedelta(days=days)) for days in (2, 7, 9, 14)]
    assert volume(crisis.starts_at) > 2 * max(before)


def test_what_nobody_may_see_is_left_alone(world):
    for each in world.said:
        if each.parent is not None:
            assert each.parent.visibility in {"public", "unlisted"}


def test_only_posts_without_replies_are_deleted(world):
    used = {other.number for each in world.said for other in (each.parent, each.target) if other}
    assert not [each for each in world.said if each.deleted_at and each.number in used]


def test_labels_are_known_words(world):
    for each in world.said:
        assert each.sentiment in {"positive", "neutral", "negative"}
        assert each.intents <= INTENTS
        assert each.purpose in {
            None, "service", "knowledge", "image", "sales", "product", "internal",
        }  # fmt: skip
        assert (each.deed is not None) == (each.author.role == "owned")
        if each.deed is not None:
            assert each.deed.giving in {"give", "take", "neither"}
            assert each.deed.pr_model in MODELS
            assert each.deed.message_type in {None, "information", "community", "action"}
        assert each.is_signed == (each.author.role == "owned" and "^" in each.text)


def test_who_says_the_same_means_the_same(world):
    meant = {}
    for each in world.said:
        labels = (each.intents, each.sentiment, each.purpose, each.deed, each.is_signed)
        if each.text:
            assert meant.setdefault((each.title, each.text), labels) == labels, each.text


def test_a_text_with_a_question_mark_asks(world):
    for each in world.said:
        if each.author.role == "person" and each.text.rstrip().endswith("?"):
            assert each.is_question, each.text


def test_no_slot_is_left_open(world):
    for each in world.said:
        open_slots = [
            word for word in ("{org}", "{city}", "{first}", "{link}") if word in each.text
        ]
        assert not open_slots, each.text


@pytest.mark.parametrize("seed", range(5))
def test_names_are_the_companies_a_text_names(seed):
    """Independent of how texts were made: an alias in the text means a name, and the reverse."""
    world = simulate(seed, TODAY, days=25, persons=120)
    for each in world.said:
        if each.author.role != "person" or "straat" in each.text or "toren" in each.text:
            continue
        text = f"{each.title or ''} {each.text}".lower()
        for company in world.organisations:
            for homonym in company.exclude:
                text = text.replace(homonym.lower(), "")
            named = any(alias.lower() in text for alias in company.aliases)
            assert named == (company.name in each.names), each.text


@pytest.mark.parametrize("language", ["nl", "en", "de", "fr"])
def test_questions_end_with_a_question_mark(language):
    for topic in BODIES[language].values():
        for body in topic.get("question", ()):
            assert "?" in body


def test_all_languages_know_all_turns():
    assert len({frozenset(turns) for turns in CONVERSATION.values()}) == 1


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(30, 90))
def test_any_seed_makes_a_world(seed, days, persons):
    world = simulate(seed, TODAY, days=days, persons=persons, busyness=0.3)
    assert world.said
    assert len({each.number for each in world.said}) == len(world.said)
