"""Why a source was not read to the end, and what to do about it, in words of the reader.

An error tells its story in English, to whoever mends it. A reader is told its kind, which the
ledger keeps as a code, and the variables of its secrets by name; the whole story stands in
``luister status``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pipeline.report.words import Words, later
from pipeline.secret_names import NEED_SECRETS, SecretNames

WHY: Final[Mapping[str, str]] = {
    "SourceUnavailable": later("could not be reached"),
    "RateLimited": later("asked us to wait"),
    "SourceRefused": later("refused access"),
    "SourceUntrusted": later("was not asked: its address or certificate cannot be trusted"),
    "SecretError": later("was not asked, for its key is missing or cannot be read"),
    "SourceGone": later("no longer exists"),
    "PartGone": later("does not find one of its addresses or names"),
    "AccountGone": later("does not know one of its accounts"),
    "PayloadError": later("sent something we do not understand"),
    "ConfigError": later("is not set up well"),
    "BudgetSpent": later("has used up its budget"),
}
CHECK: Final = "luister check"
UNFINISHED: Final = later("was not read to the end")
NEXT: Final[Mapping[str, str]] = {
    "SourceUnavailable": later("Look whether its address still holds; each night tries it again."),
    "RateLimited": later("Ask for less: a lower budget or fewer names. Each night tries it again."),
    "SourceRefused": later("Arrange access, or renew its key: {check} says which."),
    "SourceUntrusted": later(
        "Look at its address in luister.toml, and whether its certificate has ended."
    ),
    "SecretError": later("Set its key, or mend it: {check} says which."),
    "SourceGone": later("Give it its new address in luister.toml, or take it out."),
    "PartGone": later("Correct it in luister.toml, or take it out: luister status names it."),
    "AccountGone": later(
        "Correct the account in luister.toml, or take it out: luister status names it."
    ),
    "PayloadError": later("The platform answers otherwise than before: look for a newer Luister."),
    "ConfigError": later("Mend luister.toml: {check} says where."),
    "BudgetSpent": later("Raise the budget of its platform in luister.toml, or wait."),
}


def why(code: str | None, words: Words) -> str:
    """What the source did, as the end of a sentence that begins with its name."""
    return words.say(WHY.get(code or "", UNFINISHED))


def next_step(code: str | None, secrets: SecretNames, words: Words) -> str:
    """What somebody can do about it; empty for what only a look at the whole story tells."""
    told = secret_step(code, secrets, words)
    return told or words.say(NEXT.get(code or "", ""), check=CHECK)


def secret_step(code: str | None, secrets: SecretNames, words: Words) -> str:
    """What to do about which variable, where a secret may be behind it; else empty."""
    if code not in NEED_SECRETS:
        return ""
    missing = set_step(secrets, words)
    if not secrets.used or (missing and code == "SecretError"):
        return missing
    if code == "SecretError":
        # one that is no key, or one without the others that its platform wants beside it
        return words.say(
            "Luister cannot ask with {names} as it is, or not with that alone: {check} says why.",
            names=", ".join(secrets.used),
            check=CHECK,
        )
    used = words.many(
        "It was asked with {names}: renew it, or arrange what it may do; {check} tries it.",
        "It was asked with {names}: renew them, or arrange what they may do; {check} tries them.",
        len(secrets.used),
        names=", ".join(secrets.used),
        check=CHECK,
    )
    return f"{used} {missing}".rstrip()


def set_step(secrets: SecretNames, words: Words) -> str:
    """What to do about variables that are not there; empty where none is missed."""
    if not secrets.missing:
        return ""
    return words.many(
        "Luister finds no key in {names}: set it, or mend the file it names.",
        "Luister finds no keys in {names}: set them, or mend the files they name.",
        len(secrets.missing),
        names=", ".join(secrets.missing),
    )
