"""The contract of every connector: subclass ``ConnectorContract``, say how the platform answers.

::

    class TestAcme(ConnectorContract):
        platform = "acme"
        source = Source(name="acme", platform="acme", tags=("bike",))
        promised = "author.id"
        recordings = Path(__file__).parent / "recordings"              # optional: replies kept

        def element(self, number, created_at, *, private=False): ...   # one item as sent
        def page(self, request, pages): ...                            # the page a request asks for

``RecordingContract`` alone is for a connector that asks no server, or reads many kinds of replies.
"""

from typing import ClassVar

from connectors.testing.asked import LONG_AGO, NEWEST, Element
from connectors.testing.faults import ANY_JSON, Faults
from connectors.testing.reading import Reading, remove
from connectors.testing.recorded import RecordingContract
from connectors.testing.saying import Saying

__all__ = [
    "ANY_JSON",
    "LONG_AGO",
    "NEWEST",
    "ConnectorContract",
    "Element",
    "RecordingContract",
    "remove",
]


class ConnectorContract(Reading, Faults, Saying, RecordingContract):
    """What any connector must do, whatever its platform."""

    platform: ClassVar[str]
