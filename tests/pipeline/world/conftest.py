"""One small world for all tests here: a few weeks, served where a test asks."""

from datetime import UTC, datetime

import pytest

from pipeline.world import serve, simulate

TODAY = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)


@pytest.fixture(scope="session")
def world():
    return simulate(18, TODAY, days=35, persons=160, busyness=0.6)


@pytest.fixture
def served(world):
    with serve(world) as served:
        yield served
