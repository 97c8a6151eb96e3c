"""What people say in German and French, by topic and by what they want with it."""

from __future__ import annotations

from typing import Final

GERMAN: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "outage": {
        "complaint": (
            "seit {hours} Stunden kein Strom in {city} und {org} sagt nichts. Unmöglich",
            "schon wieder Stromausfall bei {org}, das ist wirklich schlecht",
        ),
        "question": ("weiß {org} schon, wann der Strom in {city} wieder da ist?",),
    },
    "billing": {
        "complaint": ("{org} hat mir {amount} Euro zu viel abgebucht, sehr ärgerlich",),
        "question": ("wo finde ich bei {org} die Rechnung auf Deutsch?",),
        "compliment": ("{org} hat {amount} Euro sofort erstattet, vielen Dank, sehr gut",),
    },
    "battery": {
        "question": ("liefert {org} die {battery} auch nach Deutschland?",),
        "compliment": ("die {battery} von {org} läuft wunderbar, tolle Sache",),
    },
}
FRENCH: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "outage": {
        "complaint": (
            "{hours} heures sans courant à {city} et {org} ne dit rien. C'est honteux",
            "encore une panne chez {org}, le service est vraiment mauvais",
        ),
        "question": ("est-ce que {org} sait quand le courant revient à {city} ?",),
    },
    "billing": {
        "complaint": ("{org} m'a prélevé {amount} euros deux fois, c'est inadmissible",),
        "question": ("où est-ce que je trouve le détail de la facture de {org} ?",),
        "compliment": ("{org} m'a remboursé {amount} euros en un jour, merci beaucoup",),
    },
    "battery": {
        "question": ("la {battery} de {org} fonctionne-t-elle sans panneaux solaires ?",),
        "compliment": ("la {battery} de {org} marche à merveille, très content",),
    },
}
EMPTY: Final[dict[str, tuple[str, ...]]] = {
    "negative": ("",),
    "neutral": ("",),
    "asking": ("",),
    "positive": ("",),
}
GERMAN_CONVERSATION: Final[dict[str, tuple[str, ...]]] = {
    "thanks": ("Vielen Dank für die schnelle Antwort!", "Super, es geht wieder. Danke!"),
    "still_broken": ("Habe ich versucht, es geht leider immer noch nicht.",),
    "detail": ("Es geht um {city}, seit {day}. Was brauchen Sie noch?",),
    "impatient": ("Immer noch keine Antwort...",),
    "peer": ("Bei mir in {city} genauso.", "Neu anmelden hat bei mir geholfen."),
    "peer_guess": ("Das stand im Brief, erst im Frühling.",),
    "peer_thanks": ("Guter Tipp, danke!",),
    "applause": ("Gut erklärt, danke!",),
    "curious": ("Und was kostet das?",),
    "grumble": ("Schöne Worte, schlechter Service.",),
    "employee": ("Ich arbeite dort und spreche für mich: schreib mir kurz.",),
    "quote": ("Gut erklärt von {org}.",),
}
FRENCH_CONVERSATION: Final[dict[str, tuple[str, ...]]] = {
    "thanks": ("Merci pour la réponse rapide !", "Parfait, ça remarche. Merci !"),
    "still_broken": ("J'ai essayé, ça ne marche toujours pas.",),
    "detail": ("C'est à {city}, depuis {day}. Que vous faut-il d'autre ?",),
    "impatient": ("Toujours aucune réponse...",),
    "peer": ("Pareil ici à {city}.", "Chez moi il a suffi de se reconnecter."),
    "peer_guess": ("C'était dans la lettre, pas avant le printemps.",),
    "peer_thanks": ("Bonne idée, merci !",),
    "applause": ("Bien expliqué, merci !",),
    "curious": ("Et combien ça coûte ?",),
    "grumble": ("De belles paroles, mais un mauvais service.",),
    "employee": ("J'y travaille et je parle en mon nom : écris-moi un message.",),
    "quote": ("Bien expliqué par {org}.",),
}
