"""What words say of a mood: our own lists, the packages' lexicons, and how words change each other.

A written form is looked up once and then remembered. Our lists are ``mood.*.toml``, with the reason
for each group; a word found there goes before the packages, which read mood into names of things
("customer care", "a game") and know neither a delay nor thanks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain, product
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.enrich import lexicons
from pipeline.enrich.memory import Memory
from pipeline.enrich.sentiment_signs import with_marks_read

PLAIN, NEGATES, STRESSES, SOFTENS, TURNS, DOUBTS, PAUSES, ENDS, ASKS, SHOUTS, MOCKS = range(11)
"""What a token does to those around it."""
QUIET, OPENS, LOUD = range(3)
"""Of a token: no weight, role or phrase; a phrase it may begin and no more; a weight or role."""
GAP: Final = "…"
JOINS: Final = frozenset({"and", "en"})
"""What comes after these a phrase does not deny: "niet zo duur en vriendelijk"."""
_ROLES: Final = {
    "doubts": DOUBTS,
    "softens": SOFTENS,
    "stresses": STRESSES,
    "turns": TURNS,
    "negates": NEGATES,
    "mocks": MOCKS,
}
_LONGEST_TAG: Final = 30
_TEXTBLOB_SCALE: Final = 3.0
"""From −1…1 to the scale of our weights, −3…3; VADER's ratings, −4…4, are shrunk a little."""
_VADER_SCALE: Final = 0.8
_TEXTBLOB_ALONE: Final = 0.5
"""TextBlob's weights are of adjectives in reviews of films: alone, half believed."""
_OURS: Final = 0.6
"""Where a package agrees with us on the direction, its grading of the strength counts too."""


class Phrase(NamedTuple):
    """The words of a phrase after its first, its weight, and the negation it may hold itself.

    ``beyond`` is how many words follow its last negation where it denies what comes after it too,
    as "not very" does; none where the phrase says all there is to it, as "not bad". Which do is
    told in the lists, by group: ``reaches``.
    """

    rest: tuple[str, ...]
    weight: float
    negates: bool
    beyond: int | None


Phrases = dict[str, tuple[Phrase, ...]]
"""The phrases that a word begins, by their second word, the longest first."""


@dataclass(slots=True, eq=False)
class Token:
    """A word or sign: its weight to us, VADER and TextBlob, its role, the phrases it begins."""

    text: str
    weight: float
    vader: float
    textblob: float
    role: int
    phrases: Phrases | None
    loudness: int
    """``QUIET`` is most of a text; ``OPENS`` speaks only where a phrase goes on."""


