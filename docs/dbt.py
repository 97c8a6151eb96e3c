"""Write dbt's documentation of the SQL models as one page: ``python -m docs.dbt``.

The models are built over a database without posts; nothing is asked of the network.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from docs.recorded import without_posts
from pipeline.model_pages import document
from pipeline.models import build

PAGE = Path("dbt-docs.html")


def main(page: Path = PAGE) -> None:
    """Build an empty warehouse and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        database = without_posts(Path(folder))
        build(database)
        document(database, page)
    print(page.resolve())  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE)
