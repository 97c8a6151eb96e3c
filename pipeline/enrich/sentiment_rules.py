"""How words change each other: negation, stress, doubt, turns and irony, clause by clause.

One walk over the tokens reads three voices side by side: our words first, VADER's and TextBlob's.
A negation reaches a few words on and no further than its clause: "Niet goed. Slechte service." says
two bad things.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final, NamedTuple

from pipeline.enrich.sentiment_words import (
    ASKS,
    DOUBTS,
    ENDS,
    GAP,
    JOINS,
    MOCKS,
    NEGATES,
    OPENS,
    PAUSES,
    SHOUTS,
    SOFTENS,
    STRESSES,
    TURNS,
    Phrase,
    Phrases,
    Token,
)

REACH: Final = 4
"""Words a negation reaches."""
NOT_GOOD: Final = -0.7
NOT_BAD: Final = -0.15
NEGATED_NOTHING: Final = -0.5
"""A negation of no mood: who writes what is not, mostly wants it to be; who asks may not know."""
STRESSED: Final = 1.35
SOFTENED: Final = 0.7
DOUBTED: Final = 0.6
"""What would please does not please yet."""
BEFORE_TURN: Final = 0.6
"""What comes before "but" is said to be polite."""
SHOUTED: Final = 1.15
EXCLAIMED: Final = 0.5
"""People cry out for joy more often than for nothing."""
ASKED: Final = 0.5
"""Who asks something is not content yet, however kind the words, nor unmet yet."""
MOCKED: Final = -0.5
DAMPING: Final = (8.0, 15.0, 8.0)
"""How much it takes until each voice is sure."""
_LONGEST_GAP: Final = 3
_BREAKS: Final = frozenset({ENDS, ASKS, SHOUTS, TURNS, PAUSES})
_FACTORS: Final = {STRESSES: STRESSED, SOFTENS: SOFTENED}


class Heard(NamedTuple):
    """What the voices say, −1…1 each, and how many words or signs they rest on."""

    own: float
    vader: float
    textblob: float
    evidence: int


def hear(tokens: Sequence[Token]) -> Heard:
    """What the voices say of a text, in time that grows with its length alone.

    One loop over plain numbers, for it runs for every word of mood in every text.
    """
    own = vader = textblob = 0.0
    evidence = place = reach = unmet = 0
    is_bare = is_doubted = is_once = False
    factor, count = 1.0, len(tokens)
    signs: set[int] = set()
    for at, token in enumerate(tokens):
        if not token.loudness or at < place:
            continue
        phrases, after = token.phrases, at + 1
        phrase, end = None, after
        if (
            phrases is not None
            and after < count
            and (tokens[after].text in phrases or GAP in phrases)
        ):
            phrase, end = _phrase(phrases, tokens, after)
        if token.loudness == OPENS and phrase is None:
            continue
        if at > place:
            factor = 1.0
            reach = max(0, reach - (at - place))
        place = end
        if phrase is None:
            by_us, by_vader, by_textblob = token.weight, token.vader, token.textblob
            role = token.role
        else:
            by_us = by_vader = by_textblob = phrase.weight
            role = 0
            if phrase.negates:
                reach = 0
            else:
                by_vader = sum(part.vader for part in tokens[at:end])
        if by_us or by_vader or by_textblob:
            good = bad = factor
            if reach:
                is_bare = False
                good, bad = factor * NOT_GOOD, factor * NOT_BAD
            if is_doubted:
                good, bad = (good, bad * DOUBTED) if reach else (good * DOUBTED, bad)
            own += by_us * (good if by_us > 0 else bad)
            vader += by_vader * (good if by_vader > 0 else bad)
            textblob += by_textblob * (good if by_textblob > 0 else bad)
            evidence += 1
            reach = 0 if is_once else reach
        if phrase is not None and phrase.beyond is not None:
            # a phrase denies one word of mood: "not very expensive great quality" is praise
            reach, is_bare, is_once = _beyond(tokens, end, REACH - phrase.beyond) + 1, False, True
        factor = 1.0
        if role:
            if role in _BREAKS:
                reach = 0
                if role != PAUSES:
                    is_doubted = False
                    signs.add(role)
                if role == TURNS:
                    own, vader, textblob = (said * BEFORE_TURN for said in (own, vader, textblob))
            elif role == NEGATES:
                unmet += is_bare
                reach, is_bare, is_once = REACH + 1, True, False
            elif role == DOUBTS:
                is_doubted = True
            elif role == MOCKS:
                signs.add(role)
            else:
                factor = _FACTORS.get(role, 1.0)
        if reach and factor == 1.0:
            reach -= 1
    unmet += is_bare
    own += NEGATED_NOTHING * unmet * (ASKED if ASKS in signs else 1.0)
    return Heard(
        _voice(own, DAMPING[0], signs),
        _voice(vader, DAMPING[1], signs),
        _voice(textblob, DAMPING[2], signs),
        evidence,
    )


def _beyond(tokens: Sequence[Token], start: int, most: int) -> int:
    """How many words a phrase denies after it, up to a word that joins on something new."""
    after = tokens[start : start + max(0, most)]
    return next((at for at, token in enumerate(after) if token.text in JOINS), len(after))


def _voice(said: float, damping: float, signs: set[int]) -> float:
    """What one voice said in all, between −1 and 1."""
    if SHOUTS in signs:
        said = said * SHOUTED + (EXCLAIMED if said >= 0 else 0.0)
    if said > 0 and MOCKS in signs:
        said *= MOCKED
    voice = said / sqrt(said * said + damping)
    return voice * ASKED if voice > 0 and ASKS in signs else voice


def _phrase(phrases: Phrases, tokens: Sequence[Token], place: int) -> tuple[Phrase | None, int]:
    """The longest phrase that goes on at ``place``, and where it ends."""
    for second in (tokens[place].text, GAP):
        for phrase in phrases.get(second, ()):
            end = _end(phrase.rest, tokens, place)
            if end:
                return phrase, end
    return None, place


def _end(rest: Sequence[str], tokens: Sequence[Token], place: int) -> int:
    """Where the words of ``rest`` end when they follow at ``place``, or 0.

    No gap holds a negation: "kan ik niet aanraden" is not "kan ik … aanraden".
    """
    slack, count = 0, len(tokens)
    for word in rest:
        if word == GAP:
            slack = _LONGEST_GAP
            continue
        last = min(place + slack, count - 1) if slack else place
        while place < last and tokens[place].text != word:
            if tokens[place].role == NEGATES:
                return 0
            place += 1
        if place >= count or tokens[place].text != word:
            return 0
        place, slack = place + 1, 0
    return place
