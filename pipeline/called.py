"""What is told with what it is: numbers of customers and cars, days of birth, accounts elsewhere.

Without their name they are any number, day or word: only behind "klantnummer", "order number",
"kenteken", "geboren op" or "volg mij op insta:" they lead to a person.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.phones import SPACE
from pipeline.spelled import FEWER_SPOKEN

_THEN: Final = "[ \n\u00a0:;=#(\"'“„]{0,4}(?:is[ \u00a0:]{1,3}|was[ \u00a0:]{1,3})?"
_OF_CUSTOMERS: Final = (
    "klant|relatie|lid|lidmaatschaps|polis|contract|dossier|bestel|factuur|debiteur|debiteuren"
    "|reserverings|boekings|meter|aansluit|zaak|melding|meldings|ticket|paspoort|rijbewijs"
    "|identiteits|zending|zendings|pakket|patiënt|patient|student|leerling|personeels|abonnee"
    "|abonnements|verzekerings|kaart|tracking|passport|licence|license|order"
    "|rijksregister|sociale zekerheids|sozialversicherungs|steuer|social security|nhs"
    "|national insurance"
    "|kunden|bestell|vertrags|rechnungs|auftrags"
    "|customer|booking|policy|account|invoice|reservation|case|member|membership"
)
_CALLED: Final = (
    rf"(?:(?:{_OF_CUSTOMERS})[ -]?(?:nummer|nr|number)"
    r"|track ?(?:&|and|en|n) ?trace(?:[ -]?(?:code|nummer|nr))?"
    r"|(?:num[ée]ro|n°)(?: de)? (?:client|commande|contrat|dossier|national|registre national)"
    r"|insz|niss|ssn)"
)
NUMBER: Final = re.compile(
    rf"(?i)(?<!\w){_CALLED}(?!\w)\.?(?: nr\.?)?{_THEN}"
    r"(?P<blank>[0-9]{2}(?: [0-9]{2}){2,}"
    r"|[a-z]{0,4}[-.]?[0-9][0-9a-z]*(?:[-./][0-9a-z]+)*(?: [0-9]{3,})*"
    rf"|{FEWER_SPOKEN})(?!\w)"
)
"""Few digits in words only where they are called a number of somebody."""

_GROUP: Final = "(?:[A-Z]{1,3}|[0-9]{1,3})"
PLATE: Final = re.compile(
    rf"(?i)(?<!\w)(?:kenteken|kentekenplaat|nummerbord|nummerplaat){_THEN}"
    r"(?P<blank>(?=[a-z -]{0,7}[0-9])(?=[0-9 -]{0,7}[a-z])"
    r"(?:(?:[0-9a-z]-?){5,6}[0-9a-z]"
    rf"|(?-i:(?=(?:[A-Z0-9] ?){{5,6}}[A-Z0-9](?!\w)){_GROUP} {_GROUP} {_GROUP})))(?!\w)"
)
"""Of six signs (Dutch) or seven (Belgian); with spaces only in capitals, as "in 3 uur" is none."""

_ON: Final = f"(?:[{SPACE}](?:is|op|on|am|le|in|was|de))?[{SPACE}:=(]{{0,3}}"
_DAY: Final = "[0-3]?[0-9]"
_YEAR: Final = "(?:19|20)[0-9]{2}"
_MONTH: Final = r"[^\W\d_]{3,10}"
_DATED: Final = (
    r"geboortedatum|geb\.?[ -]?dat(?:um|\.)?|date of birth|birth ?date|d\.?o\.?b\.?"
    "|date de naissance|geburtsdatum"
)
BIRTH: Final = re.compile(
    rf"(?i)(?<!\w)(?:(?P<dated>{_DATED})|geboortedag|verjaardag|geb\.?|geboren|birth ?day|born|née?"
    r"|geburtstag)(?!\w)"
    rf"{_ON}(?P<blank>{_DAY}[ ./-]{{1,2}}[01]?[0-9][ ./-]{{1,2}}"
    rf"(?:{_YEAR}|['’][0-9]{{2}}|(?(dated)[0-9]{{2}}|(?!)))"
    rf"|{_YEAR}[./-][01]?[0-9][./-]{_DAY}"
    rf"|{_DAY}(?:e|er|st|nd|rd|th|\.)?[ -]{_MONTH}\.?,?[ -]{_YEAR}"
    rf"|{_MONTH}\.? {_DAY}(?:st|nd|rd|th)?,? {_YEAR}|[0-3][0-9][01][0-9]{_YEAR})(?!\w)"
)
"""A whole day, as of a year alone many are; a year of two digits only where a date is told.

