"""What is left of a text for those who read it."""

import time

import pytest

from pipeline.enrich.text import LONGEST, readable, running


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Zie https://a.example/b?c=d#e, graag", "Zie graag"),
        ("www.a.example is stuk", "is stuk"),
        ("@jan @piet@b.example hoi", "hoi"),
        ("RT @jan: mooi", ": mooi"),
        ("mail jan.p@b.example eens", "mail eens"),
        ("<p>hoi <b>daar</b></p>", "hoi daar"),
        ("1 < 2 en 3 > 2", "1 < 2 en 3 > 2"),
        ("Q&amp;A &lt;3", "Q&A <3"),
        ("#storing in #Utrecht!", "#storing in #Utrecht!"),
        ("Mooi 🎉", "Mooi 🎉"),
        ("Mooi :tada:, :+1::-1: :+1:t3: :blobcat:", "Mooi 🎉, 👍👎 👍 :blobcat:"),
        ("om 10:100:30 of a:x:b, std::x::y", "om 10:100:30 of a:x:b, std::x::y"),
        ("z̸̢̛a̴͝l̵g̶o", "z̸a̴l̵g̶o"),
        ("", ""),
    ],
)
def test_links_handles_and_markup_go(text: str, left: str) -> None:
    assert " ".join(readable(text).split()) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("> Acme is waardeloos\n\nHelemaal niet", "Helemaal niet"),
        ("Klopt.\n> een\n>> twee\n>\n> drie\nEn nee.\n> vier", "Klopt. En nee."),
        ("&gt; Acme is waardeloos\nHelemaal niet", "Helemaal niet"),
        ("On Tue, Jan 1, 2019, Kim <kim@a.example> wrote:\n\n> Broken\n\nThanks!", "Thanks!"),
        ("Dank\n\nOp di 1 jan 2019 om 10:00 schreef\nKim <kim@a.example>:\n> Stuk", "Dank"),
        ("> Acme is waardeloos", "> Acme is waardeloos"),
        ("> Waardeloos\n😡", "😡"),
        ("Al\n> 3 uur\n>1000 klanten\n>= 5 dagen", "Al > 3 uur >1000 klanten >= 5 dagen"),
        ("> [!NOTE]\n> Wij zijn dicht\n\nTot morgen", "> [!NOTE] > Wij zijn dicht Tot morgen"),
        (">!Hij wint!<\nMooi", ">!Hij wint!< Mooi"),
        ("a > b\nc -> d", "a > b c -> d"),
        ("Weer te laat\n>:(\nfijn", "Weer te laat >:( fijn"),
        ("> Waardeloze service\n@kpn @ziggo", "> Waardeloze service"),
        ("Belachelijk.\n>€50 per maand\nWeg", "Belachelijk. >€50 per maand Weg"),
        ("Op 3 mei schreef ik dit:\n> Beste\nTja", "Op 3 mei schreef ik dit: Tja"),
        (
            "Nu met korting!\n> Bestel hier: https://a.example #zon",
            "Nu met korting! > Bestel hier: #zon",
        ),
    ],
)
def test_what_is_quoted_is_said_by_another(text: str, left: str) -> None:
    assert " ".join(readable(text).split()) == left


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Al 3 uur #storing in Utrecht 😡😡", "Al uur in Utrecht"),
        ("QWxhZGRpbjpvcGVuIHNlc2FtZVFXeGhaR1JwYmpwdmNHVnVJSE5sYzJGdFpR hoi", "hoi"),
        ("it's a 2-day co-op", "it's a -day co-op"),
        ("🙃", ""),
    ],
)
def test_running_words(text: str, words: str) -> None:
    assert running(text, 160) == words


@pytest.mark.parametrize(
    "piece", ["On " + "wrote " * 60 + "\n", "On x\n", "> a\n", ">", ":a", ":+1:"]
)
def test_a_long_text_that_seems_to_quote_costs_no_more_than_its_length(piece: str) -> None:
    begun = time.process_time()
    readable(f"> q\n{piece * (100_000 // len(piece))}\n> q\nown")
    assert time.process_time() - begun < 3


def test_no_more_is_read_than_enough() -> None:
    assert len(readable("a" * 100_000)) == LONGEST
    assert len(running("woord " * 1000, 160)) <= 160
