"""How a conversation goes on: neighbours help, the company answers or not, people come back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pipeline.post import KEEPABLE
from pipeline.world import texts
from pipeline.world.shape import NEEDS_RESPONSE, Organisation, Person, Said
from pipeline.world.stage import Stage

MAX_ROUNDS: Final = 3
LOUD: Final = 2_000
INTENTS: Final = {
    "thanks": frozenset({"thanks"}),
    "peer_thanks": frozenset({"thanks"}),
    "still_broken": frozenset({"complaint"}),
    "impatient": frozenset({"complaint"}),
    "detail": frozenset({"question"}),
    "applause": frozenset({"praise"}),
    "curious": frozenset({"question"}),
    "grumble": frozenset({"complaint"}),
}
PURPOSES: Final = {
    "still_broken": "service",
    "detail": "service",
    "impatient": "service",
    "curious": "sales",
    "grumble": "image",
    "employee": "internal",
}
ANSWERS_ABOUT: Final = {
    "complaint": "service",
    "question": "service",
    "request": "service",
    "curious": "sales",
}


def converse(stage: Stage, said: Said, organisation: Organisation, rounds: int = 0) -> None:
    """Everything that follows on a post that addresses ``organisation``.

    A person who opted out gets one answer at most and nobody joins in, so that what can be seen of
    the conversation is that answer, its parent unknown.
    """
    if said.visibility not in KEEPABLE:
        return
    if said.author.opted_out:
        if said.parent is None:
            company_answers(stage, said, organisation)
        return
    if rounds == 0:
        neighbours_speak(stage, said, organisation)
    answer = company_answers(stage, said, organisation)
    if answer is not None:
        person_returns(stage, said, answer, organisation, rounds)
    elif said.intents & NEEDS_RESPONSE and stage.random.random() < 0.25:
        person_reminds(stage, said, organisation, rounds)


def chance_of_answer(stage: Stage, said: Said, organisation: Organisation) -> float:
    """Questions before compliments, loud people before quiet ones, and fewer in a crisis."""
    chance = organisation.answers * (1.0 if said.intents & NEEDS_RESPONSE else 0.4)
    chance *= 1.15 if said.author.followers > LOUD else 1.0
    return min(chance / (1.0 + stage.heat(organisation, said.at) / 6.0), 0.97)


def company_answers(stage: Stage, said: Said, organisation: Organisation) -> Said | None:
    """The answer, in opening hours, after a lognormal delay; None when it never comes."""
    if stage.random.random() >= chance_of_answer(stage, said, organisation):
        return None
    median = organisation.delay_minutes * (1.0 + stage.heat(organisation, said.at) / 2.0)
    minutes = median * stage.random.lognormvariate(0.0, 1.1)
    at = stage.desk.add_open_minutes(said.at + timedelta(minutes=2), minutes)
    intent = next(
        (each for each in ("complaint", "question", "request") if each in said.intents), ""
    )
    if "praise" in said.intents:
        intent = "compliment"
    above = said.parent
    if intent == "question" and above is not None and above.parent is None and above.deed:
        intent = "curious"
    language = said.author.language
    words = stage.words(organisation, said.author, first=said.author.first_name)
    return _answer(stage, organisation, said, at, language, intent or "other", words)


def _answer(
    stage: Stage,
    organisation: Organisation,
    said: Said,
    at: datetime,
    language: str,
    intent: str,
    words: dict[str, str],
) -> Said | None:
    kind = texts.answer_kind(language, intent)
    text = texts.answer(stage.random, language, kind, **words)
    return stage.reply(
        organisation.account(said.platform),
        said,
        at,
        text,
        language=language,
        deed=texts.company.TALKS,
        purpose=ANSWERS_ABOUT.get(kind),
        is_signed="^" in text,
    )


def person_returns(
    stage: Stage, said: Said, answer: Said, organisation: Organisation, rounds: int
) -> None:
    """After an answer: thanks, a detail, 'still broken', or silence."""
    turn = stage.random.choices(("thanks", "still_broken", "detail", ""), weights=(30, 14, 12, 44))[
        0
    ]
    if not turn or rounds >= MAX_ROUNDS:
        return
    reply = _turn(stage, said.author, answer, organisation, turn, 90.0)
    if reply is not None and turn != "thanks":
        converse(stage, reply, organisation, rounds + 1)


def person_reminds(stage: Stage, said: Said, organisation: Organisation, rounds: int) -> None:
    """Unanswered people remind the company, which may then answer the reminder or the question."""
    if rounds >= MAX_ROUNDS:
        return
    account = organisation.account(said.platform)
    reminder = _turn(stage, said.author, said, organisation, "impatient", 1500.0, (account,))
    if reminder is None or stage.random.random() > organisation.answers * 0.8:
        return
    answered = said if stage.random.random() < 0.3 else reminder
    minutes = organisation.delay_minutes * stage.random.lognormvariate(0.0, 1.0)
    at = stage.desk.add_open_minutes(reminder.at + timedelta(minutes=2), minutes)
    words = stage.words(organisation, said.author, first=said.author.first_name)
    _answer(stage, organisation, answered, at, said.author.language, "complaint", words)


def neighbours_speak(stage: Stage, said: Said, organisation: Organisation) -> None:
    """Other people join in, sometimes an employee; on Mastodon some keep the company tagged."""
    spoken = [said.author]
    carried = tuple(each for each in said.mentions if each.role == "owned")
    while stage.random.random() < 0.3 and len(spoken) < 6:
        peer = stage.somebody(said.platform, but=spoken)
        spoken.append(peer)
        carry = carried if stage.random.random() < 0.2 else ()
        turn = "peer_guess" if said.parent is not None else "peer"
        advice = _turn(stage, peer, said, organisation, turn, 240.0, carry)
        if advice is not None and not peer.opted_out and stage.random.random() < 0.35:
            _turn(stage, said.author, advice, organisation, "peer_thanks", 120.0)
    if organisation.role == "own" and stage.random.random() < 0.03:
        for employee in organisation.employees:
            if employee.platform == said.platform:
                text = stage.turn("nl", "employee", organisation, employee)
                at = stage.later(said, 600.0)
                stage.reply(employee, said, at, text, purpose=PURPOSES["employee"])


def audience_speaks(stage: Stage, broadcast: Said, organisation: Organisation, mean: float) -> None:
    """Replies to something a company sent: applause, curiosity, grumbling."""
    spoken: list[Person] = []
    grumbling = 25 + 60 * min(stage.heat(organisation, broadcast.at) / 6.0, 1.0)
    while stage.random.random() < mean / (1.0 + mean) and len(spoken) < 12:
        person = stage.somebody(broadcast.platform, but=spoken)
        spoken.append(person)
        turn = stage.random.choices(
            ("applause", "curious", "grumble"), weights=(35, 40, grumbling)
        )[0]
        reply = _turn(stage, person, broadcast, organisation, turn, 300.0)
        if reply is not None:
            converse(stage, reply, organisation, 1 if turn == "applause" else 0)


def _turn(
    stage: Stage,
    author: Person,
    parent: Said,
    organisation: Organisation,
    turn: str,
    minutes: float,
    carry: tuple[Person, ...] = (),
) -> Said | None:
    """One reply of a known kind, some minutes after its parent."""
    text = stage.turn(author.language, turn, organisation, author)
    return stage.reply(
        author,
        parent,
        stage.later(parent, minutes),
        text,
        carry=carry,
        sentiment=texts.SENTIMENTS.get(turn, _mood(turn)),
        intents=INTENTS.get(turn, frozenset()),
        purpose=PURPOSES.get(turn),
        likes=int(stage.random.expovariate(0.7)),
    )


def _mood(turn: str) -> str:
    return {"applause": "positive", "grumble": "negative"}.get(turn, "neutral")
