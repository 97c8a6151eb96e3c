"""The sentences of the report as its source has them, for the tests of its translations."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import pipeline
from pipeline.report.words import catalogue

FOLDER = Path(pipeline.__file__).parent
METHODS = [
    ("report/**.py", "python"),
    ("inbox*.py", "python"),
    ("alerts/**.py", "python"),
    ("explore/**.py", "python"),
    ("explore/templates/**.html", "jinja2.ext:babel_extract"),
    ("report/templates/**.html", "jinja2.ext:babel_extract"),
]
KEYWORDS = {"say": None, "later": None, "many": (1, 2)}


def in_source() -> Catalog:
    """Every message that stands in the code and the templates."""
    found = Catalog(locale="nl", project="Luister", charset="utf-8")
    for file, line, message, _, context in extract_from_dir(
        str(FOLDER), METHODS, keywords=KEYWORDS, comment_tags=()
    ):
        found.add(message, None, [(f"pipeline/{file}", line)], context=context)
    return found


def translated(language: str = "nl") -> Catalog:
    """The catalogue of a language."""
    with catalogue(language).open("rb") as file:
        return read_po(file, locale=language)
