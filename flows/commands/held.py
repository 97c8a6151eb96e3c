"""What to do when another one is at work in the data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from pipeline.errors import AlreadyRunning


@contextmanager
def running_is_fine() -> Iterator[None]:
    """A night or listener that runs already is no failure of the clock that starts another.

    Whoever asks for something else meanwhile, to forget somebody or for a backup, is told with the
    exit code that it was not done.
    """
    try:
        yield
    except AlreadyRunning as error:
        typer.echo(f"{error.code}: {error}", err=True)
        raise typer.Exit(0) from None
