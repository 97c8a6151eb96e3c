"""What any connector must make of recorded replies."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings

import connectors
from connectors.testing.asked import INHERITED
from connectors.testing.mutations import (
    CHANGES,
    Change,
    Recordings,
    check_change,
    check_right,
    files_of,
    outcome_of,
    recording,
)
from connectors.testing.thorough import examples
from pipeline.source import Connector


class RecordingContract:
    """What any connector must make of recorded replies, as they are and with one thing changed."""

    platform: ClassVar[str]
    recordings: ClassVar[Recordings | None] = None
    """A folder of payload files or a list of them: bare bodies or envelopes."""
    may_be_missing: ClassVar[Mapping[str, str]] = {}
    """Keys whose loss may cost posts in silence, each with its reason (``key`` or ``thread.key``).
    """
    exempt: ClassVar[Mapping[str, str]] = {}
    """Tests that this platform cannot meet: the name of each, and why."""

    @pytest.fixture(autouse=True)
    def _exempt(self, request: pytest.FixtureRequest) -> None:
        reason = self.exempt.get(request.function.__name__)
        if reason is not None:
            pytest.skip(reason)

    @property
    def connector(self) -> Connector:
        return connectors.load(self.platform)

    def test_every_exemption_names_a_test_and_a_reason(self) -> None:
        for name, reason in self.exempt.items():
            assert callable(getattr(self, name))
            assert reason
        assert all(self.may_be_missing.values())

    def test_every_recording_gives_right_posts_or_a_typed_error(self) -> None:
        for path in self._recorded():
            check_right(outcome_of(self.connector, recording(path).reply).reads)

    @settings(max_examples=examples(150), deadline=None, suppress_health_check=INHERITED)
    @given(change=CHANGES)
    def test_a_recording_with_one_thing_changed_never_gives_less_in_silence(
        self, change: Change
    ) -> None:
        check_change(self.connector, self._recorded(), change, self.may_be_missing)

    def _recorded(self) -> Sequence[Path]:
        paths = [] if self.recordings is None else files_of(self.recordings)
        if not paths:
            pytest.skip("no recordings")
        return paths
