"""A standalone cluster of Spark on this machine: a master and workers, each a process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import pyspark

HOME = Path(pyspark.__file__).parent
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m"
"""For a JVM that runs for minutes on one core: it compiles less, and collects in its own thread.

All that Spark writes and has compiled for every statement must find room: else the JVM stops
compiling in the middle of the first build, and the next ones take minutes more.
"""

_ADDRESS = re.compile(r"Starting Spark master at (spark://\S+)")
_READY = re.compile(r"Successfully registered with master")


class Cluster:
    """A master and some workers with one core each; their logs stand in ``folder``.

    ``java`` is how each JVM is started.
    """

    def __init__(
        self, folder: Path, workers: int = 2, memory: str = "1g", java: str = SHORT_LIVED
    ) -> None:
        self.folder = folder
        self.memory = memory
        self.java = java
        self.count = workers
        self.processes: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        # whoever leads is started by this process
        os.environ.setdefault("JAVA_TOOL_OPTIONS", self.java)
        self._start("master", "Master", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        self.address = self._await("master", _ADDRESS)
        for number in range(self.count):
            self.add(number)
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def add(self, number: int) -> None:
        """Start a worker and wait until the master knows it."""
        work = self.folder / f"work-{number}"
        self._start(
            f"worker-{number}",
            "Worker",
            *("--host", "127.0.0.1", "--cores", "1", "--memory", self.memory),
            *("--webui-port", "0", "--work-dir", str(work), self.address),
        )
        self._await(f"worker-{number}", _READY)

    def kill(self, number: int) -> None:
        """Kill a worker and whatever it runs, as a machine that dies."""
        process = self.processes[number + 1]
        executors = _children(process.pid)
        for pid in (process.pid, *executors):
            os.kill(pid, signal.SIGKILL)
        process.wait()

    def _start(self, name: str, kind: str, *arguments: str) -> None:
        log = (self.folder / f"{name}.log").open("wb")
        environment = os.environ | {
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "JAVA_TOOL_OPTIONS": self.java,
        }
        command = [
            str(HOME / "bin" / "spark-class"),
            f"org.apache.spark.deploy.{kind.lower()}.{kind}",
        ]
        process = subprocess.Popen(
            [*command, *arguments], stdout=log, stderr=log, env=environment, start_new_session=True
        )
        self.processes.append(process)

    def _await(self, name: str, pattern: re.Pattern[str], seconds: float = 240) -> str:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = pattern.search((self.folder / f"{name}.log").read_text(errors="replace"))
            if found:
                return found.group(found.lastindex or 0)
            time.sleep(0.2)
        raise TimeoutError(f"{name} did not start: see {self.folder}")


def _children(pid: int) -> list[int]:
    """All processes below one, the deepest last."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(fields[1]) == pid:
            child = int(path.parent.name)
            found += [child, *_children(child)]
    return found
