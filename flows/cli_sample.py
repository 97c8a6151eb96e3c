"""The command `sample`: how many matches are right?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.options import DEFAULT, AsJson, ConfigFile, app


@app.command()
def sample(
    about: Annotated[
        str | None,
        typer.Argument(help="An organisation, or a query to try out; default: your own company."),
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many posts.")] = 50,
    form: Annotated[
        str,
        typer.Option("--format", "-f", help="ask (in the terminal) or csv (for a spreadsheet)."),
    ] = "ask",
    file: Annotated[
        Path | None, typer.Option("--from", help="Keep the marks of this CSV file.")
    ] = None,
    seed: Annotated[
        str | None, typer.Option("--seed", help="Pick the same posts again; default: by chance.")
    ] = None,
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """Mark matches picked at random, to know how precise they are.

    Each is a post that matched; you say whether it is really about the company. Marks are kept and
    shown in the report, and `luister learn relevance` learns from them.

    Example: luister sample

    Example: luister sample --format csv > marks.csv; luister sample --from marks.csv

    Example: luister sample "ns AND (trein OR station)"
    """
    from flows.commands import sampling

    if file is not None:
        sampling.read_back(file, config, as_json=json)
        return
    sampling.sample(about, count, form, seed, config, as_json=json)
