"""What people start of their own accord: questions, complaints, praise, tips, namesakes, tricks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from pipeline.post import KEEPABLE, Visibility
from pipeline.world import names, texts
from pipeline.world.conversations import converse
from pipeline.world.identity import address
from pipeline.world.shape import Organisation, Person, Said, Sentiment
from pipeline.world.stage import Stage, strength
from pipeline.world.texts import dutch, english

WEEKDAY_WEIGHT: Final = (1.15, 1.1, 1.05, 1.0, 0.95, 0.7, 0.65)
HOUR_WEIGHT: Final = (
    1,
    1,
    1,
    1,
    1,
    2,
    4,
    8,
    10,
    11,
    11,
    10,
    10,
    9,
    9,
    9,
    10,
    12,
    14,
    16,
    15,
    11,
    6,
    3,
)
VISIBILITIES: Final[tuple[Visibility, ...]] = ("public", "unlisted", "private", "direct")
POSTS_PER_DAY: Final = {"own": 15.0, "competitor": 5.0}
INTENT_WEIGHTS: Final = {
    "complaint": 34,
    "question": 36,
    "request": 8,
    "compliment": 13,
    "idea": 4,
    "remark": 9,
    "tip": 6,
}


def day_of_posts(stage: Stage, day: datetime, busyness: float) -> None:
    """Everything people start on one day, about every organisation."""
    for organisation in stage.organisations:
        mean = POSTS_PER_DAY[organisation.role] * busyness * WEEKDAY_WEIGHT[day.weekday()]
        mean *= 1.0 + stage.heat(organisation, day + timedelta(hours=12))
        for at in moments(stage, day, mean):
            speak_up(stage, organisation, at)
    for at in moments(stage, day, 0.5 * busyness):
        speak_of_namesake(stage, at)


def moments(stage: Stage, day: datetime, mean: float) -> Iterator[datetime]:
    """Instants of a day, as many as chance gives around ``mean``, more by day than by night."""
    count = max(0, round(stage.random.gauss(mean, max(mean, 0.5) ** 0.5)))
    for _ in range(count):
        hour = stage.random.choices(range(24), weights=HOUR_WEIGHT)[0]
        yield day + timedelta(hours=hour, seconds=round(stage.random.random() * 3600, 3))


def speak_up(stage: Stage, organisation: Organisation, at: datetime) -> None:
    """One person says one thing about an organisation, to it or merely about it."""
    platform = "mastodon" if stage.random.random() < 0.53 else "bluesky"
    person = stage.somebody(platform)
    topic = _topic(stage, organisation, person, at)
    intent, sentiment = _intent(stage, person, topic, organisation, at)
    addressed = stage.random.random() < 0.58
    said = _opening(stage, organisation, person, topic, intent, sentiment, at, addressed=addressed)
    if stage.add(said) is None:
        return
    if addressed:
        converse(stage, said, organisation)
    else:
        _overheard(stage, said, organisation)


def _topic(stage: Stage, organisation: Organisation, person: Person, at: datetime) -> str:
    """The happening of the day, if there is one, else anything."""
    known = texts.topics(person.language)
    if organisation.role == "own":
        for happening in stage.happenings:
            pull = strength(happening, at)
            if happening.topic in known and stage.random.random() < pull / (pull + 1.0):
                return happening.topic
    weights = [3 if topic in {"outage", "billing", "care", "app"} else 1 for topic in known]
    return stage.random.choices(known, weights=weights)[0]


def _intent(
    stage: Stage, person: Person, topic: str, organisation: Organisation, at: datetime
) -> tuple[str, Sentiment]:
    """What the person wants and how it sounds: mood, events and chance decide."""
    mood = person.mood
    if organisation.role == "own":
        mood += sum(
            each.mood * min(strength(each, at), 1.0)
            for each in stage.happenings
            if each.topic == topic
        )
    possible = texts.BODIES[person.language][topic]
    weights = [INTENT_WEIGHTS[intent] * _leaning(intent, mood) for intent in possible]
    intent = stage.random.choices(list(possible), weights=weights)[0]
    if intent in {"complaint", "compliment"}:
        return intent, texts.SENTIMENTS[intent]
    return intent, "neutral"


def _leaning(intent: str, mood: float) -> float:
    if intent == "complaint":
        return max(0.1, 1.0 - mood)
    return max(0.1, 1.0 + mood) if intent == "compliment" else 1.0


def _opening(
    stage: Stage,
    organisation: Organisation,
    person: Person,
    topic: str,
    intent: str,
    sentiment: Sentiment,
    at: datetime,
    *,
    addressed: bool,
) -> Said:
    account = organisation.account(person.platform)
    words = stage.words(organisation, person)
    if addressed:
        words["org"] = address(account)
    text = texts.compose(stage.random, person.language, topic, intent, sentiment, **words)
    intents = texts.intents(topic, intent)
    purpose: str | None = texts.purpose(topic, intent)
    named = {organisation.name}
    if words["other"] in text:
        named.add(words["other"])
    tags: tuple[str, ...] = ()
    if stage.random.random() < 0.12:
        text, tags = f"{text} #{organisation.tag}", (organisation.tag,)
    links: tuple[str, ...] = ()
    if stage.random.random() < 0.05:
        links = (f"https://{organisation.domain}/storing",)
        text = f"{text} {links[0]}"
    if stage.random.random() < 0.012:
        text = stage.random.choice(names.HOSTILE).format(org=words["org"])
        tags, links, sentiment, intents, purpose = (), (), "neutral", frozenset(), None
        named = {organisation.name}
    return Said(
        platform=person.platform,
        kind="post",
        author=person,
        at=at,
        text=text,
        language=person.language,
        mentions=(account,) if addressed else (),
        tags=tags,
        links=links,
        names=frozenset(named),
        sentiment=sentiment,
        intents=intents,
        purpose=purpose,
        visibility=_visibility(stage, person, unlisted=addressed and organisation.role == "own"),
        likes=int(stage.random.expovariate(0.25)),
    )


def _visibility(stage: Stage, person: Person, *, unlisted: bool) -> Visibility:
    """Mostly public; followers-only and direct messages exist on Mastodon and must stay unseen.

    No search finds unlisted posts, so only those exist here that the company is told of.
    """
    if person.platform != "mastodon":
        return "public"
    return stage.random.choices(VISIBILITIES, weights=(91, 5 if unlisted else 0, 2, 2))[0]


def _overheard(stage: Stage, said: Said, organisation: Organisation) -> None:
    """Talk about a company that is not addressed: neighbours answer, the company seldom does."""
    if said.visibility not in KEEPABLE or said.author.opted_out:
        return
    count = stage.random.choices((0, 1, 2), weights=(70, 20, 10))[0]
    for _ in range(count):
        peer = stage.somebody(said.platform, but=[said.author])
        text = stage.turn(peer.language, "peer", organisation, peer)
        stage.reply(peer, said, stage.later(said, 300.0), text)
    if organisation.role == "own" and stage.random.random() < 0.07:
        words = stage.words(organisation, said.author, first=said.author.first_name)
        text = texts.fill(stage.random, stage.random.choice(texts.company.PROACTIVE), **words)
        at = stage.desk.add_open_minutes(said.at, stage.random.expovariate(1 / 200.0))
        account = organisation.account(said.platform)
        stage.reply(
            account, said, at, text, language="nl", deed=texts.company.TALKS, is_signed=True
        )


def speak_of_namesake(stage: Stage, at: datetime) -> None:
    """A festival of the same name, or a street that merely begins with it: not the company."""
    called = stage.random.choice(names.COMPANIES)
    person = stage.somebody(stage.random.choice(("mastodon", "bluesky")))
    if stage.random.random() < 0.3:
        pattern = stage.random.choice(dutch.SUBSTRINGS)
    else:
        known = english.HOMONYMS if person.language == "en" else dutch.HOMONYMS
        pattern = stage.random.choice(known)
    text = texts.fill(
        stage.random, pattern, homonym=stage.random.choice(called.homonyms), name=called.name
    )
    language = "en" if pattern in english.HOMONYMS else "nl"
    stage.add(
        Said(
            platform=person.platform,
            kind="post",
            author=person,
            at=at,
            text=text,
            language=language,
            sentiment="neutral",
        )
    )
