"""A fault in a measure does not go unnoticed."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator

import pytest

from pipeline.models import PROJECT
from tests.sql.fault import Fault
from tests.sql.faults import FAULTS
from tests.sql.mutations import PAGE, check_sound, is_noticed, page
from tests.sql.towns import shared_warehouse
from tests.sql.workshop import Stale, Workshop

SAMPLE = [
    fault
    for fault in FAULTS
    if fault.measure
    in ("conversation_share", "response_rate_24h", "answer_gini", "density", "peaks: threshold")
]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """The towns in a place of their own: other tests read the shared ones at the same time."""
    shared = shared_warehouse(tmp_path_factory)
    folder = tmp_path_factory.mktemp("workshop")
    shutil.copyfile(shared, folder / shared.name)
    (folder / "dbt").symlink_to(shared.parent / "dbt")
    found = Workshop(folder / shared.name)
    yield found
    found.close()


def test_every_measure_has_a_fault() -> None:
    with (PROJECT / "seeds" / "measure_catalogue.csv").open(encoding="utf-8") as file:
        measures = {row["measure"] for row in csv.DictReader(file)}

    assert measures - {fault.measure for fault in FAULTS} == set()


def test_the_table_of_faults_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_fault_can_still_be_made(workshop: Workshop) -> None:
    gone = [fault.measure for fault in FAULTS if fault.old not in workshop.text(fault.model)]

    assert gone == []


def test_a_fault_that_cannot_be_made_is_told(workshop: Workshop) -> None:
    fault = Fault("volume", "int_posts", "not in it", "", "nothing")

    with pytest.raises(Stale, match="not in int_posts"):
        is_noticed(workshop, fault)


@pytest.mark.parametrize("fault", SAMPLE, ids=lambda fault: fault.measure)
def test_some_faults_are_noticed_every_time(workshop: Workshop, fault: Fault) -> None:
    check_sound(workshop, [fault])

    assert is_noticed(workshop, fault)


def test_what_changes_nothing_goes_unnoticed(workshop: Workshop) -> None:
    (density,) = (fault for fault in FAULTS if fault.measure == "density")
    harmless = Fault("density", density.model, density.old, density.old, "nothing")

    assert not is_noticed(workshop, harmless)


@pytest.mark.mutations
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.measure)
def test_every_fault_is_noticed(workshop: Workshop, fault: Fault) -> None:
    assert is_noticed(workshop, fault)
