"""Invented names: the three companies, people, cities; nothing here exists."""

from __future__ import annotations

from typing import Final, NamedTuple


class CompanyNames(NamedTuple):
    """How one company and its namesakes are called."""

    name: str
    account: str
    aliases: tuple[str, ...]
    domain: str
    app: str
    battery: str
    flex: str
    homonyms: tuple[str, ...]


COMPANIES: Final = (
    CompanyNames(
        "Havenvonk",
        "havenvonk",
        ("Havenvonk", "Havenvonk Energie", "Haven Vonk"),
        "havenvonk.example",
        "VonkApp",
        "ThuisVonk",
        "VonkFlex",
        ("Havenvonk Festival", "Havenvonk Jazzfestival"),
    ),
    CompanyNames(
        "Duinvolt",
        "duinvolt",
        ("Duinvolt", "Duin Volt"),
        "duinvolt.example",
        "DuinApp",
        "DuinAccu",
        "Duinflex",
        ("Duinvolt Marathon",),
    ),
    CompanyNames(
        "Polderwatt",
        "polderwatt",
        ("Polderwatt", "Polder Watt"),
        "polderwatt.example",
        "WattApp",
        "WattBox",
        "WattFlex",
        ("Polderwatt Fanfare",),
    ),
)
FIRST_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "nl": (
        "Sanne",
        "Bram",
        "Fleur",
        "Daan",
        "Lotte",
        "Sem",
        "Anouk",
        "Thijs",
        "Femke",
        "Joris",
        "Maud",
        "Ruben",
        "Iris",
        "Koen",
        "Nienke",
        "Stijn",
        "Roos",
        "Wouter",
        "Hanneke",
        "Gijs",
        "Marloes",
        "Teun",
        "Yasmin",
        "Mehmet",
        "Fatima",
        "Dewi",
        "Soraya",
        "Pim",
        "Jet",
        "Cees",
        "Truus",
        "Henk",
        "Ingrid",
        "Jeroen",
        "Esra",
        "Naomi",
        "Lars",
        "Vera",
        "Ilse",
        "Bas",
    ),
    "en": (
        "Oliver",
        "Grace",
        "Priya",
        "Callum",
        "Ruth",
        "Ewan",
        "Chloe",
        "Rajiv",
        "Megan",
        "Tom",
        "Ada",
        "Victor",
        "Hope",
        "Noah",
        "Zoe",
        "Farid",
        "Kate",
        "Liam",
        "Joan",
        "Mark",
    ),
    "de": ("Jonas", "Anke", "Heike", "Lukas", "Birgit", "Matthias", "Franka", "Uwe"),
    "fr": ("Camille", "Luc", "Inès", "Mathieu", "Chantal", "Rémi", "Odile", "Yann"),
}
LAST_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "nl": (
        "de Vries",
        "Bakker",
        "Visser",
        "Smit",
        "Meijer",
        "Mulder",
        "Bos",
        "Vos",
        "Peters",
        "Hendriks",
        "van Dijk",
        "Dekker",
        "Brouwer",
        "Kok",
        "Postma",
        "Hoekstra",
        "Yilmaz",
        "El Amrani",
        "Sari",
        "van der Laan",
        "Timmer",
        "Wiersma",
        "Prins",
        "Blom",
    ),
    "en": ("Hughes", "Okafor", "Patel", "Reid", "Walker", "Shaw", "Khan", "Byrne", "Frost"),
    "de": ("Brandt", "Vogel", "Krüger", "Lorenz", "Seidel", "Arndt"),
    "fr": ("Laurent", "Moreau", "Girard", "Petit", "Renard", "Faure"),
}
CITIES: Final = (
    "Veenhaven",
    "Kerkwoude",
    "Oosterzand",
    "Lindenbroek",
    "Grachtenburg",
    "Zoutmeer",
    "Noorderlinge",
    "Molenwijk",
    "Steenbergerhout",
    "Duinekerke",
)
STREETS: Final = (
    "Lindelaan",
    "Kadeweg",
    "Molenstraat",
    "Stationsplein",
    "Wilgendreef",
    "Oude Haven",
    "Zeedijk",
    "Kruisweg",
    "Parallelweg",
    "Eikenhof",
)
DAYS: Final[dict[str, tuple[str, ...]]] = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "gisteren"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi"),
}
AGENTS: Final = ("Mo", "Jo", "Ria", "Tim", "Eva")
SERVERS: Final = ("plein.example", "tuin.example", "kolk.example", "zeepost.example")
OUTLETS: Final = (
    ("Veenhavense Courant", "courant.example"),
    ("Stroomnieuws", "stroomnieuws.example"),
    ("Kantlijn Economie", "kantlijn.example"),
    ("Omroep Duinekust", "omroep.example"),
)
HOSTILE: Final = (
    "<script>alert('{org}')</script> kijk eens aan {org}",
    '=HYPERLINK("https://kwaad.example";"{org}") gratis stroom',
    "Let op \u202e gidrev tsi ginie {org} \u202c einde",
    "Z\u0335\u0321a\u0334l\u0337g\u0338o\u0336 bij {org} \u0489\u0489\u0489",
    "{org} \U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466\ufe0f &amp; &lt;b&gt;niet vet&lt;/b&gt; 'x'; drop table posts; --",
    "{org} nul\u200bbreedte\u200d en een \u00a0 vaste spatie, {{7*7}} ${{jndi}}",
)
