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


def test_there_is_one_for_each_of_four_questions() -> None:
    assert {path.stem for path in NOTEBOOKS} == {
        "conversation_volume",
        "from_sending_to_listening",
        "network_around_us",
        "who_is_answered",
    }


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
def test_an_axis_of_weeks_names_the_days_on_which_they_begin(path: Path) -> None:
    """Left to itself it names Sundays; weeks here begin on Mondays."""
    drawn = "".join("".join(cell.source.split()) for cell in code_cells(read(path)))

    assert drawn.count('"week:T"') == drawn.count("axis=mondays")


TOLD = {
    "conversation_volume": (
        "int(volume['inbound'].sum()), len(volume)",
        """
        select sum(inbound_posts), count(distinct posted_date)
        from marts.volume_daily
        where organisation = 'Waterland Fietsen'
        """,
    ),
    "from_sending_to_listening": (
        "int(acts['posts'].sum()), int(acts.loc[acts['act'] == 'reply', 'posts'].sum())",
        """
        select sum(posts_count), sum(posts_count) filter (act = 'reply')
        from marts.acts_daily
        where organisation = 'Waterland Fietsen'
        """,
    ),
    "who_is_answered": (
        "len(addressed), int(addressed['within_a_day'].sum())",
        """
        select sum(denominator), sum(numerator)
        from marts.scorecard
        where organisation = 'Waterland Fietsen' and platform = 'all' and period_grain = 'all'
            and measure = 'needs_response_rate_24h'
        """,
    ),
    "network_around_us": (
        "int(weeks['nodes_count'].sum()), int(weeks['edges_count'].sum())",
        """
        select sum(nodes_count), sum(edges_count)
        from marts.networks_weekly
        where organisation = 'Waterland Fietsen' and platform = 'all'
        """,
    ),
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_tells_the_numbers_of_the_file(
    path: Path, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUISTER_ANALYTICS", str(published))
    shown, sql = TOLD[path.stem]
    notebook = read(path)
    notebook.cells.append(nbformat.v4.new_code_cell(f"({shown})"))

    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()

    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    assert [output for output in outputs if "image/png" in output.get("data", {})]
    assert not [output for output in outputs if output.output_type in {"error", "stream"}]
    with duckdb.connect(str(published.resolve()), read_only=True) as database:
        expected = database.execute(sql).fetchone()
    assert outputs[-1].data["text/plain"] == str(tuple(int(number) for number in expected or ()))
