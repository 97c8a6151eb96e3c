"""The published months the notebooks are read over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.published import shared_publication


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared_publication(tmp_path_factory)
