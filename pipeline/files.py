"""Files: on the disk itself before going on."""

from __future__ import annotations

import os
from pathlib import Path


def force(path: Path) -> None:
    """Have a file or folder on the disk itself before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle(draft: Path, target: Path) -> None:
    """Give a finished file its name, in place of what bears it, once it is on the disk."""
    force(draft)
    draft.replace(target)
    force(target.parent)
