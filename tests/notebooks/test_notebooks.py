"""Every notebook is kept without outputs and runs over a published file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_is_one_about_volume() -> None:
    assert "conversation_volume.ipynb" in [path.name for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    for cell in code_cells(read(path)):
        assert cell.outputs == []
        assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_opens_with_its_question(path: Path) -> None:
    first = read(path).cells[0]

    assert first.cell_type == "markdown"
    assert "?" in first.source.splitlines()[0]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_over_a_published_file(
    path: Path, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUISTER_ANALYTICS", str(published))
    notebook = read(path)

    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()

    pictures = [
        output
        for cell in code_cells(notebook)
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    assert pictures
    assert not [
        output
        for cell in code_cells(notebook)
        for output in cell.outputs
        if output.output_type in {"error", "stream"}
    ]


def test_the_volumes_of_the_notebook_are_those_of_the_file(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUISTER_ANALYTICS", str(published))
    notebook = read(next(path for path in NOTEBOOKS if path.stem == "conversation_volume"))
    notebook.cells.append(
        nbformat.v4.new_code_cell("print(int(volume['inbound'].sum()), len(volume))")
    )

    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": tmp_path}}).execute()

    told = [int(part) for part in notebook.cells[-1].outputs[0].text.split()]
    with duckdb.connect(str(published.resolve()), read_only=True) as database:
        expected = database.execute(
            """
            select sum(inbound_posts), count(distinct posted_date)
            from marts.volume_daily
            where organisation = 'Waterland Fietsen'
            """
        ).fetchone()
    assert told == list(expected or ())
