"""The conformance kit: what any connector must do, for ours and for those of others.

Needs ``pytest`` and ``hypothesis`` (``pip install luister[testing]``). Subclass
``ConnectorContract`` in a test module of your own package; ``client_for`` opens the real client
with a function of yours at its other end.
"""

import pytest

_PARTS = ("asked", "asking", "conformance", "faults", "mutations", "reading", "recorded", "saying")
pytest.register_assert_rewrite(*(f"connectors.testing.{name}" for name in _PARTS))

from connectors.testing.asking import (  # noqa: E402
    Handler,
    client_for,
    gaps,
    posts,
    rejected,
    until_error,
)
from connectors.testing.conformance import (  # noqa: E402
    LONG_AGO,
    NEWEST,
    ConnectorContract,
    Element,
    RecordingContract,
)

__all__ = [
    "LONG_AGO",
    "NEWEST",
    "ConnectorContract",
    "Element",
    "Handler",
    "RecordingContract",
    "client_for",
    "gaps",
    "posts",
    "rejected",
    "until_error",
]
