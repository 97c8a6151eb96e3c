"""The published months of a company and the report about them, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.report import Report, write_report
from tests.report.published import shared_publication


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared_publication(tmp_path_factory)


@pytest.fixture(scope="session")
def dutch(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return write_report(published, tmp_path_factory.mktemp("reports"), language="nl")


@pytest.fixture(scope="session")
def english(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return write_report(published, tmp_path_factory.mktemp("reports"), language="en")
