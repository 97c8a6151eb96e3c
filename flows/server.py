"""Whether the server of Prefect that is named in the settings is there."""

from __future__ import annotations

from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL


def is_there() -> bool:
    """Whether it answers; where none is named, Prefect starts one of its own."""
    if not PREFECT_API_URL.value():
        return True
    with get_client(sync_client=True) as client:
        return client.api_healthcheck() is None
