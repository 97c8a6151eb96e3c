"""The document in a feed's bytes: characters decoded, prolog checked, bounded, fit for a parser.

What stands before the root element (declarations that lie or are broken, comments, stylesheets,
document types) is cut off: it carries nothing that is needed, and much that breaks or attacks XML.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import Final

import msgspec

from connectors.markup import clean
from pipeline.errors import PayloadError

MAX_ITEMS: Final = 5_000
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_HTTP_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"<\?[^>]{0,200}?encoding\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_SUPERSETS: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
_KNOWN: Final = ("utf-", "iso8859", "cp", "koi8", "big5", "gb", "euc_", "shift_jis", "tis", "mac")
_SINGLE_BYTE: Final = ("iso8859", "cp125", "koi8", "mac")
_NAME: Final = re.compile(r"<(?P<prefix>[\w.-]+:)?(?P<local>[A-Za-z_][\w.-]*)")
_ITEM: Final = re.compile(r"<(?P<prefix>[\w.-]+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")
_ROOTS: Final = frozenset({"rss", "rdf", "feed"})
_OF_A_PAGE: Final = "name the address of the feed itself; if it is one, the site asks for a login"
_ENTITY: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_SUBSET_END: Final = re.compile(r"\]\s*>")


class Document(msgspec.Struct, frozen=True):
    """A feed from its root element on; ``items`` were counted, of which ``kept`` are in ``text``.

    ``is_whole`` tells whether the root element is closed: a cut-off download is not.
    """

    text: str
    items: int
    kept: int
    is_whole: bool

    @property
    def body(self) -> bytes:
        """UTF-8 that says it is UTF-8."""
        return b'<?xml version="1.0" encoding="utf-8"?>\n' + self.text.encode()

    @property
    def before_items(self) -> str:
        """What the feed says of itself, before its first entry."""
        found = _ITEM.search(self.text)
        return self.text[: found.start()] if found else self.text

    def without_stray_prefix(self) -> Document:
        """The same, with a prefix of its entries taken off that nobody declared (``rss:item``)."""
        found = _ITEM.search(self.text)
        prefix = found["prefix"] if found else None
        if not prefix or f"xmlns:{prefix[:-1]}" in self.text:
            return self
        bare = _TAG.sub(lambda tag: tag[0].replace(prefix, ""), self.text)
        return msgspec.structs.replace(self, text=bare)


def open_document(body: bytes, content_type: str) -> Document:
    """Find the feed in the bytes of a reply.

    Raises:
        PayloadError: empty, no feed (a login page, JSON, another kind of XML), or entity
            definitions, which no feed needs and every XML bomb does.
    """
    text = clean(decoded(body, content_type))
    if not text.strip():
        raise PayloadError("an empty answer where a feed was promised", where="$")
    start, root = _root(text)
    local = root.rpartition(":")[2].lower()
    if local not in _ROOTS:
        is_page = local in {"html", "head", "body"}
        kind = "an HTML page" if is_page else f"<{root}>"
        raise PayloadError(
            f"{kind} where a feed was promised",
            where="$",
            todo=_OF_A_PAGE if is_page else "",
        )
    text = _ENTITY.sub(_character, text[start:])
    starts = [found.start() for found in _ITEM.finditer(text)]
    is_whole = text.rstrip().endswith(">") and f"</{root}".lower() in text[-2_000:].lower()
    if len(starts) <= MAX_ITEMS:
        return Document(text, len(starts), len(starts), is_whole)
    prefix = root.rpartition(":")[0]
    ending = f"</{prefix and prefix + ':'}channel></{root}>" if local == "rss" else f"</{root}>"
    return Document(text[: starts[MAX_ITEMS]] + ending, len(starts), MAX_ITEMS, is_whole)


def decoded(body: bytes, content_type: str = "") -> str:
    """The characters: by byte order mark, HTTP, declaration, in this order, as far as they fit.

    Text that is valid UTF-8 is not read as anything with one byte a character, whoever says so.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body.decode(codec, "replace")
    told = _HTTP_CHARSET.search(content_type)
    declared = _DECLARED.search(body[:2_000])
    names = [told[1] if told else "", declared[1].decode() if declared else "", "utf-8"]
    codecs_told = [codec for codec in map(_codec, names) if codec]
    if any(codec.startswith(_SINGLE_BYTE) for codec in codecs_told):
        codecs_told.insert(0, "utf-8")
    for codec in codecs_told:
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue
    return _salvaged(body)


def _codec(name: str) -> str | None:
    """The codec of an encoding label; None when it is none for text on the web.

    UTF-16 and UTF-32 are not believed without their mark: the label itself was readable as ASCII.
    """
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    codec = _SUPERSETS.get(codec, codec)
    is_wide = codec.startswith(("utf-16", "utf-32"))
    is_known = codec.startswith(_KNOWN) and codec != "utf-7"
    return codec if is_known and not is_wide else None


def _salvaged(body: bytes) -> str:
    """UTF-8 with some damage, or Western European single bytes, whichever leaves less damage."""
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    sound = sum(1 for char in text if char > "\x7f") - damaged
    return text if sound > damaged else body.decode("cp1252", "replace")


def _root(text: str) -> tuple[int, str]:
    """Where the root element starts, and its name."""
    place = text.find("<")
    while place >= 0:
        if text.startswith("<!--", place):
            end = text.find("-->", place + 4)
        elif text.startswith("<?", place):
            end = text.find(">", place)
        elif text.startswith("<!", place):
            end = _declaration_end(text, place)
        else:
            found = _NAME.match(text, place)
            if found is not None:
                return place, found[0][1:]
            end = place
        place = text.find("<", end + 1) if end >= 0 else -1
    kind = "JSON" if text.lstrip()[:1] in "{[" else "text"
    raise PayloadError(f"{kind} where a feed was promised", where="$")


def _declaration_end(text: str, place: int) -> int:
    close, subset = text.find(">", place), text.find("[", place)
    if subset < 0 or close < subset:
        return close
    found = _SUBSET_END.search(text, subset)
    end = found.end() - 1 if found else len(text)
    if "<!entity" in text[subset:end].lower():
        raise PayloadError("entity definitions are refused: no feed needs them", where="$")
    return end if found else -1


def _character(found: re.Match[str]) -> str:
    """An HTML entity that XML does not know, as its character."""
    if found[1] in _XML_ENTITIES:
        return found[0]
    return html5.get(f"{found[1]};", found[0])
