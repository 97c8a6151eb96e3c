"""Broken input by the thousand: payloads, configurations and queries, changed at random.

    python -m benchmarks.fuzz 20000                     # each target so often, by hypothesis
    python -m benchmarks.fuzz 20000 PAYLOADS            # with recorded payloads to start from
    python -m benchmarks.fuzz 20000 --guided            # by coverage, where atheris is installed

Whatever comes is read or refused with an error of ours; any other error is a crash, and more than
ten seconds of the processor are a hang. Prints the executions of each target; the
first crash ends it with exit 1.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import FrameType, FunctionType
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import connectors
from benchmarks.inspecting import FOLDERS, composed
from pipeline.config import load
from pipeline.errors import LuisterError
from pipeline.folding import fold
from pipeline.inspect import inspect
from pipeline.relevance.finding import Finder, Subject
from pipeline.relevance.parse import parse
from pipeline.starter import starter_config

RUNS: Final = 5_000
HANG_SECONDS: Final = 10
_PAYLOADS: Final = "LUISTER_FUZZ_PAYLOADS"
_PIECES: Final = (
    *(b"null", b"{}", b"[]", b'""', b"-1", b"1e999", b"NaN", b'"\\ud800"', b"\x00", b"\xff\xfe"),
    *(b"9223372036854775808", b"[" * 400, b"<!ENTITY x 'y'>", b"]]>", b"&#0;", b"\xe2\x80\xae"),
    *(b" AND ", b" OR ", b" NOT ", b" NEAR/3 ", b"(", b")", b"*", b"?", b'"', b"tag:", b"-"),
    *(b"[organisation]\n", b"[[source]]\n", b"name = 1\n", b"'''", b"2026-02-30", b"= true\n"),
)


class Hang(BaseException):
    """It took too long."""


def read_payload(data: bytes) -> None:
    """The first byte says which connector reads the rest."""
    names = connectors.platforms()
    connector = connectors.load(names[data[0] % len(names)]) if data else connectors.load("feed")
    for _ in inspect(connector, data[1:]):
        pass


def read_configuration(data: bytes) -> None:
    """The bytes as luister.toml."""
    path = _folder() / "luister.toml"
    path.write_bytes(data)
    load(path, connectors.platforms())


def read_query(data: bytes) -> None:
    """The bytes as a query, put to a text."""
    query = parse(data.decode("utf-8", "replace"))
    subject = Subject(fold("kpn zonnepanelen 苹 é"))
    list(Finder({0: (query, ())}).find(subject))


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="luister-fuzz-"))


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "inspect": read_payload,
    "config": read_configuration,
    "query": read_query,
}


def seeds(target: str) -> list[bytes]:
    """Input that is in order, to begin from."""
    if target == "inspect":
        return list(_payloads())
    if target == "config":
        text = starter_config("Zonneveld")
        budget = (
            '\n[budget.x]\nreads = 10\n\n[[competitor]]\nname = "Bolt"\nquery = "bolt AND fiets"\n'
        )
        return [text.encode(), (text + budget).encode()]
    page = (Path(__file__).parent.parent / "docs" / "query-language.md").read_text(encoding="utf-8")
    return [each.encode() for each in re.findall(r"`([^`\n]{3,200})`", page)]


def _payloads() -> Iterator[bytes]:
    names = connectors.platforms()
    for name, replies in composed():
        for reply in replies:
            yield bytes([names.index(name)]) + reply.body[:20_000]
    folder = os.environ.get(_PAYLOADS)
    for place in sorted(Path(folder).iterdir()) if folder else ():
        name = FOLDERS.get(place.name, place.name)
        if name in names and place.is_dir():
            for path in sorted(place.rglob("*.*"))[:40]:
                content = path.read_bytes()
                if len(content) < 60_000:
                    yield bytes([names.index(name)]) + content


Edit = tuple[float, str, bytes, int]


def changed(seed: bytes, edits: Sequence[Edit]) -> bytes:
    """The seed after each edit: cut, put in, put over, or said twice, at a place from 0 to 1."""
    data = bytearray(seed)
    for place, kind, piece, length in edits:
        at = int(place * len(data))
        if kind == "cut":
            del data[at : at + length]
        elif kind == "twice":
            data[at:at] = data[at : at + length]
        elif kind == "over":
            data[at : at + len(piece)] = piece
        else:
            data[at:at] = piece
    return bytes(data)


def inputs(target: str) -> st.SearchStrategy[bytes]:
    """Seeds with a few edits, and now and then bytes of any kind."""
    edit = st.tuples(
        st.floats(0, 1),
        st.sampled_from(("cut", "put", "over", "twice")),
        st.sampled_from(_PIECES) | st.binary(max_size=8),
        st.integers(1, 200),
    )
    changes = st.builds(changed, st.sampled_from(seeds(target)), st.lists(edit, max_size=6))
    return st.one_of(changes, changes, changes, st.binary(max_size=400))


def tried(target: str, data: bytes) -> bool:
    """Whether it was read; refused is an answer too.

    Raises:
        Hang: it took too long.
        Exception: whatever is no error of ours.
    """
    with _no_longer_than(HANG_SECONDS):
        try:
            TARGETS[target](data)
        except LuisterError:
            return False
    return True


@contextmanager
def _no_longer_than(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Hang(f"more than {seconds:g} s of the processor")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def by_hypothesis(target: str, runs: int) -> str:
    """So many executions; returns what to print."""
    counted = {"executions": 0, "read": 0}

    @settings(
        max_examples=runs,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs(target))
    def execute(data: bytes) -> None:
        counted["executions"] += 1
        counted["read"] += tried(target, data)

    begun = time.monotonic()
    execute()
    seconds = time.monotonic() - begun
    return f"{counted['executions']} executions, {counted['read']} of them read, {seconds:.0f} s"


def by_coverage(target: str, runs: int) -> str:
    """The same by atheris, in a process of its own; returns what to print."""
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds(target)):
            (Path(folder) / f"{number:04}").write_bytes(seed)
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.fuzz", str(runs), "--child", target, folder],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        print(done.stdout[-2_000:], done.stderr[-4_000:], sep="\n")
        sys.exit(1)
    counted = re.search(r"number_of_executed_units:\s*(\d+)", done.stderr)
    covered = re.findall(r"cov: (\d+)", done.stderr)
    return (
        f"{counted[1] if counted else '?'} executions guided by coverage "
        f"({covered[-1] if covered else '?'} places), {time.monotonic() - begun:.0f} s"
    )


def _our_functions() -> Iterator[FunctionType]:
    """Functions of our modules, and methods of their classes."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in {"pipeline", "connectors"}:
            for each in list(vars(module).values()):
                ours = list(vars(each).values()) if isinstance(each, type) else [each]
                for one in ours:
                    if isinstance(one, FunctionType) and one.__module__ == name:
                        yield one


