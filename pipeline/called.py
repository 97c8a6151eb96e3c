"""Numbers that are told with what they are: of a customer, a contract or an order, and of a car.

Without their name they are any number: only behind "klantnummer", "order number" or "kenteken" they
lead to a person.
"""

from __future__ import annotations

import re
from typing import Final

_THEN: Final = "[ \n\u00a0:;=#(\"'“„]{0,4}(?:is[ \u00a0:]{1,3}|was[ \u00a0:]{1,3})?"
_OF_CUSTOMERS: Final = (
    "klant|relatie|lid|lidmaatschaps|polis|contract|dossier|order|bestel|factuur|debiteur|debiteuren"
    "|reserverings|boekings|meter|aansluit|zaak|melding|meldings|ticket"
    "|kunden|bestell|vertrags|rechnungs|auftrags"
    "|customer|booking|policy|account|invoice|reservation|case|member|membership"
)
NUMBER: Final = re.compile(
    rf"(?i)(?<!\w)(?:{_OF_CUSTOMERS})[ -]?(?:nummer|nr|number)(?!\w)\.?{_THEN}"
    r"(?P<blank>[a-z]{0,4}[-.]?[0-9][0-9a-z]*(?:[-./][0-9a-z]+)*(?: [0-9]{3,})*)(?!\w)"
)
_GROUP: Final = "(?:[A-Z]{1,3}|[0-9]{1,3})"
PLATE: Final = re.compile(
    rf"(?i)(?<!\w)(?:kenteken|kentekenplaat|nummerbord|nummerplaat){_THEN}"
    r"(?P<blank>(?=[a-z -]{0,7}[0-9])(?=[0-9 -]{0,7}[a-z])"
    r"(?:(?:[0-9a-z]-?){5,6}[0-9a-z]"
    rf"|(?-i:(?=(?:[A-Z0-9] ?){{5,6}}[A-Z0-9](?!\w)){_GROUP} {_GROUP} {_GROUP})))(?!\w)"
)
"""Of six signs (Dutch) or seven (Belgian); with spaces only in capitals, as "in 3 uur" is none."""
LEAST_DIGITS: Final = 5

WORTH_A_LOOK: Final = "(?i:(nummer|nr|number|kenteken|plaat|bord)[^0-9]{0,20}[0-9])"
"""Every text in which one of both could be found has this; in RE2, for the database."""


def is_long(match: re.Match[str]) -> bool:
    """Whether a number has as many digits as one that tells somebody apart."""
    return len(re.findall("[0-9]", match["blank"])) >= LEAST_DIGITS
