"""What companies say: broadcasts, answers, outreach; and what newspapers write about them."""

from __future__ import annotations

from typing import Final

from pipeline.world.shape import Deed

HELPS: Final = Deed("give", "public_information", "information")
SELLS: Final = Deed("take", "press_agentry", "action")
TELLS: Final = Deed("neither", "public_information", "information")
BOASTS: Final = Deed("neither", "press_agentry", "information")
WISHES: Final = Deed("neither", None, "community")
ASKS: Final = Deed("neither", "two_way_asymmetrical", "community")
TALKS: Final = Deed("give", "two_way_symmetrical", "community")
PASSES_ON: Final = Deed("give")
REPEATS: Final = Deed("neither")

Message = tuple[Deed, str | None, str]
"""What it does, which use it is about, and its text."""

BROADCASTS: Final[dict[str, tuple[Message, ...]]] = {
    "nl": (
        (
            HELPS,
            "knowledge",
            "Koude nachten op komst. Zo voorkom je dat de warmtepomp op zijn hardst moet werken: laat de thermostaat gewoon staan.",
        ),
        (
            HELPS,
            "knowledge",
            "Waarom is stroom om drie uur 's nachts goedkoop? Onze collega legt het uit in twee minuten: {link}",
        ),
        (
            HELPS,
            "service",
            "Vannacht werken we aan het net in {city}. Tussen één en vier kan de stroom kort wegvallen.",
        ),
        (
            HELPS,
            "service",
            "De storing in {city} is verholpen. Staat er bij jou nog iets uit? Laat het hieronder weten.",
        ),
        (HELPS, "service", "Zo lees je de jaarrekening in vijf stappen: {link}"),
        (
            HELPS,
            "service",
            "Meterstand doorgeven? Vanaf vandaag kan het ook zonder in te loggen: {link}",
        ),
        (
            HELPS,
            "knowledge",
            "Van netbeheer tot energiebelasting: wat staat er eigenlijk op de rekening? {link}",
        ),
        (
            SELLS,
            "sales",
            "Stap nu over naar {flex} en krijg {amount} euro welkomstkorting. Bestel vandaag: {link}",
        ),
        (
            SELLS,
            "product",
            "Nieuw: {battery}, de thuisbatterij voor elke meterkast. Bekijk hem op {link}",
        ),
        (SELLS, None, "Volg ons ook op onze andere kanalen en mis geen enkele actie!"),
        (SELLS, "image", "Stem op ons als duurzaamste merk van het jaar: {link}"),
        (
            SELLS,
            "sales",
            "Laatste dagen van de actie: een gratis slimme stekker bij elk nieuw contract. {link}",
        ),
        (
            SELLS,
            None,
            "Schrijf je in voor onze nieuwsbrief en maak kans op een jaar gratis stroom. {link}",
        ),
        (
            TELLS,
            "image",
            "Vandaag openen we ons nieuwe kantoor aan de {street} in {city}. Een mooi moment.",
        ),
        (BOASTS, "image", "Trots op het team dat vannacht in {city} heeft doorgewerkt."),
        (
            TELLS,
            "internal",
            "Wij zoeken monteurs in {city}. Goed team, eigen bus, vaste uren. {link}",
        ),
        (
            TELLS,
            "sales",
            "Prijsaanpassing per de eerste van de maand. Alles wat je wilt weten staat op {link}",
        ),
        (WISHES, None, "Fijn weekend allemaal!"),
    ),
    "en": (
        (HELPS, "knowledge", "How a dynamic tariff works, in two minutes and in English: {link}"),
        (TELLS, "product", "We publish our grid measurement tooling as open source. {link}"),
    ),
}
OF_THE_DAY: Final[dict[str, tuple[Message, ...]]] = {
    # what the company sends while something is going on, by its topic
    "battery": (
        (
            SELLS,
            "product",
            "Hij is er: {battery}, de thuisbatterij die in elke meterkast past. Bestel op {link}",
        ),
        (
            HELPS,
            "product",
            "Voor wie is {battery} wel en niet slim? We zetten het eerlijk op een rij: {link}",
        ),
        (
            BOASTS,
            "product",
            "De eerste {battery} hangt, in {city}. Dank aan het team dat hier twee jaar aan bouwde.",
        ),
    ),
    "price": (
        (
            HELPS,
            "sales",
            "Vragen over de nieuwe prijzen? Dit betekent het per maand, met rekenvoorbeelden: {link}",
        ),
        (
            TELLS,
            "sales",
            "Per de eerste van de maand passen we onze prijzen aan. Alle klanten krijgen deze week een brief.",
        ),
        (
            HELPS,
            "sales",
            "Overstappen naar een ander contract voor de prijzen ingaan? Zo doe je dat: {link}",
        ),
    ),
    "outage": (
        (
            TELLS,
            "service",
            "We zien een grote storing, ook in de app. We werken eraan en melden ons hier elk uur.",
        ),
        (
            HELPS,
            "service",
            "Dubbel afgeschreven? Je hoeft niets te doen, we storten het morgen terug. Uitleg: {link}",
        ),
        (
            HELPS,
            "service",
            "Update {hours}: de stroom in {city} is terug, de rest van de regio volgt vanavond.",
        ),
        (
            TELLS,
            "service",
            "Dit had niet mogen gebeuren. Onze excuses aan iedereen die vandaag zonder stroom zat.",
        ),
    ),
}
QUESTIONS: Final = (
    "Waar moet onze volgende laadpaal komen? Zeg het hieronder.",
    "Wat is jouw beste tip om stroom te besparen?",
    "Welke functie mis je nog in de {app}?",
    "Wie van jullie laadt de auto 's nachts, en waarom?",
)
CONTINUATIONS: Final = (
    "Goed om te weten: voor huurders geldt dit ook.",
    "De hele lijst met data per wijk staat op {link}",
    "En nog iets: de meter hoef je hiervoor niet te vervangen.",
)
OUTREACH: Final = (
    "{who} gefeliciteerd met de nieuwe buurtmolen, mooi resultaat!",
    "{who} dank voor je uitleg over zonnepanelen van gisteren, daar hebben wij ook van geleerd.",
    "{who} we lazen je verhaal. Zullen we eens samen naar die meterkast kijken?",
)
RELAY_QUOTES: Final = (
    "Wat een mooi verhaal uit {city}. Bedankt dat je het deelt!",
    "Slim gedaan, deze tip geven we graag door.",
    "Goed punt. Hier zijn we mee bezig.",
)
ANSWERS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "nl": {
        "complaint": (
            "Hoi {first}, wat vervelend. Stuur je ons een privébericht met je postcode? Dan kijken we meteen mee. ^{agent}",
            "Dag {first}, dat is niet zoals het hoort, excuses. We hebben het doorgezet naar een collega. ^{agent}",
            "Balen {first}! We zoeken het uit en komen er vandaag nog op terug. ^{agent}",
            "Sorry voor het ongemak. Het team is ermee bezig; de laatste stand staat op {link}",
        ),
        "question": (
            "Hoi {first}, goede vraag. Je vindt het onder Contract, dan Wijzigen. Lukt het zo? ^{agent}",
            "Dag {first}, dat kan! Op {link} staat hoe, stap voor stap. ^{agent}",
            "Ja, dat geldt ook voor jou {first}. Wil je het nalezen: {link} ^{agent}",
            "Dat hangt van je meter af. Met een slimme meter kan het vandaag nog.",
        ),
        "curious": (
            "Hoi {first}, alles over kosten en voorwaarden staat op {link} ^{agent}",
            "Dag {first}, we beginnen in {city}; de planning per plaats staat op {link} ^{agent}",
            "Goede vraag {first}: huurders kunnen gewoon meedoen, ook met een oude meter. ^{agent}",
        ),
        "request": (
            "Geregeld {first}, je hebt binnen een uur een bevestiging. ^{agent}",
            "Doen we! Stuur je klantnummer even in een privébericht, {first}. ^{agent}",
        ),
        "compliment": (
            "Wat leuk om te horen {first}, geven we door aan de collega's! ^{agent}",
            "Dank je wel {first}, hier worden we blij van. 💚",
        ),
        "other": (
            "Dank voor je bericht {first}, we nemen het mee naar het team. ^{agent}",
            "Mooi idee! Het staat op de lijst.",
        ),
    },
    "en": {
        "complaint": (
            "Hi {first}, sorry about that. Please send us your postcode in a private message and we will check. ^{agent}",
            "That is not right, {first}, our apologies. A colleague is looking into it. ^{agent}",
        ),
        "question": (
            "Hi {first}, good question. It is under Contract, then Change. ^{agent}",
            "Yes, it does, {first}. The details are on {link} ^{agent}",
        ),
        "curious": (
            "Hi {first}, costs and conditions are on {link} ^{agent}",
            "Good question, {first}: we start in {city}, the planning is on {link} ^{agent}",
        ),
        "request": ("Done, {first}. You will have a confirmation within the hour. ^{agent}",),
        "compliment": ("Thank you {first}, we will pass it on! ^{agent}",),
        "other": ("Thanks for your message {first}, we have put it on the list. ^{agent}",),
    },
    "de": {
        "complaint": ("Hallo {first}, das tut uns leid. Wir prüfen es sofort. ^{agent}",),
        "question": ("Hallo {first}, gute Frage. Die Antwort steht auf {link} ^{agent}",),
        "request": ("Erledigt, {first}. ^{agent}",),
        "compliment": ("Vielen Dank {first}! ^{agent}",),
        "other": ("Danke für die Nachricht, {first}. ^{agent}",),
    },
    "fr": {
        "complaint": (
            "Bonjour {first}, toutes nos excuses. Nous vérifions tout de suite. ^{agent}",
        ),
        "question": ("Bonjour {first}, bonne question. La réponse est sur {link} ^{agent}",),
        "request": ("C'est fait, {first}. ^{agent}",),
        "compliment": ("Merci beaucoup {first} ! ^{agent}",),
        "other": ("Merci pour votre message, {first}. ^{agent}",),
    },
}
PROACTIVE: Final = (
    "Hoi {first}, we lazen toevallig mee. Kunnen we je ergens mee helpen? ^{agent}",
    "Dag {first}, dat klopt niet helemaal: de meter wordt op afstand uitgelezen. ^{agent}",
)
BLOG_POSTS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "Zo lees je je jaarrekening",
        "Elke winter krijgen we dezelfde vraag: waarom betaal ik bij? In dit stuk lopen we de rekening regel voor regel door, van levering tot netbeheer.",
        "service",
    ),
    (
        "Wat een thuisbatterij wel en niet doet",
        "Een batterij maakt geen stroom, hij verplaatst haar in de tijd. Wanneer dat loont hangt af van je dak, je meter en je avonden.",
        "product",
    ),
    (
        "Achter de schermen bij de storingsdienst",
        "Vier uur 's ochtends, {city}. Onze monteur vertelt wat er gebeurt tussen de eerste melding en het licht dat weer aangaat.",
        "image",
    ),
    (
        "Prijzen per de eerste van de maand",
        "We passen onze prijzen aan. In dit bericht staat waarom, wat het per maand scheelt en hoe je kunt overstappen naar een ander contract.",
        "sales",
    ),
    (
        "De storing van deze week: wat er misging",
        "Rekeningen werden dubbel afgeschreven en de app lag eruit. Hieronder precies wat er gebeurde, wat we terugbetalen en wat we veranderen.",
        "service",
    ),
    (
        "Verhuizen met je energiecontract",
        "Drie data en twee meterstanden, meer is het niet. Een lijstje om op de verhuisdoos te plakken.",
        "service",
    ),
    (
        "Warmtepomp in een jaren-dertighuis",
        "Kan dat? Ja, maar niet zonder goed te kijken naar kieren, radiatoren en de groepenkast. Drie bewoners uit {city} vertellen.",
        "knowledge",
    ),
    (
        "Waarom de nacht goedkoop is",
        "Vraag en aanbod, wind en kolen, en een beurs die elk kwartier opnieuw telt.",
        "knowledge",
    ),
)
NEWS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "outage": (
        (
            "Duizenden klanten van {org} dubbel aangeslagen",
            "Door een fout in het betaalsysteem zijn klanten van {org} twee keer aangeslagen. De energieleverancier zegt het bedrag terug te storten.",
        ),
        (
            "App van {org} uren onbereikbaar na storing",
            "Klanten van {org} konden {day} niet bij hun gegevens. Volgens het bedrijf zijn er geen gegevens gelekt.",
        ),
        (
            "{org} onder vuur na reeks storingen in {city}",
            "De gemeenteraad van {city} wil opheldering van {org} over de stroomuitval van de afgelopen weken.",
        ),
    ),
    "price": (
        (
            "{org} verhoogt de prijzen",
            "Energieleverancier {org} verhoogt de prijzen per de eerste van de maand. Een gemiddeld huishouden betaalt {amount} euro meer.",
        ),
        (
            "Consumenten stappen massaal over, ook bij {org}",
            "Na de prijsrondes van deze maand zoeken klanten een ander contract. Ook {org} ziet vertrekkers.",
        ),
    ),
    "battery": (
        (
            "{org} komt met thuisbatterij voor huurders",
            "De batterij van {org} past volgens het bedrijf in elke meterkast en is maandelijks opzegbaar.",
        ),
    ),
    "image": (
        (
            "{org} steunt buurtmolen in {city}",
            "Bewoners van {city} krijgen samen met {org} een eigen windmolen aan de {street}.",
        ),
        (
            "Interview: de directeur van {org} over eerlijke stroom",
            "Over kritiek, klanten en kabels: een gesprek in het nieuwe kantoor in {city}.",
        ),
    ),
}
HACKER_STORIES: Final[tuple[tuple[str, str], ...]] = (
    (
        "{org} opens its grid measurement data",
        "Quarter-hour measurements of a whole Dutch city, as Parquet.",
    ),
    (
        "Show HN: A Home Assistant integration for {org} dynamic prices",
        "I got tired of the app, so I wrote this over a weekend. Feedback welcome.",
    ),
    (
        "How {org} double-billed thousands of customers",
        "A retry without an idempotency key, as far as the write-up goes.",
    ),
    (
        "Ask HN: Anyone using {org} with a home battery?",
        "Looking for experiences before I sign. What should I look at?",
    ),
    ("{org} post-mortem: a retry storm in the billing system", ""),
)
HACKER_COMMENTS: Final = (
    "A retry without an idempotency key, in 2020-something. Every payment API has warned about this for a decade.",
    "I have been with {org} for two years. The tariff is fine, the app is terrible.",
    "Is the data licensed for commercial use? The page does not say.",
    "This is great, thank you for releasing it. Does it include reactive power?",
    "You can read the meter yourself over the P1 port, no cloud needed.",
    "The write-up is refreshingly honest. I wish more companies did this.",
    "How do you deal with daylight saving time in quarter-hour data?",
    "The double billing was bad, but they refunded me the next morning.",
)
HACKER_ANSWERS: Final = (
    "Hi, I work on this. The licence is on the download page now, thanks for pointing it out.",
    "Good question: everything is stored in UTC and the day of the switch has 92 or 100 quarters.",
    "Not yet, but reactive power is on the list for the next release.",
)