def _guided(target: str, runs: int, folder: str) -> None:
    atheris: Any = importlib.import_module("atheris")
    for name in connectors.platforms():
        connectors.load(name)
    for function in _our_functions():
        atheris.instrument_func(function)

    def execute(data: bytes) -> None:
        with suppress(LuisterError):
            TARGETS[target](data)

    options = [
        f"-runs={runs}",
        f"-timeout={HANG_SECONDS}",
        "-max_len=65536",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, folder], execute)
    atheris.Fuzz()


def main() -> None:
    """Fuzz every target and print how often."""
    words = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    words.add_argument("runs", nargs="?", type=int, default=RUNS)
    words.add_argument("payloads", nargs="?", type=Path)
    words.add_argument("--guided", action="store_true")
    words.add_argument("--only", choices=TARGETS)
    words.add_argument("--child", nargs=2, metavar=("TARGET", "FOLDER"))
    told = words.parse_args()
    if told.child:
        _guided(told.child[0], told.runs, told.child[1])
        return
    if told.payloads:
        os.environ[_PAYLOADS] = str(told.payloads)
    fuzz = by_coverage if told.guided else by_hypothesis
    for target in [told.only] if told.only else TARGETS:
        print(f"{target:8} {fuzz(target, told.runs)}, 0 crashes, 0 hangs", flush=True)


if __name__ == "__main__":
    main()
