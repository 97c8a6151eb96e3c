"""Nothing is half translated: every sentence has its Dutch, and no English is left on the page."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from babel.messages.catalog import Message
from selectolax.lexbor import LexborHTMLParser

from pipeline.report import Report
from pipeline.report.words import Words
from tests.report.messages import in_source, translated

SHORTEST_TELLING_FRAGMENT = 12


def texts(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def messages() -> list[Message]:
    return [message for message in in_source() if message.id]


def test_the_source_is_read() -> None:
    assert len(messages()) > 150
    assert "Every definition" in in_source()


def test_every_message_has_a_translation_and_none_is_left_over() -> None:
    dutch = translated()
    wanted = {str(message.id) for message in messages()}
    present = {
        str(message.id) for message in dutch if message.id and all(texts(message.string or ""))
    }

    assert present == wanted
    assert not dutch.obsolete
    assert not [message.id for message in dutch if message.fuzzy]


@pytest.mark.parametrize("message", messages(), ids=lambda message: texts(message.id)[0][:40])
def test_a_translation_names_the_same_things(message: Message) -> None:
    found = translated().get(message.id)
    assert found is not None

    for text in texts(found.string):
        assert fields(text) == fields(texts(message.id)[-1])
        assert text == text.strip()
        assert "  " not in text


def test_a_percentage_is_written_as_babel_writes_numbers() -> None:
    said = [text for message in translated() for text in texts(message.string)]
    said += [text for message in messages() for text in texts(message.id)]
    assert str(Words("nl").share(0.2)) == "20%"
    assert str(Words("en").share(0.2)) == "20%"
    assert [text for text in said if re.search(r"[\d}]\s%", text)] == []


def visible(report: Report) -> str:
    page = LexborHTMLParser(report.path.read_text(encoding="utf-8"))
    for hidden in page.css("pre, style, head"):
        hidden.decompose()
    labels = [node.attributes["aria-label"] or "" for node in page.css("[aria-label]")]
    text = page.body.text(separator=" ") if page.body else ""
    return " ".join([*re.sub(r"\s+", " ", text).split(" "), *labels])


def fragments(text: str) -> list[str]:
    """What of a message stands on the page whatever is filled in."""
    parts = [part for part, *_ in Formatter().parse(text)]
    return [part.strip() for part in parts if len(part.strip()) >= SHORTEST_TELLING_FRAGMENT]


def telling(language: str) -> set[str]:
    """Fragments that belong to one of the two languages alone."""
    dutch, english = set[str](), set[str]()
    for message in translated():
        if message.id:
            english.update(part for text in texts(message.id) for part in fragments(text))
            dutch.update(part for text in texts(message.string) for part in fragments(text))
    return dutch - english if language == "nl" else english - dutch


def test_no_english_is_left_in_the_dutch_report(dutch: Report) -> None:
    page = visible(dutch)

    assert not [each for each in telling("en") if each in page]
    assert len([each for each in telling("nl") if each in page]) > 60


def test_no_dutch_is_left_in_the_english_report(english: Report) -> None:
    page = visible(english)

    assert not [each for each in telling("nl") if each in page]
    assert len([each for each in telling("en") if each in page]) > 60


def test_the_five_lines_are_in_the_language_of_the_report(dutch: Report, english: Report) -> None:
    assert "hoorden we" in dutch.headlines[0]
    assert "we heard" in english.headlines[0]
    assert not [each for each in telling("en") if each in " ".join(dutch.headlines)]
