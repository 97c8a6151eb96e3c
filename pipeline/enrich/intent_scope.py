"""What takes its sense from the whole text: trouble told to be over, denials that deny nothing.

"De storing is verholpen" waits for no answer, but "volgens jullie is de storing verholpen" does. So
a text is over only where it says nothing else, and the rest is counted as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from pipeline.enrich.intent_phrases import LANGUAGES, UNKNOWN, spoken

_LONGEST: Final = 300
"""Characters, as ``spoken`` gives them, beyond which no text says that alone."""
_BEHIND: Final = 400
"""Characters behind a phrase that are looked at, so that long texts cost no more."""
_ENDS: Final = rf"(?=[^,;.:?!…–—(\n]{{0,{_BEHIND}}}(?:  [.!…\n]){{0,9}} ?\Z)"


def telling_over(told: Mapping[str, Mapping[str, str]]) -> Callable[[str, str], bool]:
    """A test whether a text, as ``spoken`` gives it, tells that trouble is over and nothing else.

    Args:
        told: ``what``, ``over``, ``midway`` and ``beside`` for each language.
    """
    patterns = {language: [_only_over(told[language])] for language in LANGUAGES}
    patterns[UNKNOWN] = [each for known in patterns.values() for each in known]

    def tells(said: str, language: str) -> bool:
        if len(said) > _LONGEST:
            return False
        return any(each.fullmatch(said) for each in patterns.get(language, ()))

    return tells


def _only_over(told: Mapping[str, str]) -> re.Pattern[str]:
    within = f"  (?:(?:{_any_of(told['midway'])})  )?"
    over = _any_of(told["over"]).replace("  ", within)
    signs, _, words = told["beside"].partition("|")
    sign = "|".join(map(re.escape, signs.replace(",", "").split()))
    beside = rf"(?: (?:{sign}|,|\n|\ufe0f|{_any_of(words)}) )*"
    what = f"(?: (?:{_any_of(told['what'])}) )+"
    return re.compile(f"{beside}(?:{what}{beside} (?:{over}) {beside})+")


def hearing_praise(told: Mapping[str, str]) -> Callable[[str], str]:
    """What takes denials that deny nothing out of a text, as ``spoken`` gives it."""
    turns, strongest, said = (_any_of(told[name]) for name in ("turns", "strongest", "said"))
    forward, urgent = _any_of(told["forward"]), _any_of(told["urgent"])
    between = rf"(?:  (?!(?:{_any_of(told['short_of'])}) )\w+){{0,4}}?"
    turn = re.compile(f" (?:{turns}) ")
    denials = re.compile(
        rf" (?:(?:{strongest})(?=  (?:{said}) )"
        rf"|(?:{forward}){_ENDS}(?!.{{0,{_BEHIND}}} (?:{urgent}) )"
        rf"|(?:{_any_of(told['never'])})(?=  (?:{_any_of(told['enough'])}){between}  enough )) ",
        re.DOTALL,
    )

    hints = told["holds"].split(", ")

    def heard(text: str) -> str:
        # most texts hold none of these, and to look for them is quick
        if not any(hint in text for hint in hints) or turn.search(text):
            return text
        return denials.sub("", text)

    return heard


def _any_of(listed: str) -> str:
    """The phrases of a list as one alternative, the longest first; ``*`` before them is open."""
    phrases = [part.strip() for line in listed.splitlines() for part in line.split(",")]
    found = sorted({spoken(each.lstrip("*")).strip(): each[0] for each in phrases if each}.items())
    return "|".join(
        (r"\w*" if first == "*" else "") + re.escape(phrase).replace("\\ ", " ")
        for phrase, first in sorted(found, key=lambda each: -len(each[0]))
    )
