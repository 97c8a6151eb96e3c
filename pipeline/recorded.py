"""What dbt did in a build, kept so that the next build of the same models need not ask it again.

Dbt reads the project, puts it in order and renders each statement, each time to the same end: for a
small night that is nine tenths of the work. So its statements are kept, in order, with the tests
between them, and the next build of the same project only runs those. What is new to it (another
project, engine or schema) is done by dbt, and so is all again whenever anything fails: dbt tells
what is wrong.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from duckdb import OutOfMemoryException

from pipeline.dbt_results import CHANGES_LITTLE
from pipeline.errors import ModelError
from pipeline.files import settle
from pipeline.lanes import taken
from pipeline.query import identifier, literal, transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

SCHEMAS: Final = ("staging", "intermediate", "marts")
TEST: Final = "test"
KINDS: Final = ("model", "seed", TEST)
_KEPT: dict[tuple[str, str], Recording] = {}
_log: Final = logging.getLogger(__name__)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done.

    ``name`` is ``schema.model``, or that of a test. ``code`` is what DuckDB ran; of a model in
    Python it is what is said of its table, and ``path`` is where it stands in the project and
    ``reads`` the relations it reads, by the names it knows them by. ``after`` are the places of the
    steps, all before it, that must have ended when it begins.
    """

    name: str
    kind: str
    code: str
    after: list[int]
    path: str | None = None
    reads: dict[str, str] = {}
    is_incremental: bool = False


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of a build in order, under a name for all that decides what they are."""

    key: str
    settings: dict[str, str]
    steps: list[Step]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A step that went well, and the seconds it took."""

    step: Step
    seconds: float


def recording(folder: Path, kind: str, key: str) -> Recording | None:
    """What was kept of a build of this kind, in this process or in the folder; None for nothing."""
    kept = _KEPT.get((kind, key))
    if kept is not None:
        return kept
    try:
        found = msgspec.json.decode(_path(folder, kind).read_bytes(), type=Recording)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return found if found.key == key else None


def keep(folder: Path, kind: str, recorded: Recording) -> None:
    """Keep a recording in this process, and in the folder for the next one."""
    for other in [each for each in _KEPT if each[0] == kind]:
        del _KEPT[other]
    _KEPT[kind, recorded.key] = recorded
    draft = _path(folder, kind).with_suffix(".tmp")
    draft.write_bytes(msgspec.json.encode(recorded))
    draft.chmod(0o600)
    settle(draft, _path(folder, kind))


def _path(folder: Path, kind: str) -> Path:
    return folder / f"recorded-{kind}.json"


def steps_of(
    results: Iterable[Any],
    nodes: Mapping[str, Any],
    connection: DuckDBPyConnection,
    project: Path,
    *,
    is_adding: bool,
) -> list[Step]:
    """The steps that dbt has just taken.

    Args:
        results: what dbt tells of them, in their order.
        nodes: the project as dbt read it, by dbt's names.
        connection: the database, in which all is made.
        project: the folder of the project.
        is_adding: whether incremental models were added to.
    """
    # the hook that drops what is outlived is none of these: where steps are taken again, nothing is
    taken_nodes = [result.node for result in results if result.node.resource_type in KINDS]
    places = {node.unique_id: place for place, node in enumerate(taken_nodes)}
    # what reads of a model waits for the test of it that may end the night
    gates = {
        places[model]: places[node.unique_id]
        for node in taken_nodes
        if node.name.startswith(CHANGES_LITTLE)
        for model in node.depends_on.nodes
        if model in places
    }
    steps = []
    for node in taken_nodes:
        name = f"{node.schema}.{node.name}"
        read = {places[each] for each in _nearest(node, places, nodes)}
        gated = {gates[place] for place in read if place in gates} - {places[node.unique_id]}
        after = sorted(read | gated)
        if node.resource_type == "seed":
            code = _rows_of(connection, node.schema, node.name)
            steps.append(Step(name=name, kind="seed", code=code, after=after))
        elif node.language == "python":
            steps.append(
                Step(
                    name=name,
                    kind="model",
                    code=_comments_on(connection, node.schema, node.name),
                    after=after,
                    path=node.original_file_path,
                    reads={
                        nodes[other].name: nodes[other].relation_name
                        for other in node.depends_on.nodes
                    },
                    is_incremental=is_adding and node.config.materialized == "incremental",
                )
            )
        else:
            steps.append(
                Step(
                    name=node.name if node.resource_type == TEST else name,
                    kind=node.resource_type,
                    code=(project / node.build_path).read_text(encoding="utf-8"),
                    after=after,
                )
            )
    return steps