"Birthday 10 10 10" is a mark, "geb 3-2-12 gespeeld" a score.
"""

_ELSEWHERE: Final = (
    "insta(?:gram)?|ig|snap(?:chat)?|tik ?tok|twitter|x|facebook|fb|telegram|discord|signal|threads"
    "|linkedin|bluesky|mastodon|youtube|twitch|steam|psn|xbox|skype|kik|vinted"
)
_SPACE: Final = f"[{SPACE}]"
_ME: Final = "(?:mij|me|m['’]n|mir|moi)"
_FOLLOW: Final = (
    rf"(?<!not{_SPACE})(?<!n['’]t{_SPACE})(?<!they{_SPACE})(?<!people{_SPACE})(?<!niet{_SPACE})"
    rf"(?:(?:volg|voeg|vind|zoek|stuur|dm|app|bereik|add|follow|find|message){_SPACE}{_ME}"
    rf"|(?:je|jullie|u){_SPACE}(?:vindt?|bereikt?){_SPACE}{_ME}"
    rf"|(?:je|jullie|u){_SPACE}(?:kunt?|kan|mag){_SPACE}{_ME}"
    rf"(?:{_SPACE}(?:ook|altijd|gerust|hier)){{0,2}}{_SPACE}(?:volgen|vinden|bereiken|toevoegen)"
    rf"|ben{_SPACE}(?:ook{_SPACE})?te{_SPACE}(?:vinden|volgen|bereiken))"
    rf"(?:{_SPACE}(?:toe|dan|even|maar|ook|gerust|hier|terug|een|bericht|berichtje|dm|dmetje|pb|a"
    r"|message|too|also|back|here)){0,3}"
)
"""Who says so asks to be found; "blokkeert mij op X: schandalig" does not."""

_TO_ME: Final = (
    rf"(?<!bij{_SPACE})(?<!aan{_SPACE})(?<!voor{_SPACE})(?<!to{_SPACE})(?<!for{_SPACE})"
    rf"(?<!with{_SPACE}){_ME}(?:{_SPACE}\w{{1,30}}){{0,2}}?"
)
ACCOUNT: Final = re.compile(
    rf"(?i)(?<!\w)(?:(?:(?P<asked>{_FOLLOW})|{_TO_ME}){_SPACE}(?:op|via|on|auf|sur){_SPACE}"
    rf"(?:(?:mijn|my){_SPACE})?(?:{_ELSEWHERE})"
    rf"|(?:mijn|m['’]n|my|mein|mon){_SPACE}(?:{_ELSEWHERE}))"
    rf"(?:(?:{_SPACE}|-)?(?:account|naam|name|handle|id))?"
    rf"(?P<then>{_SPACE}?[:=]{_SPACE}?|{_SPACE}(?:is|heet):?{_SPACE}|{_SPACE})"
    r"(?P<blank>[a-z_][\w.-]{1,28}\w)(?![\w@/-])(?P<last>[ .!)]*(?:$|\n))?"
)
_APART: Final = f"[{SPACE}\u3000]"
WORTH_A_LOOK: Final = (
    r"(?i:(nummer|nr|number|trace|code|client|commande|contrat|dossier|national|insz|niss|ssn)"
    rf"[^0-9]{{0,20}}([0-9]|{FEWER_SPOKEN})"
    r"|(kenteken|plaat|bord)[^0-9]{0,20}[0-9]"
    r"|(geb|birth|verjaardag|d\.?o\.?b|born|né|naissance)[^0-9]{0,30}[0-9]"
    rf"|(mij|me|m['’]n|mir|moi|mijn|my|mein|mon|vinden|volgen|bereiken|voegen)"
    rf"{_APART}([^ ]+{_APART}){{0,5}}({_ELSEWHERE})(:|=|-|{_APART}|account|naam|name|handle|id))"
)
"""Every text in which one of these could be found has this; in RE2, for the database."""

LEAST_DIGITS: Final = 5
_LEAST_LETTERS: Final = 5
_NO_NAME: Final = re.compile(
    r"(?i)^v\.?[0-9]|\.(?:nl|be|com|eu|org|net|de|fr|uk|info|io|tv|me|gg|app|shop)$"
)
"""A version ("v12.5beta") or a site."""

_ODD: Final = re.compile(r"(?i)_|[a-z][0-9]|[0-9][a-z]")
_PARTED: Final = re.compile(r"\w\.[a-z0-9]")
"""No "leuk.Daarna", where a sentence ends without a space."""


def is_long(match: re.Match[str]) -> bool:
    """Whether a number has as many digits as one that tells somebody apart, or is in words."""
    digits = len(re.findall("[0-9]", match["blank"]))
    return digits == 0 or digits >= LEAST_DIGITS


def is_account(match: re.Match[str]) -> bool:
    """Whether the next word is what somebody is called elsewhere, and none of the sentence.

    So it is with a digit or "_" among its letters. Who asks to be followed may also tell a name
    with a full stop in it, or any word as the last behind a colon.
    """
    told, then = match["blank"], match["then"].strip(SPACE)
    if _NO_NAME.search(told):
        return False
    if match["asked"] and then in {":", "="} and match["last"] is not None:
        return True
    if len(told) < _LEAST_LETTERS or not (then or match["asked"]):
        return False
    return bool(_ODD.search(told) or (match["asked"] and _PARTED.search(told)))
