"""What people say in Dutch, by topic and by what they want with it.

Slots: ``{org}`` the organisation as they write it (an alias or its account), ``{city}``,
``{day}``, ``{amount}``, ``{hours}``, ``{street}``, ``{app}``, ``{battery}``, ``{flex}``.
"""

from __future__ import annotations

from typing import Final

BODIES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "outage": {
        "complaint": (
            "al {hours} uur geen stroom in {city} en {org} laat niets weten",
            "bij {org} ligt alles eruit in de {street}, en op de storingskaart staat doodleuk 'geen storing'",
            "derde keer deze maand dat de stroom uitvalt in {city}, {org} doet er niets aan",
            "de diepvries loopt leeg, {org}. Al {hours} uur zonder stroom in de {street}",
            "sinds {day} valt de stroom steeds weg en {org} stuurt me van het kastje naar de muur",
            "weer een avond met kaarsen in {city}. Bedankt {org}, heel gezellig",
        ),
        "question": (
            "weet {org} al hoe laat de stroom in {city} weer terug is?",
            "{org}, is er een storing in de {street}? De buren hebben ook niets meer",
            "hoe meld ik een storing bij {org} als de website ook plat ligt?",
            "krijg ik een vergoeding van {org} na {hours} uur zonder stroom in {city}?",
            "is die storing van {org} alleen in {city} of ook daarbuiten?",
        ),
        "request": (
            "{org}, stuur alsjeblieft iemand naar de {street} in {city}, de meterkast zoemt",
            "wil {org} de storingskaart bijwerken? Hier in {city} is het nog steeds donker",
        ),
        "compliment": (
            "storing in {city} binnen het uur verholpen door {org}, petje af",
            "monteur van {org} stond er midden in de nacht binnen {hours} uur, topkerel",
        ),
    },
    "billing": {
        "complaint": (
            "{org} heeft twee keer {amount} euro afgeschreven, dit is de tweede maand op rij",
            "mijn jaarrekening van {org} klopt voor geen meter: {amount} euro te veel",
            "voorschot zomaar verhoogd naar {amount} euro zonder dat {org} iets heeft gevraagd",
            "wacht al sinds {day} op {amount} euro van {org}, en maar 'in behandeling'",
            "aanmaning gekregen van {org} voor een rekening die ik al lang betaald heb",
            "de eindafrekening van {org} rekent de zonnepanelen gewoon niet mee",
        ),
        "question": (
            "waar vind ik bij {org} de specificatie van die {amount} euro?",
            "hoe kan ik mijn voorschot bij {org} verlagen? Kan dat in de {app}?",
            "waarom staat er {amount} euro netbeheer op de rekening van {org}?",
            "wanneer stort {org} het te veel betaalde terug?",
            "klopt het dat {org} de incasso voortaan op de eerste van de maand doet?",
        ),
        "request": (
            "{org}, graag een betaalregeling voor de {amount} euro van de eindafrekening",
            "willen jullie bij {org} de factuur nog eens naar me mailen? Hij is nooit aangekomen",
        ),
        "compliment": (
            "binnen een dag {amount} euro terug van {org}, zonder gedoe. Zo kan het dus ook",
            "de nieuwe rekening van {org} is eindelijk leesbaar, complimenten",
        ),
    },
    "care": {
        "complaint": (
            "{hours} uur in de wacht bij {org} en toen werd de verbinding verbroken",
            "{org} heeft alleen nog een chatbot die niets begrijpt. Geef me een mens",
            "derde medewerker van {org}, derde verhaal. Weet daar iemand iets?",
            "mail van {day} nog altijd niet beantwoord, {org} is onbereikbaar",
            "teruggebeld worden door {org}? Dat beloven ze al sinds {day}",
        ),
        "question": (
            "op welk nummer krijg ik bij {org} een echt mens aan de lijn?",
            "is de klantenservice van {org} ook op zaterdag open?",
            "hoe dien ik een klacht in bij {org}?",
            "kan ik {org} ook gewoon een brief sturen, en naar welk adres?",
        ),
        "request": (
            "{org}, bel me alsjeblieft terug over mijn melding van {day}",
            "kan iemand van {org} even naar mijn bericht kijken? Het dossier loopt sinds {day}",
        ),
        "compliment": (
            "wat een fijne medewerker had ik net aan de lijn bij {org}, echt de tijd genomen",
            "klantenservice van {org} heeft het in één telefoontje opgelost, heerlijk",
            "hulde voor de webcare van {org}: snel, duidelijk en vriendelijk",
        ),
    },
    "app": {
        "complaint": (
            "de {app} van {org} crasht sinds de update van {day} bij elk scherm",
            "kan al {hours} dagen niet inloggen in de {app}, {org} zegt 'wis de cache'",
            "de {app} toont het verbruik van de buren, {org}. Dat hoort niet",
            "grafieken in de {app} van {org} zijn sinds {day} leeg",
        ),
        "question": (
            "werkt de {app} van {org} ook op een oude tablet?",
            "hoe zet ik in de {app} meldingen aan voor dure uren, {org}?",
            "komt er een donkere stand in de {app} van {org}?",
            "kan ik mijn meterstanden ook buiten de {app} om doorgeven aan {org}?",
        ),
        "request": (
            "{org}, laat de {app} alsjeblieft ook kwartierprijzen tonen",
            "graag een exportknop in de {app} van {org}, csv is genoeg",
        ),
        "compliment": (
            "de {app} van {org} is echt prettig geworden, overzicht in drie tikken",
            "eindelijk kwartierdata in de {app} van {org}, blij mee",
        ),
        "idea": (
            "idee voor {org}: laat de {app} waarschuwen als de zon je panelen voorbijschiet",
            "{org} zou in de {app} een vergelijking met vorige winter kunnen zetten",
        ),
    },
    "moving": {
        "complaint": (
            "verhuizing drie weken geleden doorgegeven, {org} rekent nog op het oude adres",
            "{org} heeft het contract van de vorige bewoner op mijn naam gezet in de {street}",
        ),
        "question": (
            "hoeveel dagen van tevoren geef ik een verhuizing door aan {org}?",
            "kan ik mijn contract bij {org} meenemen naar {city}?",
            "wat doe ik bij {org} met de meterstand van de overdracht?",
        ),
        "request": ("{org}, wil je de overdracht in de {street} op {day} zetten?",),
        "compliment": ("verhuizen met {org} was één formulier en klaar, keurig",),
    },
    "price": {
        "complaint": (
            "{org} verhoogt de prijs weer, {amount} euro per maand erbij. Schandalig",
            "trouwe klant straffen en nieuwe klanten korting geven, dat is {org} ten voeten uit",
            "mijn vaste contract bij {org} blijkt opeens niet zo vast te zijn",
            "prijsverhoging van {org} gelezen. Ik ga weg, dit is te gek",
        ),
        "question": (
            "wat betekent de nieuwe prijs van {org} voor wie {flex} heeft?",
            "kan ik bij {org} nog overstappen naar vast voor de verhoging ingaat?",
            "is {org} nu duurder dan de rest, of valt het mee?",
            "geldt de prijsverhoging van {org} ook voor zonnepanelen?",
            "twijfel tussen {org} en {other}, wie heeft met allebei ervaring?",
        ),
        "remark": (
            "net vergeleken: {org} zit {amount} euro boven de goedkoopste, en daar krijg je groene stroom voor",
            "prijzen van {org} gaan per eerste van de maand omhoog, zie de brief in de bus",
        ),
        "compliment": ("met {flex} van {org} deze maand {amount} euro goedkoper uit, prima",),
    },
    "battery": {
        "question": (
            "past de {battery} van {org} in een gewone meterkast?",
            "wat kost de {battery} bij {org} inclusief installatie?",
            "hoeveel cycli geeft {org} garantie op de {battery}?",
            "kan ik de {battery} van {org} ook zonder zonnepanelen gebruiken?",
            "wanneer levert {org} de {battery} in {city}?",
        ),
        "compliment": (
            "de {battery} van {org} hangt en werkt, gisteren de hele avond op eigen stroom",
            "knappe prijs voor de {battery}, goed bezig {org}",
        ),
        "complaint": (
            "levering van de {battery} voor de derde keer uitgesteld door {org}",
            "de {battery} van {org} bromt zo hard dat de hond niet meer in de gang wil",
        ),
        "idea": (
            "zou mooi zijn als {org} de {battery} per straat laat delen",
            "mis nog noodstroom op de {battery} van {org}, dat zou de doorslag geven",
        ),
        "remark": ("{org} komt met een thuisbatterij, {amount} euro per maand huur",),
    },
    "tips": {
        "tip": (
            "tip: met {flex} van {org} laad je de auto het best tussen twee en vijf",
            "voor wie bij {org} zit: zet het voorschot elk kwartaal zelf bij, scheelt schrikken",
            "schakelde de boiler naar de nacht, zie in de grafiek van {org} meteen {amount} euro verschil",
            "handig: de p1-poort werkt ook naast de meter van {org}, kabeltje van een tientje",
        ),
        "question": (
            "heeft iemand ervaring met {org} en een warmtepomp? Waar moet ik op letten?",
            "iemand hier die {flex} van {org} met een thuisautomaat heeft gekoppeld?",
        ),
    },
    "image": {
        "compliment": (
            "mooi dat {org} de buurtmolen in {city} steunt",
            "{org} plant bomen langs de {street}, leuk initiatief",
            "goed verhaal van {org} over eerlijke stroom, duidelijk uitgelegd",
        ),
        "complaint": (
            "{org} noemt zich groen maar koopt gewoon certificaten. Groener wordt het er niet van",
            "reclame van {org} op elk bushokje in {city}, en dan klagen over hoge kosten",
        ),
        "remark": (
            "{org} zit straks in het oude pakhuis aan de {street} in {city}",
            "stond {org} niet ook op de banenmarkt in {city}?",
        ),
    },
    "jobs": {
        "question": (
            "zoekt {org} nog monteurs in {city}? Mijn neef is net klaar met de opleiding",
            "hoe is het om bij {org} te werken, iemand ervaring?",
            "heeft {org} stageplekken voor data-analisten?",
        ),
        "compliment": ("leuke open dag bij {org} in {city}, enthousiaste collega's",),
        "remark": ("vacature gezien bij {org}: monteur meetdienst, {city} en omstreken",),
    },
}

