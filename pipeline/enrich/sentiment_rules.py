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
    Phrase,
    Phrases,
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
_IS_QUIET: Final = Token._fields.index("is_quiet")
_FACTORS: Final = {STRESSES: STRESSED, SOFTENS: SOFTENED}


class Heard(NamedTuple):
    """What the voices say, −1…1 each, and how many words or signs they rest on."""

    own: float
    vader: float
    textblob: float
    evidence: int


class _Listener:
    """Sums of what the voices said so far, and what the next words are under."""

    __slots__ = ("evidence", "is_bare", "is_doubted", "own", "reach", "signs", "textblob", "vader")

    def __init__(self) -> None:
        self.own = self.vader = self.textblob = 0.0
        self.evidence = 0
        self.reach = 0
        self.is_bare = self.is_doubted = False
        self.signs: set[int] = set()

    def add(self, own: float, vader: float, textblob: float, factor: float) -> None:
        """Count a word's weights, changed by what it stands under."""
        good = bad = factor
        if self.reach:
            self.is_bare = False
            good, bad = factor * NOT_GOOD, factor * NOT_BAD
        if self.is_doubted:
            if self.reach:
                bad *= DOUBTED
            else:
                good *= DOUBTED
        self.own += own * (good if own > 0 else bad)
        self.vader += vader * (good if vader > 0 else bad)
        self.textblob += textblob * (good if textblob > 0 else bad)
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
                self.signs.add(role)
            if role == TURNS:
                self.own *= BEFORE_TURN
                self.vader *= BEFORE_TURN
                self.textblob *= BEFORE_TURN
        elif role == DOUBTS:
            self.is_doubted = True
        elif role == MOCKS:
            self.signs.add(role)

    def end_negation(self) -> None:
        """Count a negation that met no mood."""
        if self.is_bare:
            self.own += NEGATED_NOTHING

    def heard(self) -> Heard:
        """The sums as voices between −1 and 1."""
        own, vader, textblob = map(self._voice, (self.own, self.vader, self.textblob), DAMPING)
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
    for loud in [at for at, token in enumerate(tokens) if not token[_IS_QUIET]]:
        if loud < place:
            continue
        if loud > place:
            factor = 1.0
            listener.reach = max(0, listener.reach - (loud - place))
        _, own, vader, textblob, role, phrases, _ = tokens[loud]
        place = loud + 1
        if (
            phrases is not None
            and place < count
            and (tokens[place].text in phrases or GAP in phrases)
        ):
            phrase, end = _phrase(phrases, tokens, place)
            if phrase:
                own = vader = textblob = phrase.weight
                if phrase.negates:
                    listener.reach = 0
                else:
                    vader = sum(part.vader for part in tokens[place - 1 : end])
                role, place = 0, end
        if own or vader or textblob:
            listener.add(own, vader, textblob, factor)
        if role:
            listener.heed(role)
        factor = _FACTORS.get(role, 1.0)
        if listener.reach and factor == 1.0:
            listener.reach -= 1
    listener.end_negation()
    return listener.heard()


def _phrase(phrases: Phrases, tokens: Sequence[Token], place: int) -> tuple[Phrase | None, int]:
    """The longest phrase that goes on at ``place``, and where it ends."""
    for second in (tokens[place].text, GAP):
        for phrase in phrases.get(second, ()):
            end = _end(phrase.rest, tokens, place)
            if end:
                return phrase, end
    return None, place


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
