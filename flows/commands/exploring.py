"""explore: serve the pages until somebody stops them."""

from __future__ import annotations

import socket
from pathlib import Path

import typer

from connectors import platforms
from flows.commands.output import print_json
from pipeline.config import load
from pipeline.errors import ConfigError
from pipeline.explore.gate import PASSWORD, guarded
from pipeline.explore.published import Published
from pipeline.explore.site import site
from pipeline.report.words import Words
from pipeline.secrets import find_secret
from pipeline.warehouse import PUBLISHED_NAME


def explore(path: Path, *, host: str, port: int, language: str | None, as_json: bool) -> None:
    """Serve the pages over the newest published file.

    Raises:
        ConfigError: the address cannot be used, or others can reach it and there is no password.
        WarehouseError: nothing is published yet.
    """
    import uvicorn

    config = load(path, platforms())
    words = Words(language or config.language, config.timezone)
    password = guarded(host, find_secret(PASSWORD))
    listening = _listen(host, port)
    published = Published(config.data / PUBLISHED_NAME)
    pages = site(published, language=words.language, password=password, host=host)
    name = f"[{host}]" if ":" in host else host
    listening.listen()  # who comes before the server does waits, and is not turned away
    address = f"http://{name}:{listening.getsockname()[1]}/"
    if as_json:
        print_json({"address": address})
    else:
        typer.echo(f"explore: {address} (Ctrl-C stops it)")
    server = uvicorn.Server(
        uvicorn.Config(
            pages,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            limit_concurrency=64,
            timeout_graceful_shutdown=3,
        )
    )
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        published.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        raise ConfigError(
            f"{host}:{port} cannot be used: {error.strerror or error}",
            where="--port",
            todo="take another port, or 0 for any that is free",
        ) from error
    return listening
