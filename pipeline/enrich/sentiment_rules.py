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
    MOCKS,
    NEGATES,
    PAUSES,
    SHOUTS,
    SOFTENS,
    STRESSES,
    TURNS,
    Token,
)

REACH: Final = 4
"""Words a negation reaches."""
NOT_GOOD: Final = -0.7
NOT_BAD: Final = -0.15
NEGATED_NOTHING: Final = -0.5
"""A negation of no mood: who writes what is not, mostly wants it to be."""
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
"""Who asks something is not content yet, however kind the words."""
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


class _Listener:
    """Sums of what the voices said so far, and what the next words are under."""

    __slots__ = ("evidence", "is_bare", "is_doubted", "reach", "said", "signs")

    def __init__(self) -> None:
        self.said = [0.0, 0.0, 0.0]
        self.evidence = 0
        self.reach = 0
        self.is_bare = self.is_doubted = False
        self.signs: set[int] = set()

    def add(self, weights: tuple[float, float, float], factor: float, *, is_negated: bool) -> None:
        """Count a word's weights, changed by what it stands under."""
        said = self.said
        for voice, weight in enumerate(weights):
            changed = weight * factor
            if is_negated:
                changed *= NOT_GOOD if weight > 0 else NOT_BAD
            if self.is_doubted and changed > 0:
                changed *= DOUBTED
            said[voice] += changed
        self.evidence += 1

    def heed(self, role: int) -> None:
        """Take note of a word that changes those after it, or all."""
        if role == NEGATES:
            self.end_negation()
            self.reach, self.is_bare = REACH + 1, True
        elif role in _BREAKS:
            self.reach = 0
            if role != PAUSES:
                self.is_doubted = False
            if role == TURNS:
                self.said = [BEFORE_TURN * said for said in self.said]
            self.signs.add(role)
        elif role == DOUBTS:
            self.is_doubted = True
        elif role == MOCKS:
            self.signs.add(role)

    def end_negation(self) -> None:
        """Count a negation that met no mood."""
        if self.is_bare:
            self.said[0] += NEGATED_NOTHING

    def heard(self) -> Heard:
        """The sums as voices between −1 and 1."""
        own, vader, textblob = map(self._voice, self.said, DAMPING)
        return Heard(own, vader, textblob, self.evidence)

    def _voice(self, said: float, damping: float) -> float:
        if SHOUTS in self.signs:
            said = said * SHOUTED + (EXCLAIMED if said >= 0 else 0.0)
        if said > 0 and MOCKS in self.signs:
            said *= MOCKED
        voice = said / sqrt(said * said + damping)
        return voice * ASKED if voice > 0 and ASKS in self.signs else voice


def hear(tokens: Sequence[Token]) -> Heard:
    """What the voices say of a text, in time that grows with its length alone."""
    listener = _Listener()
    place, count, factor = 0, len(tokens), 1.0
    while place < count:
        token = tokens[place]
        place += 1
        if token.is_quiet:
            factor = 1.0
            if listener.reach:
                listener.reach -= 1
            continue
        weights, role = (token.weight, token.vader, token.textblob), token.role
        is_negated = listener.reach > 0
        found = _phrase(token, tokens, place) if token.phrases else None
        if found:
            weight, negates, end = found
            vader = weight if negates else sum(part.vader for part in tokens[place - 1 : end])
            weights, role, place = (weight, vader, weight), 0, end
            if negates:
                is_negated, listener.reach = False, 0
        if role:
            listener.heed(role)
        if any(weights):
            if is_negated:
                listener.is_bare = False
            listener.add(weights, factor, is_negated=is_negated)
        factor = _FACTORS.get(role, 1.0)
        if listener.reach and factor == 1.0:
            listener.reach -= 1
    listener.end_negation()
    return listener.heard()


def _phrase(token: Token, tokens: Sequence[Token], place: int) -> tuple[float, bool, int] | None:
    """The longest phrase that begins with a token: its weight, its negation, where it ends."""
    for phrase in token.phrases:
        end = _end(phrase.rest, tokens, place)
        if end:
            return phrase.weight, phrase.negates, end
    return None


def _end(rest: Sequence[str], tokens: Sequence[Token], place: int) -> int:
    """Where the words of ``rest`` end when they follow at ``place``, or 0."""
    slack, count = 0, len(tokens)
    for word in rest:
        if word == GAP:
            slack = _LONGEST_GAP
            continue
        last = min(place + slack, count - 1)
        while place <= last and tokens[place].text != word:
            place += 1
        if place > last:
            return 0
        place, slack = place + 1, 0
    return place
