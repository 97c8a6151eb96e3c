"""Carry out the steps of the Dockerfile one by one in a clean folder, where there is no Docker.

    python -m deploy.try_steps [FOLDER]

Every COPY copies and every RUN runs, with ``/luister`` and ``/srv/luister`` inside the folder and
no account made. Then the command line is tried as the container would: without any right of the
superuser, and with everything but the data folder and ``/tmp`` read-only.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
REPOSITORY: Final = HERE.parent
INSIDE: Final = re.compile(r"(?<![\w./-])/(luister|srv)(?=[/:\s\"',\]]|$)")
ACCOUNTS: Final = ("groupadd", "useradd")
POWERLESS: Final = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")
"""The superuser without its powers: what its mode forbids to write cannot be written."""

CONFIGURATION: Final = """\
contact = "webcare@zonneveld.example"
data = "data"

[organisation]
name = "Zonneveld Energie"

[[source]]
name = "table"
platform = "table"
urls = ["posts.csv"]
options = {platform = "x"}
"""
POSTS: Final = """\
post_id,created_at,text
1,2026-11-20T10:00:00Z,Zonneveld Energie belt niet terug
"""
Step = tuple[str, str]


def steps(text: str) -> Iterator[Step]:
    """Every instruction and what stands after it, lines that go on joined."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*#.*\n", "", text))
    for line in joined.splitlines():
        instruction, _, rest = line.strip().partition(" ")
        if instruction:
            yield instruction, rest.strip()


class Room:
    """A folder that stands for the file system of the image."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.place = root
        self.is_locked = False
        self.environment: dict[str, str] = {
            name: value
            for name, value in os.environ.items()
            if name not in {"VIRTUAL_ENV", "LUISTER_CONFIG", "LUISTER_HOME"}
        }

    def inside(self, text: str) -> str:
        """The text with paths of the image turned into paths of this folder."""
        return INSIDE.sub(lambda found: f"{self.root}/{found[1]}", text)

    def carry_out(self, instruction: str, rest: str) -> None:
        """Do one instruction, as far as it can be done without an image."""
        match instruction:
            case "WORKDIR":
                self.place = Path(self.inside(rest))
                self.place.mkdir(parents=True, exist_ok=True)
            case "COPY":
                self._copy(rest)
            case "ENV":
                self._set(rest)
            case "RUN":
                self._run(rest)

    def _copy(self, rest: str) -> None:
        if rest.startswith("--from="):  # from the room we are in already
            return
        *sources, target = rest.split()
        folder = Path(self.inside(target))
        for name in sources:
            source = REPOSITORY / name
            if source.is_dir():
                shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, folder)

    def _set(self, rest: str) -> None:
        for name, value in re.findall(r"(\w+)=(\S+)", rest):
            told = self.inside(value).replace("$PATH", self.environment.get("PATH", ""))
            self.environment[name] = told

    def _run(self, rest: str) -> None:
        parts = [each.strip() for each in rest.split("&&")]
        for part in parts:
            command = self.inside(re.sub(r"--(owner|group)=\d+", "", part))
            if part.startswith(ACCOUNTS):
                continue
            if part.startswith("pip install") and shutil.which("uv"):
                continue
            self.run(["sh", "-ec", command])

    def run(self, command: Sequence[str], *, codes: Sequence[int] = (0,)) -> str:
        """Run a command in this room; its standard output.

        Raises:
            SystemExit: it ended with another code than expected.
        """
        powers = POWERLESS if os.geteuid() == 0 and self.is_locked else ()
        done = subprocess.run(  # noqa: S603 - commands of our own Dockerfile
            [*powers, *command],
            cwd=self.place,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode not in codes:
            sys.exit(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def lock(self) -> None:
        """From now on only the data folder and the one for passing things can be written."""
        scratch = self.root / "tmp"
        scratch.mkdir()
        self.environment |= {"HOME": str(scratch), "TMPDIR": str(scratch)}
        data = self.place / "data"
        for path in (self.root, *self.root.rglob("*")):
            may_be_written = path.is_relative_to(scratch) or path.is_relative_to(data)
            if not path.is_symlink() and not may_be_written:
                path.chmod(path.stat().st_mode & ~0o222)
        self.is_locked = True


def build(root: Path) -> tuple[Room, Mapping[str, str]]:
    """Carry out every step; the room, and what the image is told to start, ask and be."""
    room, told = Room(root), {}
    for instruction, rest in steps((HERE / "Dockerfile").read_text(encoding="utf-8")):
        print(f"{instruction} {rest[:100]}", flush=True)  # noqa: T201 - this is a script
        room.carry_out(instruction, rest)
        told[instruction] = rest
    return room, told


def use(room: Room, told: Mapping[str, str]) -> None:
    """What the container does: a first night of a table of posts, and the question of health."""
    start: list[str] = json.loads(told["ENTRYPOINT"])
    night: list[str] = json.loads(told["CMD"])
    asked: list[str] = json.loads(told["HEALTHCHECK"].partition("CMD ")[2])
    (room.place / "luister.toml").write_text(CONFIGURATION)
    (room.place / "posts.csv").write_text(POSTS)
    room.lock()
    room.run(asked, codes=(1,))
    print(room.run([*start, *night]))  # noqa: T201
    print(room.run(asked))  # noqa: T201


def main() -> None:
    """Build and use it in the folder that is named, or in one that is thrown away."""
    if len(sys.argv) > 1:
        use(*build(Path(sys.argv[1]).resolve()))
        return
    with tempfile.TemporaryDirectory(prefix="luister-steps-") as folder:
        Path(folder).chmod(0o755)
        use(*build(Path(folder)))


if __name__ == "__main__":
    main()