def _nearest(node: Any, wanted: Mapping[str, int], nodes: Mapping[str, Any]) -> Iterator[str]:
    """What a node reads of those that are wanted, also through others: views that stand."""
    for name in getattr(node.depends_on, "nodes", ()):
        if name in wanted:
            yield name
        elif name in nodes:
            yield from _nearest(nodes[name], wanted, nodes)


def _rows_of(connection: DuckDBPyConnection, schema: str, table: str) -> str:
    """Statements that make a small table as it is, its comments included."""
    name = f"{identifier(schema)}.{identifier(table)}"
    columns = connection.execute(f"describe {name}").fetchall()
    told = ", ".join(f"{identifier(column)} {kind}" for column, kind, *_ in columns)
    rows = connection.execute(f"from {name}").fetchall()
    values = ", ".join(
        "(" + ", ".join("null" if cell is None else literal(str(cell)) for cell in row) + ")"
        for row in rows
    )
    filled = f"insert into {name} values {values};" if rows else ""
    return (
        f"create or replace table {name} ({told}); {filled} "
        f"{_comments_on(connection, schema, table)}"
    )


def _comments_on(connection: DuckDBPyConnection, schema: str, table: str) -> str:
    """Statements that say of a table and its columns what is said of them."""
    name = f"{identifier(schema)}.{identifier(table)}"
    told = connection.execute(
        "select comment from duckdb_tables() where schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    of_columns = connection.execute(
        "select column_name, comment from duckdb_columns() "
        "where schema_name = ? and table_name = ? order by column_index",
        [schema, table],
    ).fetchall()
    return " ".join(
        [
            *(f"comment on table {name} is {literal(said)};" for (said,) in told if said),
            *(
                f"comment on column {name}.{identifier(column)} is {literal(said)};"
                for column, said in of_columns
                if said
            ),
        ]
    )


def play(
    connection: DuckDBPyConnection,
    recorded: Recording,
    project: Path,
    *,
    memory: str | None = None,
    lanes: int = 1,
) -> list[Done] | None:
    """Take the steps of a recording again; None when one of them did not go well.

    What does not read of each other goes side by side: most steps are too small for all cores.

    Args:
        connection: the database, which nobody else writes to.
        recorded: steps that fit what is in it.
        project: the folder of the project.
        memory: how much DuckDB may take, where it is another amount than then.
        lanes: how many steps may go side by side.
    """
    settings = recorded.settings if memory is None else recorded.settings | {"memory_limit": memory}
    for setting, value in settings.items():
        connection.execute(f"set {identifier(setting)} = {literal(value)}")
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")
    cursors = [connection.cursor() for _ in range(lanes)]

    def take(place: int, lane: int) -> Done:
        step = recorded.steps[place]
        begin = time.perf_counter()
        try:
            _take(cursors[lane], step, project)
        except Exception:
            _log.info("%s did not go as recorded", step.name, exc_info=True)
            raise
        return Done(step=step, seconds=time.perf_counter() - begin)

    def interrupt() -> None:
        for cursor in cursors:
            cursor.interrupt()

    try:
        return taken(
            [step.after for step in recorded.steps],
            take,
            lanes=lanes,
            # what a model in Python holds is not in the memory that DuckDB keeps to
            apart={place for place, step in enumerate(recorded.steps) if step.path is not None},
            crowded=OutOfMemoryException,
            interrupt=interrupt,
        )
    except Exception:  # noqa: BLE001 - whatever it is: dbt takes all steps again, and says what is wrong
        return None
    finally:
        for cursor in cursors:
            cursor.close()


def _take(connection: DuckDBPyConnection, step: Step, project: Path) -> None:
    if step.kind == TEST:
        ((_, _, is_failure),) = connection.execute(step.code).fetchall()
        if is_failure:
            raise ModelError("a test found bad rows", where=step.name)
        return
    with transaction(connection):
        if step.path is not None:
            make_in_python(connection, step, project / step.path)
        if step.code:
            connection.execute(step.code)


def make_in_python(connection: DuckDBPyConnection, step: Step, path: Path) -> None:
    """Make the table of a model in Python.

    Args:
        connection: the database that holds what it reads.
        step: its name and what it reads.
        path: its file.
    """
    spec = spec_from_file_location(step.name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no module")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    rows = module.model(AsDbt(connection, step), connection)
    connection.register("made_rows", rows)
    connection.execute(f"create or replace table {step.name} as select * from made_rows")
    connection.unregister("made_rows")


class AsDbt:
    """What a model in Python asks of dbt."""

    def __init__(self, connection: DuckDBPyConnection, step: Step) -> None:
        self.this = step.name
        self.is_incremental = step.is_incremental
        self._connection = connection
        self._reads = step.reads

    def config(self, **_settings: Any) -> None:
        """Nothing is left to settle."""

    def ref(self, model: str) -> DuckDBPyRelation:
        """The rows of another model."""
        return self._connection.query(f"select * from {self._reads[model]}")
