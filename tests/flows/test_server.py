"""A night does not need Prefect's server: where it does not start, the night begins without it."""

from __future__ import annotations

from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS,
    temporary_settings,
)

from flows import server


def test_a_server_that_does_not_start_in_time_is_told_and_left_alone() -> None:
    late = {PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS: 0}
    with temporary_settings(late, restore_defaults={PREFECT_API_URL}):
        assert not server.begins()