_UNHEARD: Final = (Token("", 0.0, 0.0, 0.0, PLAIN, None, QUIET),)
"""What a word is that no list and no phrase holds: no more need be known of it."""
_TOKEN: Final = re.compile(
    r"[^\W\d_]+(?:['\-][^\W\d_]+)*|#[a-z]+"
    r"|(?!(?<=\d):[()]+\d)[<>]?[:;=]['\-,^o]?(?:[()\[\]/\\|*]+|[dpsco3]+(?!\w))"
    r"|[()\[\]]{1,4}['\-]?[:;=](?!\w)"
    r"|</?3+|[\-^><;]_+[\-^<>;]|\^\^|(?<!\w)/s(?!\w)|\d+(?:[.,:]\d+)*|[.!?…]+|[,;:()–—]"
    r"|[\u2600-\u27bf\u2b50\U0001f000-\U0001faff]"
)
_TAGGED: Final = re.compile(r"#(\w+)")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_LONG: Final = re.compile(r"([^\W\d_])\1{2,}")
_LAUGH: Final = re.compile(r"h?(?:[ah][hae]){2,}h?|(?:he|hi|hè){2,}h?|a?(?:ha){2,}h?|lo+l(?:ol)*")
_TELLING: Final = frozenset({"nt", "na", "ta", "ot"})
"""Last letters of what may be several words written as one: ``isnt``, ``gonna``, ``cannot``."""
_LAUGHS: Final = "ahl"
_SINGLE: Final = ".,!?"
"""Signs that end a word and join it in no emoticon."""
_APOSTROPHES: Final = str.maketrans("’‘`´", "''''")
_CONTRACTIONS: Final = {
    "cannot": ("can", "not"),
    "ain't": ("is", "not"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
    "gotta": ("got", "to"),
}
_TAILS: Final = {"re": "are", "ve": "have", "ll": "will", "m": "am", "s": "is", "d": "would"}
_NEGATABLE: Final = frozenset(
    ("is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "need", "must")
) | {"could", "would", "should", "ca", "wo"}
_FULL: Final = {"ca": "can", "wo": "will", "sha": "shall"}
_ENDINGS: Final = ("e", "er", "ere", "st", "ste")
_LAST_OF_ENDINGS: Final = "ert"
_VOWELS: Final = "aeou"
_OURS_OF: Final = "mood.{}.toml"
_MOCKING: Final = frozenset({"not", "sarcasm", "irony", "sarcasme", "ironie", "kuch"})
_VOICED_OF: Final = {"f": "v", "s": "z"}
_VOICED: Final = frozenset("vz")
_SHORTEST: Final = 3
"""Letters that the start or stem of a word must have to tell of the word."""


class Words:
    """One language's words, looked up by written form.

    Args:
        code: the language, ISO 639-1.
        raw: its lists, as in ``mood.en.toml``.
    """

    def __init__(self, code: str, raw: Mapping[str, Any]) -> None:
        signs = _raw(_OURS_OF.format("signs"))
        self._code = code
        self._roles = {
            word: role
            for name, role in _ROLES.items()
            for word in raw.get(name, {}).get("words", "").split()
        }
        self._own = {
            sign: float(group["weight"])
            for group in signs["group"]
            for sign in group["signs"].split()
        }
        self._starts: dict[str, float] = {}
        self._vader = lexicons.vader() if code == "en" else {}
        self._textblob = lexicons.polarities(code) if code in lexicons.LANGUAGES else {}
        self._forms = Memory(self._read)
        self._phrases: dict[str, Phrases] = {}
        for group in raw["group"]:
            self._add(group)
        self._heard_of = {word for word in self._own if len(word) > 3}
        self._lengths = _lengths(self._starts)
        self._stems = _stems(self._own) if code == "nl" else {}
        negating = {word for word, role in self._roles.items() if role == NEGATES}
        self._heads = negating | self._heard_of
        self._listed = {*self._own, *self._roles, *self._phrases, *self._vader, *self._textblob}
        self._listed |= JOINS
        for known in self._phrases.values():
            self._listed.update(*(each.rest for phrases in known.values() for each in phrases))

    def _add(self, group: Mapping[str, Any]) -> None:
        weight = float(group["weight"])
        for word in group.get("words", "").split():
            weights = self._starts if word.endswith("*") else self._own
            weights[word.rstrip("*")] = weight
        for written in group.get("phrases", ()):
            for choice in product(*(part.split("|") for part in written.split())):
                first, *rest = (word for part in choice for word in self._split(part))
                if not rest:
                    self._own[first] = weight
                    continue
                known = self._phrases.setdefault(first, {})
                phrase = self._phrase(first, rest, weight, reaches=group.get("reaches", False))
                phrases = (*known.get(rest[0], ()), phrase)
                known[rest[0]] = tuple(sorted(phrases, key=lambda phrase: -len(phrase.rest)))

    def _phrase(self, first: str, rest: Sequence[str], weight: float, *, reaches: bool) -> Phrase:
        backwards = [self._roles.get(word) == NEGATES for word in (*reversed(rest), first)]
        negates = True in backwards
        beyond = backwards.index(True) if negates and reaches else None
        return Phrase(tuple(rest), weight, negates, beyond)

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a text, contractions written out, hashtags taken apart."""
        text = with_marks_read(text)
        if "#" in text:
            text = _TAGGED.sub(lambda found: self._taken_apart(found[1]), text)
        if "\n" in text:
            text = text.replace("\n", " … ")
        return list(chain.from_iterable(map(self._forms.__getitem__, text.lower().split())))

    def _read(self, form: str) -> tuple[Token, ...]:
        if form.isalpha():
            if self._is_unheard(form):
                return _UNHEARD
            return tuple(map(self._token, self._split(form)))
        word, sign = form[:-1], form[-1]
        if sign in _SINGLE and word.isalpha():
            return *self._forms[word], *self._forms[sign]
        parts = _TOKEN.findall(form.translate(_APOSTROPHES))
        return tuple(chain.from_iterable(map(self._read_part, parts)))

    def _read_part(self, part: str) -> Iterable[Token]:
        return self._forms[part] if part.isalpha() else map(self._token, self._split(part))

    def _split(self, form: str) -> Sequence[str]:
        """The words of a written form: ``isn't`` and ``isnt`` are ``is not``."""
        if self._code != "en":
            return (form,)
        if form in _CONTRACTIONS:
            return _CONTRACTIONS[form]
        if form.endswith("n't") or (form.endswith("nt") and form[:-2] in _NEGATABLE):
            base = form[:-3] if form.endswith("n't") else form[:-2]
            return _FULL.get(base, base) or "do", "not"
        head, mark, tail = form.partition("'")
        return (head, _TAILS[tail]) if mark and tail in _TAILS else (form,)

    def is_word(self, tag: str) -> bool:
        """Whether a tag is a single word that some list knows."""
        return self._is_known(tag.lower())

    def falls_apart(self, tag: str) -> bool:
        """Whether a tag is a known word, or several."""
        return self.is_word(tag) or self._taken_apart(tag) != tag

    def _taken_apart(self, tag: str) -> str:
        """The words of a tag: ``#NeverAgain`` by its capitals, ``#nothappy`` by known words."""
        if tag.lower() in _MOCKING:
            return f"#{tag}"
        written = _HUMP.sub(" ", tag)
        if written != tag or len(tag) > _LONGEST_TAG or self._is_known(tag.lower()):
            return written
        cuts = range(2, len(tag) - 2)
        return next((f"{tag[:cut]} {tag[cut:]}" for cut in cuts if self._is_seam(tag, cut)), tag)

    def _is_seam(self, tag: str, cut: int) -> bool:
        """Whether a tag falls into a negation or a word of mood, and another known word."""
        head = tag[:cut].lower()
        if head not in self._heads:
            return False
        tail = tag[cut:].lower()
        if self._roles.get(head) == NEGATES:
            return bool(self._own.get(tail))
        weight = self._own.get(head, 0.0) or self._own.get(tail, 0.0)
        return bool(weight) and head in self._heard_of and tail in self._heard_of

    def _token(self, word: str) -> Token:
        if not word[0].isalpha():
            weight, role = self._own.get(word), _mark(word)
            if weight is None:
                shorter = (word[:3], word[:2]) if role == PLAIN else ()
                weight = next((self._own[sign] for sign in shorter if sign in self._own), 0.0)
            phrases = self._phrases.get(word)
            loudness = LOUD if weight or role else OPENS if phrases else QUIET
            return Token(word, weight, weight, 0.0, role, phrases, loudness)
        written = self._known(word)
        role = self._roles.get(written, PLAIN)
        own = self._ours(written)
        vader = _VADER_SCALE * self._vader.get(written, 0.0)
        textblob = _TEXTBLOB_SCALE * self._textblob.get(written, 0.0)
        phrases = self._phrases.get(written)
        if role and own is None:
            vader = textblob = 0.0
        weight = _weighed(own, vader, textblob)
        is_loud = weight or vader or textblob or role
        loudness = LOUD if is_loud else OPENS if phrases else QUIET
        return Token(written, weight, vader, textblob, role, phrases, loudness)

    def _is_unheard(self, word: str) -> bool:
        """Whether no list can know a word, however it is written: so with most new ones."""
        return (
            word not in self._listed
            and word[-2:] not in _TELLING
            and word[0] not in _LAUGHS
            and not _LONG.search(word)
            and self._ours(word) is None
        )

    def _known(self, word: str) -> str:
        """The word, or what it is without letters held long: ``sooo goood``."""
        if word[0] in _LAUGHS and len(word) > 3 and _LAUGH.fullmatch(word):
            return "haha"
        if not _LONG.search(word) or self._is_known(word):
            return word
        shorter = (_LONG.sub(r"\1\1", word), _LONG.sub(r"\1", word))
        return next((form for form in shorter if self._is_known(form)), word)

    def _is_known(self, word: str) -> bool:
        return (
            word in self._roles
            or word in self._phrases
            or word in self._vader
            or word in self._textblob
            or self._ours(word) is not None
        )

    def _ours(self, word: str) -> float | None:
        """Our weight of a word, of how it starts, or of what it is an inflection of."""
        own = self._own.get(word)
        if own is not None:
            return own
        for length in self._lengths.get(word[:_SHORTEST], ()):
            if word[:length] in self._starts:
                return self._starts[word[:length]]
        if self._stems and len(word) >= 5 and word[-1] in _LAST_OF_ENDINGS:
            return self._uninflected(word)
        return None

    def _uninflected(self, word: str) -> float | None:
        """Our weight of what a Dutch adjective is an inflection of: ``mooier``, ``trage``."""
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
                weight = self._stems.get(word[: -len(ending)])
                if weight is not None:
                    return weight
        return None


def _lengths(starts: Iterable[str]) -> dict[str, list[int]]:
    """How long the starts of words are that begin with the same letters, the longest first."""
    found: dict[str, set[int]] = {}
    for start in starts:
        found.setdefault(start[:_SHORTEST], set()).add(len(start))
    return {letters: sorted(lengths, reverse=True) for letters, lengths in found.items()}


def _stems(own: Mapping[str, float]) -> dict[str, float]:
    """The weight of what a Dutch adjective is before its ending: ``mooi``, ``trag``, ``boz``.

    A stem that may come of several words has the weight of the one least changed.
    """
    stems: dict[str, float] = {}
    for written in (_as_it_is, _doubled, _shortened, _voiced):
        for word, weight in own.items():
            for stem in written(word):
                stems.setdefault(stem, weight)
    return stems


def _as_it_is(word: str) -> Iterator[str]:
    yield word


def _doubled(word: str) -> Iterator[str]:
    yield word + word[-1]


def _shortened(word: str) -> Iterator[str]:
    """``traag`` as ``trag``, ``boos`` as ``boz``."""
    if len(word) >= 4 and word[-2] == word[-3] and word[-2] in _VOWELS and word[-4] not in _VOWELS:
        yield from _voiced(word[:-2] + word[-1])


def _voiced(word: str) -> Iterator[str]:
    """``lief`` as ``liev``, ``vies`` as ``viez``; a stem that ends so is no word by itself."""
    if word[-1] not in _VOICED:
        yield word
        if word[-1] in _VOICED_OF:
            yield word[:-1] + _VOICED_OF[word[-1]]


def _weighed(own: float | None, vader: float, textblob: float) -> float:
    """One weight of what the lists say: ours first, graded by the packages where they agree."""
    if vader and textblob:
        package = (vader / _VADER_SCALE + textblob) / 2
    else:
        package = vader or _TEXTBLOB_ALONE * textblob
    if own is None:
        return package
    return _OURS * own + (1 - _OURS) * package if own * package > 0 else own


def _mark(sign: str) -> int:
    if "?" in sign:
        return ASKS
    if sign[0] == "#" or sign == "/s":
        return MOCKS
    if "!" in sign:
        return SHOUTS
    if sign[0] in ".…":
        return ENDS
    return PAUSES if sign in {",", ";", ":", "(", ")", "–", "—"} else PLAIN


def _raw(name: str) -> dict[str, Any]:
    file = resources.files("pipeline.enrich").joinpath(name)
    return tomllib.loads(file.read_text("utf-8"))


@cache
def words(code: str, lists: Path | None = None) -> Words:
    """The words of a language, read once in a process; from a file of its own, or from ours."""
    if lists is not None:
        return Words(code, tomllib.loads(lists.read_text("utf-8")))
    return Words(code, _raw(_OURS_OF.format(code)))
