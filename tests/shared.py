"""Where the shared reference material stands: recorded payloads, conversations, labelled texts."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def shared_root() -> Path:
    return Path(os.environ.get("LUISTER_SHARED", REPOSITORY.parent / "shared"))


def shared(*parts: str) -> Path:
    """The path below the shared folder; skips where it is absent, but never in CI."""
    path = shared_root().joinpath(*parts)
    if not path.exists():
        reason = f"shared material is not here: {'/'.join(parts)} (set LUISTER_SHARED)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason, allow_module_level=True)
    return path
