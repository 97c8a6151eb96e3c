"""The papers the AVG (GDPR) asks for, written from luister.toml: always as what runs tonight.

A register entry (article 30), the skeleton of a data protection impact assessment (article 35), the
balancing test of legitimate interest (article 6(1)(f)) and a public notice (article 14), each in
Dutch and in English. What only people can say is marked ``[…]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from pipeline.config import Config
from pipeline.overdue import TERM_DAYS

PAPERS: Final = ("register", "dpia", "balancing", "notice")
LANGUAGES: Final = ("nl", "en")
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "yes": "ja",
        "no": "nee",
        "none": "geen",
        "all": "zoektermen uit de namen van de organisatie",
        "opt_out": "Mensen die op hun platform aangeven niet gevonden te willen worden, worden "
        "overgeslagen.",
        "no_opt_out": "Afmeldingen op platforms worden op dit moment NIET gevolgd "
        "(`honour_opt_out = false`); motiveer dat hier: […]",
        "employees": "Van medewerkers zijn accounts opgegeven ({count}). Hun berichten worden "
        "apart geteld en nooit per persoon getoond of vergeleken. Zij zijn hierover ingelicht "
        "op […]; de ondernemingsraad is gehoord op […].",
        "no_employees": "Er zijn geen accounts van medewerkers opgegeven.",
        "days": "{platform}: {days} dagen",
        "enforced": "Elke nacht worden bekende berichten opnieuw opgevraagd, het langst niet "
        "geziene eerst. Van een bericht dat niet binnen de termijn van zijn platform opnieuw is "
        "gezien ({terms}), verdwijnen de woorden, de naam van de schrijver en het ontvangen "
        "antwoord; het bericht telt zonder woorden mee.",
        "not_enforced": "Termijnen waarbinnen platforms verwijderingen gevolgd willen zien "
        "({terms}) worden op dit moment NIET afgedwongen (`enforce_deletion_terms = false`); "
        "motiveer dat hier: […]",
        "no_terms": "Elke nacht worden bekende berichten opnieuw opgevraagd; wat daar verwijderd "
        "is, wordt ook hier verwijderd. Geen van deze platforms noemt een termijn in dagen.",
    },
    "en": {
        "yes": "yes",
        "no": "no",
        "none": "none",
        "all": "search terms from the names of the organisation",
        "opt_out": "People who ask on their platform not to be found are skipped.",
        "no_opt_out": "Opt-outs on platforms are NOT honoured at present "
        "(`honour_opt_out = false`); give the reason here: […]",
        "employees": "Accounts of employees are declared ({count}). Their posts are counted apart "
        "and never shown or compared per person. They were told on […]; the works council was "
        "heard on […].",
        "no_employees": "No accounts of employees are declared.",
        "days": "{platform}: {days} days",
        "enforced": "Each night asks again for known posts, those not seen for longest first. Of a "
        "post that was not seen again within the term of its platform ({terms}) the words, the "
        "name of the author and the answer as received are removed; the post is counted without "
        "its words.",
        "not_enforced": "The terms within which platforms want deletions followed ({terms}) are "
        "NOT enforced at present (`enforce_deletion_terms = false`); give the reason here: […]",
        "no_terms": "Each night asks again for known posts; what is deleted there is deleted here "
        "too. None of these platforms names a term in days.",
    },
}


def write_papers(config: Config, folder: Path) -> list[Path]:
    """Write all papers in both languages; returns their paths.

    Args:
        config: what they tell of.
        folder: made where needed; papers of the same name are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language in LANGUAGES:
        for paper in PAPERS:
            path = folder / f"{paper}.{language}.md"
            path.write_text(paper_text(config, paper, language), encoding="utf-8")
            written.append(path)
    return written


def paper_text(config: Config, paper: str, language: str) -> str:
    """One paper in one language, as Markdown."""
    template = files("pipeline").joinpath("papers", f"{paper}.{language}.md")
    return template.read_text(encoding="utf-8").format_map(_told(config, language))


def _told(config: Config, language: str) -> dict[str, str | int]:
    words = _WORDS[language]
    privacy = config.privacy
    platforms = sorted({source.platform for source in config.source})
    staff = sum(len(found) for each in config.organisations for found in each.employees.values())
    told = words["employees"].format(count=staff) if staff else words["no_employees"]
    rivals = [_plain(each.name) for each in config.competitor]
    return {
        "organisation": _plain(config.organisation.name),
        "contact": _plain(config.contact),
        "platforms": ", ".join(platforms) or words["none"],
        "competitors": ", ".join(rivals) or words["none"],
        "sources": _sources(config, words),
        "payload_days": privacy.payload_days,
        "text_days": privacy.text_days,
        "pseudonym_days": privacy.pseudonym_days,
        "counts_months": privacy.counts_months,
        "minimum_authors": privacy.minimum_authors,
        "opt_out": words["opt_out"] if privacy.honour_opt_out else words["no_opt_out"],
        "employees": told,
        "deletions": _deletions(config, words),
    }


def _deletions(config: Config, words: Mapping[str, str]) -> str:
    """How deletions on the platforms are followed, and within what term."""
    platforms = sorted({each.platform for each in config.source} & TERM_DAYS.keys())
    if not platforms:
        return words["no_terms"]
    terms = ", ".join(
        words["days"].format(platform=each, days=TERM_DAYS[each]) for each in platforms
    )
    is_enforced = config.privacy.enforce_deletion_terms
    return words["enforced" if is_enforced else "not_enforced"].format(terms=terms)


def _sources(config: Config, words: Mapping[str, str]) -> str:
    """A row of a table for each source."""
    rows = []
    for source in config.source:
        asked = (*(source.terms or ()), *(f"#{tag}" for tag in source.tags or ()))
        asked = (*asked, *(source.accounts or ()), *source.urls)
        told = ", ".join(map(_plain, asked)) or words["all"]
        rows.append(f"| {source.name} | {source.platform} | {told} |")
    return "\n".join(rows) or f"| {words['none']} | | |"


def _plain(text: str) -> str:
    """A name from outside inside Markdown: on one line, and no table, link or tag of its own."""
    return "".join(_escaped(" ".join(text.split())))


def _escaped(text: str) -> Iterable[str]:
    for character in text:
        yield f"\\{character}" if character in "|<>[]`*_" else character
