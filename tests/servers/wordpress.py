"""A real WordPress on loopback, from Debian: MariaDB and PHP's own server, thrown away afterwards.

Needs the Debian packages wordpress, mariadb-server, php-cli, php-mysql, php-xml and php-mbstring;
as root they are installed where they are missing (a minute).
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from tests.servers.bluesky import HERE, free_port, run

PACKAGES = ("wordpress", "mariadb-server", "php-cli", "php-mysql", "php-xml", "php-mbstring")
CODE = Path("/usr/share/wordpress")
PASSWORD = "only-on-loopback"
_SETTINGS = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'wordpress');
define('DB_PASSWORD', '{password}');
define('DB_HOST', '127.0.0.1:{database}');
define('WP_HOME', 'http://127.0.0.1:{port}');
define('WP_SITEURL', 'http://127.0.0.1:{port}');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('WP_ENVIRONMENT_TYPE', 'local');
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{ define('ABSPATH', __DIR__ . '/'); }}
require_once ABSPATH . 'wp-settings.php';
"""


@dataclass
class Site:
    """The site, and its owner, who may do everything."""

    address: str
    folder: Path
    owner: httpx.Client

    def call(self, method: str, path: str, **body: Any) -> Any:
        reply = self.owner.request(method, f"/wp-json/wp/v2/{path}", json=body or None)
        reply.raise_for_status()
        return reply.json()

    def article(self, title: str, at: datetime) -> Any:
        made = f"{at:%Y-%m-%dT%H:%M:%S}"
        words = f"<p>{title} &amp; more</p>"
        return self.call(
            "POST", "posts", title=title, content=words, status="publish", date_gmt=made
        )

    def comment(self, article: int, words: str, at: datetime, parent: int = 0) -> Any:
        made = f"{at:%Y-%m-%dT%H:%M:%S}"
        who = {"author_name": "Anna", "author_email": "anna@example.test", "status": "approved"}
        return self.call(
            "POST", "comments", post=article, content=words, date_gmt=made, parent=parent, **who
        )

    def limit(self, times: int) -> None:
        """Ask the next so many who come to wait a second."""
        (self.folder / "limited").write_text(str(times))


def install() -> None:
    """The packages, where they are missing."""
    programs = ("mariadbd", "mariadb-install-db", "php")
    if CODE.is_dir() and all(shutil.which(name) for name in programs):
        return
    run("apt-get", "update", "-qq", folder=HERE)
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES, folder=HERE)


@contextmanager
def database(folder: Path) -> Iterator[int]:
    """A throw-away MariaDB; yields its port."""
    port, socket = free_port(), folder / "socket"
    data = folder / "data"
    data.mkdir()
    user = "mysql" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
        shutil.chown(data, user)
    as_user = [f"--user={user}"] if user else []
    made = [*as_user, f"--datadir={data}", "--auth-root-authentication-method=normal"]
    run("mariadb-install-db", *made, "--skip-test-db", folder=folder)
    where = [f"--datadir={data}", f"--socket={socket}", f"--port={port}"]
    fast = ["--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin"]
    server = subprocess.Popen(
        ["mariadbd", "--no-defaults", *as_user, *where, *fast, f"--pid-file={folder / 'pid'}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    try:
        _order(socket, "create database wordpress character set utf8mb4")
        _order(socket, f"create user wordpress@'127.0.0.1' identified by '{PASSWORD}'")
        _order(socket, "grant all on wordpress.* to wordpress@'127.0.0.1'")
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _order(socket: Path, statement: str) -> None:
    """Tell the database, which may not listen yet."""
    for attempt in range(200):
        done = subprocess.run(
            ["mariadb", "-u", "root", "-S", str(socket), "-e", statement],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return
        assert attempt < 199, done.stderr
        time.sleep(0.1)


@contextmanager
def site() -> Iterator[Site]:
    """A fresh site with an owner and no posts but the one that every site begins with."""
    install()
    folder = Path(tempfile.mkdtemp(prefix="luister-wordpress-"))
    folder.chmod(0o755)
    port = free_port()
    try:
        with database(folder) as at, _serving(folder, at, port) as address:
            yield Site(address, folder, _owner(address))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serving(folder: Path, database: int, port: int) -> Iterator[str]:
    shutil.copytree(CODE, folder / "site", symlinks=False, ignore_dangling_symlinks=True)
    settings = _SETTINGS.format(password=PASSWORD, database=database, port=port)
    (folder / "site" / "wp-config.php").write_text(settings)
    shutil.copy(HERE / "router.php", folder / "router.php")
    process = subprocess.Popen(
        ["php", "-d", "display_errors=0", "-S", f"127.0.0.1:{port}", "../router.php"],
        cwd=folder / "site",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "PHP_CLI_SERVER_WORKERS": "4"},
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)


def _owner(address: str) -> httpx.Client:
    """Install the site as its first visitor does, and get a password for programs."""
    form = {
        "weblog_title": "Zonneveld",
        "user_name": "owner",
        "admin_email": "o@example.test",
        "admin_password": PASSWORD,
        "admin_password2": PASSWORD,
        "pw_weak": "1",
        "blog_public": "0",
        "Submit": "Install",
        "language": "",
    }
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as visitor:
        for _ in range(100):
            with suppress(httpx.TransportError):
                visitor.post("/wp-admin/install.php?step=2", data=form).raise_for_status()
                break
            time.sleep(0.1)
        login = {"log": "owner", "pwd": PASSWORD, "testcookie": "1", "wp-submit": "Log In"}
        visitor.get("/wp-login.php")
        visitor.post("/wp-login.php", data=login)
        page = visitor.get("/wp-admin/options-permalink.php").text
        found = re.search(r'name="_wpnonce" value="([0-9a-f]+)"', page)
        assert found is not None, "the site was not installed"
        links = {"selection": "custom", "permalink_structure": "/%year%/%monthnum%/%postname%/"}
        visitor.post(
            "/wp-admin/options-permalink.php",
            data={"_wpnonce": found[1], **links, "submit": "Save"},
        )
        nonce = visitor.get("/wp-admin/admin-ajax.php", params={"action": "rest-nonce"}).text
        made = visitor.post(
            "/wp-json/wp/v2/users/me/application-passwords",
            json={"name": "tests"},
            headers={"X-WP-Nonce": nonce},
        ).json()
    return httpx.Client(
        base_url=address, auth=("owner", made["password"]), timeout=60, trust_env=False
    )