OPENERS: Final[dict[str, tuple[str, ...]]] = {
    "negative": (
        "Belachelijk: ",
        "Ongelooflijk, ",
        "Ben er klaar mee. ",
        "Diepe zucht... ",
        "Serieus? ",
        "Zo moe hiervan: ",
    ),
    "neutral": ("", "", "", "Even een vraagje: ", "Goedemorgen, ", "Hallo, ", "Hoi, "),
    "positive": ("", "Wauw, ", "Ere wie ere toekomt: ", "Mag ook gezegd worden: ", "Blij! "),
}
CLOSERS: Final[dict[str, tuple[str, ...]]] = {
    "negative": ("", "", " Waardeloos.", " Nooit meer.", " Heel slecht dit.", " 😡"),
    "neutral": ("", "", "", " Ben benieuwd.", " Voor wie het weten wil."),
    "asking": ("", "", "", " Alvast bedankt.", " Groet, {me}", " Ik hoor het graag."),
    "positive": ("", " 👏", " Heel fijn.", " Dank!", " 💚"),
}
CONVERSATION: Final[dict[str, tuple[str, ...]]] = {
    "thanks": (
        "Dank je wel voor de snelle reactie!",
        "Top, het werkt weer. Bedankt voor de hulp 🙏",
        "Fijn, daar kan ik mee verder. Dank!",
        "Kijk, zo hoort het. Goed opgelost, bedankt.",
        "Helder, dank voor de uitleg.",
    ),
    "still_broken": (
        "Heb ik geprobeerd, maar het werkt nog steeds niet.",
        "Dat antwoord kreeg ik {day} ook al. Het is niet opgelost.",
        "Helaas, nog precies hetzelfde. Dit duurt me te lang.",
        "Sorry hoor, maar hier heb ik niets aan. Slecht antwoord.",
    ),
    "detail": (
        "Het gaat om {city}, sinds {day}. Wat hebben jullie nog meer nodig?",
        "Postcode staat in mijn privébericht. Wanneer hoor ik iets?",
        "Het is het adres aan de {street}. Kunnen jullie het daarmee vinden?",
    ),
    "impatient": (
        "Nog steeds niets gehoord...",
        "Hallo? Leest er iemand mee?",
        "Dag drie zonder antwoord. Netjes hoor.",
        "Ik wacht nog op een reactie. Hoe lang duurt dit nog?",
    ),
    "peer": (
        "Hier in {city} precies hetzelfde.",
        "Uitloggen, opnieuw inloggen en de meter opnieuw koppelen hielp bij mij.",
        "Bij mij stond het na een dag vanzelf goed, even geduld dus.",
        "Bel na vijf uur, dan is de wachtrij korter.",
        "Kijk eens in het menu onder contract, daar stond het bij mij.",
        "Sterkte, ik ben er in de winter drie weken mee bezig geweest.",
        "Dat had ik ook, netbeheerder gebeld en die kwam dezelfde dag.",
        "Herkenbaar. Wie nog meer?",
    ),
    "peer_guess": (
        "Volgens mij stond dat in de brief: pas in het voorjaar.",
        "Geen idee, maar ik wil het ook wel weten.",
        "Op de website staat het onderaan bij de voorwaarden.",
        "Mijn buurvrouw heeft het al, die betaalde er niets extra voor.",
        "Gewoon even bellen, ze wisten het bij mij meteen.",
    ),
    "peer_thanks": (
        "Goede tip, ga ik vanavond proberen!",
        "Ah, dat wist ik niet. Dank je.",
        "Gevonden, precies daar. Merci!",
    ),
    "applause": (
        "Leuk om te zien!",
        "Goed uitgelegd, dank!",
        "Prachtige foto ook 😍",
        "Hier word ik blij van, ga zo door.",
        "Mooi werk van de mensen buiten, respect.",
    ),
    "curious": (
        "En wat kost dat dan?",
        "Geldt dit ook voor huurders?",
        "Wanneer komt dit naar {city}?",
        "Werkt dat ook met een oude meter?",
        "Waar kan ik me daarvoor aanmelden?",
    ),
    "grumble": (
        "Mooie woorden, nu de daden nog.",
        "Doe mij maar gewoon een lagere rekening, dit is geldverspilling.",
        "Klopt niets van wat hier staat, mijn buurman betaalt wel degelijk mee.",
        "Ik blijf het een slecht verhaal vinden.",
        "Neem eerst de telefoon eens op, belachelijk.",
    ),
    "employee": (
        "Ik werk daar (meetdienst) en spreek voor mezelf: stuur even een bericht, dan zoek ik mee.",
        "Collega hier, op persoonlijke titel: die update van de meter loopt deze week.",
        "Ik zit zelf bij het team achter de grafieken, goede vangst, geef ik door.",
    ),
    "quote": (
        "Dit dus. {org} legt het hier eindelijk normaal uit.",
        "Lees vooral ook de reacties onder dit bericht van {org}.",
        "{org} belooft weer van alles, ik bewaar dit even.",
    ),
}
HOMONYMS: Final = (
    "Zaterdag naar het {homonym} in {city}, wie gaat er mee?",
    "Wat een avond op het {homonym}, mooi weer en goede muziek.",
    "Iemand nog kaartjes voor het {homonym}? Graag twee.",
    "Nieuwe foto's van het {homonym} staan online, {city} op zijn best.",
)
SUBSTRINGS: Final = (
    "De {name}straat in {city} is tot {day} afgesloten, omleiding via de {street}.",
    "Mooie lofts te koop in {name}toren, {amount} duizend euro per stuk.",
)
