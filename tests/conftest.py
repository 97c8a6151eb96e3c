"""The order of the tests: files that take longest begin first, so that workers end together."""

from __future__ import annotations

import pytest

LONGEST = (
    "tests/night/test_night.py",
    "tests/flows/test_prefect.py",
    "tests/flows/test_listening.py",
    "tests/explore/test_explore_browser.py",
    "tests/pipeline/test_forget.py",
    "tests/sql/test_adding.py",
    "tests/night/test_truth.py",
    "tests/report/test_shifts.py",
    "tests/pipeline/test_load.py",
    "tests/alerts/test_telling.py",
    "tests/faults/test_processes.py",
    "tests/connectors/test_example_package.py",
    "tests/pipeline/test_warehouse.py",
    "tests/pipeline/enrich/test_enrich.py",
    "tests/notebooks/test_notebooks.py",
    "tests/real/test_conversations.py",
)
"""Neighbours share no folder that is built once: who comes second would wait for it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {file: number for number, file in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.location[0], len(LONGEST)))
