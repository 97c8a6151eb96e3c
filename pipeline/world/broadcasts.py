"""What companies say of their own accord: broadcasts, blog posts, outreach, relays, stories."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pipeline.world import texts
from pipeline.world.audience import moments
from pipeline.world.conversations import audience_speaks
from pipeline.world.identity import address
from pipeline.world.shape import Organisation, Person, Said
from pipeline.world.stage import Stage, strength
from pipeline.world.texts import company

SOCIAL: Final = ("mastodon", "bluesky")
INTEREST: Final = {"own": 1.3, "competitor": 0.7}
SENDS_A_DAY: Final = {"own": 0.9, "competitor": 0.6}


def day_of_sending(stage: Stage, day: datetime, busyness: float) -> None:
    """One day of all companies; weekends are quiet."""
    for organisation in stage.organisations:
        quiet = 0.25 if day.weekday() >= 5 else 1.0
        for platform in SOCIAL:
            for at in moments(stage, day, SENDS_A_DAY[organisation.role] * quiet):
                broadcast(stage, organisation, platform, at, busyness)
            if stage.random.random() < 0.16 * quiet and organisation.role == "own":
                outreach(stage, organisation, platform, _office_hour(stage, day))
            if stage.random.random() < 0.3 * quiet:
                relay(stage, organisation, platform, _office_hour(stage, day))


def _office_hour(stage: Stage, day: datetime) -> datetime:
    return day + timedelta(hours=8, seconds=round(stage.random.random() * 9 * 3600, 3))


def broadcast(
    stage: Stage, organisation: Organisation, platform: str, at: datetime, busyness: float
) -> None:
    """One message to everybody, with what it sets off."""
    account = organisation.account(platform)
    said = stage.add(_message(stage, organisation, account, at))
    if said is None:
        return
    if said.links and stage.random.random() < 0.2:
        text = texts.fill(
            stage.random,
            stage.random.choice(company.CONTINUATIONS),
            **stage.words(organisation, account),
        )
        stage.reply(
            account,
            said,
            at + timedelta(minutes=1),
            text,
            language="nl",
            deed=company.HELPS,
            purpose="service",
        )
    audience_speaks(stage, said, organisation, INTEREST[organisation.role] * busyness)
    if stage.random.random() < 0.06:
        text = texts.fill(
            stage.random,
            "Update: alle vragen hierboven zijn beantwoord op {link}",
            **stage.words(organisation, account),
        )
        late = stage.later(said, 2200.0)
        stage.reply(account, said, late, text, language="nl", deed=company.HELPS, purpose="service")
    if stage.random.random() < 0.08:
        repeat(stage, account, said, said.at + timedelta(hours=26))


def _message(stage: Stage, organisation: Organisation, account: Person, at: datetime) -> Said:
    words = stage.words(organisation, account)
    asks = stage.random.random() < 0.14
    purpose: str | None
    language = "en" if stage.random.random() < 0.08 else "nl"
    if asks:
        deed, purpose, language = company.ASKS, "product", "nl"
        pattern = stage.random.choice(company.QUESTIONS)
    else:
        deed, purpose, pattern = stage.random.choice(
            _known_messages(stage, organisation, language, at)
        )
    text = texts.fill(stage.random, pattern, language, **words)
    tagged = stage.random.random() < 0.25
    return Said(
        platform=account.platform,
        kind="post",
        author=account,
        at=at,
        text=f"{text} #{organisation.tag}" if tagged else text,
        language=language,
        tags=(organisation.tag,) if tagged else (),
        links=(words["link"],) if words["link"] in text else (),
        names=frozenset({organisation.name}),
        deed=deed,
        purpose=purpose,
        likes=int(stage.random.expovariate(1 / 14.0)),
    )


def _known_messages(
    stage: Stage, organisation: Organisation, language: str, at: datetime
) -> tuple[company.Message, ...]:
    """What can be sent: while something is going on mostly that."""
    if organisation.role == "own" and language == "nl":
        for happening in stage.happenings:
            if stage.random.random() < strength(happening, at):
                return company.OF_THE_DAY[happening.topic]
    return company.BROADCASTS[language]


def repeat(stage: Stage, account: Person, said: Said, at: datetime) -> None:
    """A repost: of the company's own message (self-relay) or of somebody else's, or by a person."""
    passing_on = company.REPEATS if said.author is account else company.PASSES_ON
    stage.add(
        Said(
            platform=account.platform,
            kind="repost",
            author=account,
            at=at,
            text="",
            language=said.language,
            target=said,
            deed=passing_on if account.role == "owned" else None,
        )
    )


def relay(stage: Stage, organisation: Organisation, platform: str, at: datetime) -> None:
    """The company passes on something kind that a person said about it, perhaps with a word."""
    account = organisation.account(platform)
    kind = [
        each
        for each in stage.said[-400:]
        if each.platform == platform
        and each.author.role == "person"
        and each.kind == "post"
        and each.visibility == "public"
        and each.names == {organisation.name}
        and each.sentiment == "positive"
        and not each.author.opted_out
        and each.at < at
    ]
    if not kind:
        return
    chosen = stage.random.choice(kind)
    if stage.random.random() < 0.55:
        repeat(stage, account, chosen, at)
        return
    stage.add(
        Said(
            platform=platform,
            kind="quote",
            author=account,
            at=at,
            text=texts.fill(stage.random, stage.random.choice(company.RELAY_QUOTES)),
            language="nl",
            target=chosen,
            deed=company.TALKS,
            likes=int(stage.random.expovariate(0.2)),
        )
    )


def outreach(stage: Stage, organisation: Organisation, platform: str, at: datetime) -> None:
    """The company speaks to somebody who did not ask."""
    account = organisation.account(platform)
    person = stage.somebody(platform)
    words = stage.words(organisation, account, who=address(person))
    stage.add(
        Said(
            platform=platform,
            kind="post",
            author=account,
            at=at,
            text=texts.fill(stage.random, stage.random.choice(company.OUTREACH), **words),
            language="nl",
            mentions=(person,),
            deed=company.TALKS,
            likes=int(stage.random.expovariate(0.3)),
        )
    )


def passed_on_by_people(stage: Stage) -> None:
    """People quote a company's message, naming it, or repost it without a word."""
    for organisation in stage.organisations:
        sent = [
            each
            for each in stage.said
            if each.author.organisation == organisation.name
            and each.author.role == "owned"
            and each.kind == "post"
            and each.platform in SOCIAL
        ]
        for message in sent:
            while stage.random.random() < 0.45:
                repeat(
                    stage, stage.somebody(message.platform), message, stage.later(message, 500.0)
                )
            if stage.random.random() > 0.15:
                continue
            person = stage.somebody(message.platform)
            stage.add(
                Said(
                    platform=message.platform,
                    kind="quote",
                    author=person,
                    at=stage.later(message, 400.0),
                    text=stage.turn(person.language, "quote", organisation, person),
                    language=person.language,
                    target=message,
                    names=frozenset({organisation.name}),
                    likes=int(stage.random.expovariate(0.4)),
                )
            )
