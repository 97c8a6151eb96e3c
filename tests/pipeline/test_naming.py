"""People who are called by name in the words of their own conversation."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import Config
from pipeline.hardened import ask_hardened
from pipeline.naming import TABLE, note_names, without_names
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.landed import CONFIG, NOW, load, post

ANNA = {"author_id": "anna", "author_handle": "@anna", "author_name": "Anna de Vries"}
BEN = {"author_id": "ben", "author_handle": "@ben", "author_name": "Ben 🌱"}
ACME = {"author_id": "acmecare", "author_handle": "@acmecare", "author_name": "Webcare van Acme"}
SAID = {
    "question": (ANNA, None, "Acme, waarom werkt mijn app niet? Groet, Anna de Vries"),
    "answer": (ACME, "question", "Dag Anna, met Webcare van Acme. Heb je Bente al gevraagd?"),
    "thanks": (BEN, "question", "Ik heb het ook, ANNA! Anna's app is als die van mij. Ben."),
    "fan": ({**ANNA, "author_id": "fan", "author_name": "Acme Fan"}, "question", "Acme is het!"),
    "elsewhere": (BEN, None, "Vries het nu buiten? Anna Karenina is een boek."),
    "titled": (ACME, "question", "Beste mevrouw De Vries, vries het bij mevrouw Kaag ook? ^Kim"),
    "signed": (BEN, None, "Werkt niet. Met vriendelijke groet,\nJ. van den Berg\n06-12345678"),
    "couple": (BEN, None, "Bedankt! Groetjes Piet en Marie-Anne 👋 Piet is blij"),
    "agent": (ACME, None, "Dat zoeken we uit. Groet, Lisa van Acme"),
    "team": (ACME, None, "Graag gedaan. Groet, Team Acme. ^Acme"),
    "short": (
        BEN,
        None,
        "mvg Ank. x^Y, ^^ en ^Dit klopt. Groeten uit Edam, groet Nederland van mij",
    ),
    "brief": (BEN, None, "Kan dit? Gr. Kees. Dank gr Ria! 250 gr. Kaas. Liefs, Kim."),
    "briefer": (BEN, None, "Werkt het al? grtz bob"),
    "small": (BEN, None, "doe eens wat aan die app groetjes roos 🌹"),
    "nobody": (BEN, None, "tot morgen! groetjes allemaal"),
    "parts": (ACME, None, "Dat zoeken we uit ^Tim 1/2"),
    "turning": (ACME, None, "Dat is bekend. ^Joost @sanne"),
    "caret": (ACME, None, "Is gemeld. ^Wim :)"),
    "number": (BEN, None, "Bel mij maar. Mvg Klaas 06-12345678"),
    "smiling": (BEN, None, "lukt het al? groetjes marieke ;-)"),
    "kissing": (BEN, None, "Dank! Groetjes Fleur xx"),
    "town": (BEN, None, "Werkt niet. Groetjes Gijs uit Breda"),
    "pasted": (BEN, None, "Werkt niet. Mvg\u00a0Gerrit"),
    "german": (BEN, None, "Es geht nicht. Mit freundlichen Grüßen Jürgen Müller"),
    "brief german": (BEN, None, "Es geht nicht. MfG Uwe"),
    "french": (BEN, None, "Rien ne marche. Bien à vous, Chloé"),
    "reader": (BEN, None, "Ik ben klant. met vriendelijke groet klant"),
    "curse": (BEN, None, "Die man weer. krijg de groeten man"),
    "told": (BEN, None, "Een pak van 1 gr. Bedankt, groetjes xxx"),
    "cheers": (BEN, None, "Best Western is best, cheers to all.\nCheers,\nmegan"),
    "two": (BEN, None, "Werkt niet. groetjes anna en piet"),
    "three": (BEN, None, "Werkt niet.\nGroet, Anna, Piet & Kim"),
    "formal": (BEN, None, "Kan dit?\nmvg,\npiet van den berg\nps: graag snel"),
    "family": (BEN, None, "Kan dit? Groet, fam. de Vries"),
    "families": (BEN, None, "Bezorgd bij familie Jansen. De serie familie Flodder is leuk."),
    "household": (BEN, None, "Kan dit? Groetjes Anna en de kinderen"),
    "phone": (BEN, None, "Kan dit? Groet, Anna Verstuurd vanaf mijn telefoon"),
    "small caret": (ACME, None, "Dat zoeken we uit! ^kim https://a.example/1"),
    "tight caret": (ACME, None, "Dat zoeken we uit^sanne 2/2"),
    "caret of": (ACME, None, "Goed plan ^Kim van het webcareteam"),
    "above": (BEN, None, "x^y, lees ^dit, wat ^^ zegt. ^this"),
    "surname of agent": (ACME, None, "Is gemeld. Groet, Lisa de Wit van Acme"),
    "thanking": (BEN, None, "Doe er iets aan. Alvast bedankt,\nPiet"),
    "introduced": (BEN, None, "Hallo, mijn naam is Jan Jansen en ik wacht al lang."),
    "introduced small": (BEN, None, "Ik heet anna, en mijn naam is verkeerd gespeld."),
    "introduced english": (BEN, None, "My name is John Smith and it broke"),
    "introduced german": (BEN, None, "Ich heiße Jürgen Müller"),
    "speaking": (ACME, None, "U spreekt met Kim van Acme, wie spreekt u daar?"),
    "welcome": (BEN, None, "Ik heet Edam welkom. U spreekt met onze klantenservice."),
    "companies": (BEN, None, "Wacht. Groet, ING. Groetjes KPN Webcare. Mvg JAN"),
    "two agents": (ACME, None, "Is gemeld. ^JdV en ^Kim, [^Wim]"),
    "small household": (BEN, None, "Kan dit? groetjes anna en de kids"),
    "payee": (BEN, None, "Mijn naam: Jan Jansen, betaald t.n.v. J. de Vries en tnv Rode Kruis"),
    "articles": (BEN, None, "Dank. Groet, Het Team. Groetjes oma"),
    "meaning": (BEN, None, "Doe de groeten aan Sanne, mr. Bean. Regards of Kim are mine."),
}


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with open_warehouse(tmp_path / "data") as opened:
        opened.write_configuration(Config.model_validate(CONFIG))
        posts = [
            post(name, text=text, parent_id=parent, **who)
            for name, (who, parent, text) in SAID.items()
        ]
        load(opened, "1", *posts)
        opened.database.execute(
            """
            create schema marts;
            create table marts.publication (run_id varchar, published_at timestamptz);
            insert into marts.publication values (null, null);
            create table marts.posts (post_key varchar, title varchar, text varchar, kind varchar);
            """
        )
        opened.database.execute(
            """
            create table marts.post_roles (
                organisation varchar, platform varchar, post_key varchar, posted_date date
            );
            create table marts.peak_terms (
                organisation varchar, platform varchar, posted_date date, term varchar,
                posts_count bigint
            );
            insert into marts.peak_terms values
                ('Acme', 'mastodon', '2026-11-01', 'anna', 3),
                ('Acme', 'mastodon', '2026-11-01', 'berg', 9),
                ('Acme', 'mastodon', '2026-11-02', 'anna', 3)
            """
        )
        for name, (_, _, text) in SAID.items():
            key = hashlib.sha256(f"mastodon {name}".encode()).hexdigest()[:24]
            row = [key, "Anna", text, "post"]
            opened.database.execute("insert into marts.posts values (?, ?, ?, ?)", row)
            role = ["Acme", "mastodon", key, "2026-11-01"]
            opened.database.execute("insert into marts.post_roles values (?, ?, ?, ?)", role)
        yield opened


def test_who_takes_part_is_not_named(warehouse: Warehouse) -> None:
    path = warehouse.publish("1", NOW)

    said = {text for (text,) in ask_hardened(path, "select text from marts.posts", seconds=9)[1]}
    assert said == {
        "Acme, waarom werkt mijn app niet? Groet, [name]",
        "Dag [name], met Webcare van Acme. Heb je Bente al gevraagd?",
        "Ik heb het ook, ANNA! [name]'s app is als die van mij. [name].",
        "Acme is het!",
        "Vries het nu buiten? Anna Karenina is een boek.",
        "Beste mevrouw [name], vries het bij mevrouw Kaag ook? ^[name]",
        "Werkt niet. Met vriendelijke groet,\n[name]\n[phone]",
        "Bedankt! Groetjes [name] 👋 Piet is blij",
        "Dat zoeken we uit. Groet, [name] van Acme",
        "Graag gedaan. Groet, Team Acme. ^Acme",
        "mvg [name]. x^Y, ^^ en ^Dit klopt. Groeten uit Edam, groet Nederland van mij",
        "Kan dit? Gr. [name]. Dank gr [name]! 250 gr. Kaas. Liefs, [name].",
        "Werkt het al? grtz [name]",
        "doe eens wat aan die app groetjes [name] 🌹",
        "tot morgen! groetjes allemaal",
        "Dat zoeken we uit ^[name] 1/2",
        "Dat is bekend. ^[name] @sanne",
        "Is gemeld. ^[name] :)",
        "Bel mij maar. Mvg [name] [phone]",
        "lukt het al? groetjes [name] ;-)",
        "Dank! Groetjes [name] xx",
        "Werkt niet. Groetjes [name] uit Breda",
        "Werkt niet. Mvg\u00a0[name]",
        "Es geht nicht. Mit freundlichen Grüßen [name]",
        "Es geht nicht. MfG [name]",
        "Rien ne marche. Bien à vous, [name]",
        "Ik ben klant. met vriendelijke groet klant",
        "Die man weer. krijg de groeten man",
        "Een pak van 1 gr. Bedankt, groetjes xxx",
        "Best Western is best, cheers to all.\nCheers,\n[name]",
        "Werkt niet. groetjes [name]",
        "Werkt niet.\nGroet, [name]",
        "Kan dit?\nmvg,\n[name]\nps: graag snel",
        "Kan dit? Groet, [name]",
        "Bezorgd bij familie [name]. De serie familie Flodder is leuk.",
        "Kan dit? Groetjes [name] en de kinderen",
        "Kan dit? Groet, [name] Verstuurd vanaf mijn telefoon",
        "Dat zoeken we uit! ^[name] https://a.example/1",
        "Dat zoeken we uit^[name] 2/2",
        "Goed plan ^[name] van het webcareteam",
        "x^y, lees ^dit, wat ^^ zegt. ^this",
        "Is gemeld. Groet, [name] van Acme",
        "Doe er iets aan. Alvast bedankt,\n[name]",
        "Hallo, mijn naam is [name] en ik wacht al lang.",
        "Ik heet [name], en mijn naam is verkeerd gespeld.",
        "My name is [name] and it broke",
        "Ich heiße [name]",
        "U spreekt met [name] van Acme, wie spreekt u daar?",
        "Ik heet Edam welkom. U spreekt met onze klantenservice.",
        "Wacht. Groet, ING. Groetjes KPN Webcare. Mvg [name]",
        "Is gemeld. ^[name] en ^[name], [^[name]]",
        "Kan dit? groetjes [name] en de kids",
        "Mijn naam: [name], betaald t.n.v. [name] en tnv Rode Kruis",
        "Dank. Groet, Het Team. Groetjes oma",
        "Doe de groeten aan Sanne, mr. Bean. Regards of Kim are mine.",
    }


@pytest.mark.parametrize(
    "piece",
    [
        *("groet Anna, Piet ", "groet A. ", "mvg piet van ", "^a", "^anna 1/2 ", "bedankt,\n"),
        *("mijn naam is jan ", "bij familie de ", "ik heet Éé ", "xx,\n"),
        *("Groet, Jan, ", "^Jan, ", "Groet, Jan van de ", "Groet, A. B. "),
    ],
)
def test_a_long_text_costs_no_more_than_its_length(tmp_path: Path, piece: str) -> None:
    with open_warehouse(tmp_path / "data") as warehouse:
        warehouse.write_configuration(Config.model_validate(CONFIG))
        load(warehouse, "1", post("long", text=piece * (100_000 // len(piece)), **BEN))
        begun = time.process_time()
        note_names(warehouse.database)
        assert time.process_time() - begun < 3


def test_an_ordinary_word_stays_where_a_name_could_stand(tmp_path: Path) -> None:
    texts = [
        *("bedankt,\nsuper!", "Bedankt,\nTop", "Danke,\nschade!", "Merci,\nbeaucoup"),
        *("Thanks,\n\nProblem\nIt broke", "Dank,\nVraag\nwerkt het?", "Best,\nproduct!"),
        *("ja ^ditto", "Pff ^zucht", "Dit ^zeker!", "e=mc^kwadraat", "goed^goed", "^grappig"),
        *("Mijn naam is haas.", "mijn naam is haas, ik weet van niets", "ik heet hem welkom."),
        *("mijn naam is geheim, dus", "mijn naam is zeer gevoelig.", "my name is irrelevant"),
        *("Mein Name ist Programm", "U spreekt met Ziggo Zakelijk", "Groet, Trouwe Klant"),
        *("Met vriendelijke groet,\ntrouwe klant", "Kind regards,\nloyal customer"),
    ]

    assert _shown(tmp_path, texts) == texts


def test_a_name_goes_where_little_else_could_stand(tmp_path: Path) -> None:
    texts = {
        "Werkt niet. Bedankt,\nPiet Bakker\n": "Werkt niet. Bedankt,\n[name]\n",
        "Great app. Best, megan": "Great app. Best, [name]",
        "mijn naam is jan jansen.": "mijn naam is [name].",
        "mijn naam is jan en ik wacht": "mijn naam is [name] en ik wacht",
        "my name is bob, it broke": "my name is [name], it broke",
        "Groet, Anna, Piet, Kim en Łukasz": "Groet, [name]",
        "Dat zoeken we uit (^kim)": "Dat zoeken we uit (^[name])",
    }

    assert _shown(tmp_path, list(texts)) == list(texts.values())


def _shown(folder: Path, texts: list[str]) -> list[str]:
    with open_warehouse(folder / "data") as warehouse:
        warehouse.write_configuration(Config.model_validate(CONFIG))
        load(warehouse, "1", *[post(f"{at}", text=text, **BEN) for at, text in enumerate(texts)])
        note_names(warehouse.database)
        rows = warehouse.database.execute(f"select post_key, names from {TABLE}").fetchall()
    found = dict(rows)
    keys = [hashlib.sha256(f"mastodon {at}".encode()).hexdigest()[:24] for at in range(len(texts))]
    return [without_names(text, found.get(key, [])) for key, text in zip(keys, texts, strict=True)]


def test_no_byte_of_the_name_is_written(warehouse: Warehouse) -> None:
    content = warehouse.publish("1", NOW).read_bytes()

    assert b"Anna de Vries" not in content
    assert b"Dag Anna" not in content
    assert b"Anna Karenina" in content


def test_a_word_that_was_said_as_a_name_is_no_word_of_its_day(warehouse: Warehouse) -> None:
    path = warehouse.publish("1", NOW)

    terms = "select cast(posted_date as varchar), term from marts.peak_terms order by all"
    assert ask_hardened(path, terms, seconds=9)[1] == [
        ("2026-11-01", "berg"),
        ("2026-11-02", "anna"),
    ]


@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        ("Annabel en Anna", ["Anna"], "Annabel en [name]"),
        ("Anna de Vries, Anna", ["Anna", "Anna de Vries"], "[name], [name]"),
        ("A.N. (Ann) Other?", ["A.N. (Ann) Other?"], "[name]"),
        ("niemand", [], "niemand"),
    ],
)
def test_the_longest_name_goes_whole_and_no_part_of_a_word(
    text: str, names: list[str], shown: str
) -> None:
    assert without_names(text, names) == shown
