"""Understand one article of GDELT: an address, a title cut into words, and when it was seen."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

import msgspec

from connectors.markup import clean, resolve
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item

LANGUAGES: Final = {
    "Afrikaans": "af",
    "Albanian": "sq",
    "Arabic": "ar",
    "Armenian": "hy",
    "Azerbaijani": "az",
    "Basque": "eu",
    "Belarusian": "be",
    "Bengali": "bn",
    "Bosnian": "bs",
    "Bulgarian": "bg",
    "Burmese": "my",
    "Catalan": "ca",
    "Chinese": "zh",
    "Croatian": "hr",
    "Czech": "cs",
    "Danish": "da",
    "Dutch": "nl",
    "English": "en",
    "Estonian": "et",
    "Finnish": "fi",
    "French": "fr",
    "Galician": "gl",
    "Georgian": "ka",
    "German": "de",
    "Greek": "el",
    "Gujarati": "gu",
    "Hebrew": "he",
    "Hindi": "hi",
    "Hungarian": "hu",
    "Icelandic": "is",
    "Indonesian": "id",
    "Italian": "it",
    "Japanese": "ja",
    "Kannada": "kn",
    "Kazakh": "kk",
    "Khmer": "km",
    "Korean": "ko",
    "Lao": "lo",
    "Latvian": "lv",
    "Lithuanian": "lt",
    "Macedonian": "mk",
    "Malay": "ms",
    "Malayalam": "ml",
    "Maltese": "mt",
    "Marathi": "mr",
    "Mongolian": "mn",
    "Nepali": "ne",
    "Norwegian": "no",
    "NorwegianNynorsk": "nn",
    "Oriya": "or",
    "Pashto": "ps",
    "Persian": "fa",
    "Polish": "pl",
    "Portuguese": "pt",
    "Punjabi": "pa",
    "Romanian": "ro",
    "Russian": "ru",
    "Serbian": "sr",
    "Sinhalese": "si",
    "Slovak": "sk",
    "Slovenian": "sl",
    "Somali": "so",
    "Spanish": "es",
    "Swahili": "sw",
    "Swedish": "sv",
    "Tamil": "ta",
    "Telugu": "te",
    "Thai": "th",
    "Tibetan": "bo",
    "Turkish": "tr",
    "Ukrainian": "uk",
    "Urdu": "ur",
    "Uzbek": "uz",
    "Vietnamese": "vi",
    "Welsh": "cy",
}
"""GDELT names a language in English; what is not named here is unknown."""
_ESCAPE: Final = re.compile(rb'\\(?P<known>["\\/bfnrt]|u[0-9A-Fa-f]{4})?')
_CONTROL: Final = re.compile(rb"[\x00-\x1f]")
_TRACKING: Final = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid", re.IGNORECASE)
_BEFORE: Final = re.compile(r" (?=[,.;:!?%)\]}…،؛؟।])")
_BEFORE_IN_FRENCH: Final = re.compile(r" (?=[,.)\]}…])")
_AFTER: Final = re.compile(r" (?<=[(\[{] )")
_WIDE: Final = re.compile(r" ?([，。：；！？、％（）「」『』《》]) ?")
_THOUSANDS: Final = re.compile(r", (?<=\d, )(?=\d{3}(?!\d))")
_DECIMALS: Final = re.compile(r"\. (?<=\d\. )(?=\d)")
_SEEN: Final = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z", re.ASCII)


class _Article(msgspec.Struct):
    """The address for telephones and the country are empty where GDELT knows none."""

    url: str
    title: str
    seendate: str
    domain: str
    language: str
    url_mobile: str = ""


def article_post(item: Item) -> Post:
    """An article; its text is the publisher's and does not come with it.

    Raises:
        PayloadError: an article without a web address or a time that can be read.
    """
    article = msgspec.json.decode(item.raw, type=_Article)
    address = resolve(article.url)
    if address is None:
        raise PayloadError("no web address", where="$.url")
    name = untracked(address)
    mobile = resolve(article.url_mobile) if article.url_mobile else None
    domain = article.domain or urlsplit(address).hostname or None
    language = LANGUAGES.get(article.language)
    return Post(
        platform="gdelt",
        post_id=name,
        native_id=name,
        aliases=tuple(dict.fromkeys(each for each in (mobile,) if each and each != address)),
        kind="article",
        observed_at=item.observed_at,
        created_at=_seen(article.seendate),
        url=address,
        author_id=domain,
        author_handle=domain,
        author_name=domain,
        author_url=f"https://{domain}/" if domain else None,
        title=tidy(article.title, language) or None,
        language=language,
        payload=item.raw.decode("utf-8", "replace"),
    )


def mended(body: bytes) -> bytes:
    """JSON in which no title breaks the rest: stray backslashes and control characters go.

    What is right already stays as it is, byte by byte.
    """
    bare = _ESCAPE.sub(lambda found: found[0] if found["known"] else b"", body)
    return _CONTROL.sub(b" ", bare).decode("utf-8", "replace").encode()


def tidy(title: str, language: str | None) -> str:
    """A title as it was printed: GDELT puts a space around every mark; hyphens stay as they are."""
    words = " ".join(clean(title).split()).strip(" |")
    words = words if words.isascii() else _WIDE.sub(r"\1", words)
    words = (_BEFORE_IN_FRENCH if language == "fr" else _BEFORE).sub("", words)
    return _DECIMALS.sub(".", _THOUSANDS.sub(",", _AFTER.sub("", words)))


def untracked(address: str) -> str:
    """The address without the marks by which a publisher counts where readers come from."""
    if "?" not in address:
        return address
    parts = urlsplit(address)
    query = parts.query.split("&")
    kept = [each for each in query if not _TRACKING.fullmatch(each.partition("=")[0])]
    return address if len(kept) == len(query) else parts._replace(query="&".join(kept)).geturl()


def _seen(text: str) -> datetime:
    found = _SEEN.fullmatch(text)
    try:
        year, month, day, hour, minute, second = map(int, found.groups() if found else ())
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise PayloadError(f"no time: {text[:40]!r}", where="$.seendate") from error
