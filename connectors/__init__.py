"""Where posts come from: one module a platform, found by its name, imported when it is asked for.

A module of this package that says how a platform lets us in (``ACCESS``) is a connector. Others may
bring theirs in a package of their own, under the entry point group ``luister.connectors``.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.metadata
import pkgutil
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

from pipeline.errors import ConfigError
from pipeline.source import VERBS, Connector, Verb
from pipeline.typed import settle_types

GROUP: Final = "luister.connectors"
_ACCESS: Final = re.compile(r"^ACCESS\b", re.MULTILINE)
_PROMISED: Final = ("ACCESS", "read", "to_post")


def platforms() -> list[str]:
    """Names of all platforms that can be listened to, in alphabetical order; imports nothing."""
    return sorted({*_built_in(), *_brought_in()})


def load(platform: str) -> Connector:
    """The connector of a platform, ready to be used by several threads.

    Raises:
        ConfigError: there is none of that name (with the nearest name), it cannot be imported, or
            it is no connector.
    """
    module_name = _built_in().get(platform)
    if module_name is not None:
        return _checked(platform, importlib.import_module(module_name))
    entry_point = _brought_in().get(platform)
    if entry_point is None:
        raise ConfigError(f"unknown platform {platform!r}{_suggestion(platform)}")
    try:
        loaded = entry_point.load()
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"the connector for {platform!r} cannot be loaded: {error}",
            where=entry_point.value,
            todo="install or update the package that brings it",
        ) from error
    return _checked(platform, loaded)


def verbs(connector: Connector) -> tuple[Verb, ...]:
    """What the platform can be asked for, in the order of ``VERBS``."""
    return tuple(verb for verb in VERBS if callable(getattr(connector, verb, None)))


def _built_in() -> Mapping[str, str]:
    """Platform to module name: the modules of this package that define ``ACCESS``."""
    return _found_in(tuple(__path__))


@cache
def _found_in(folders: tuple[str, ...]) -> Mapping[str, str]:
    """Reads a hundred files; a night asks it for every source."""
    found = {}
    for folder in folders:
        for module in pkgutil.iter_modules([folder]):
            source = Path(folder, f"{module.name}.py")
            if source.is_file() and _ACCESS.search(source.read_text(encoding="utf-8")):
                found[module.name] = f"{__name__}.{module.name}"
    return MappingProxyType(found)


def _brought_in() -> Mapping[str, importlib.metadata.EntryPoint]:
    """Platform to entry point, of installed packages."""
    return {each.name: each for each in importlib.metadata.entry_points(group=GROUP)}


def _checked(platform: str, loaded: Any) -> Connector:
    missing = [name for name in _PROMISED if not hasattr(loaded, name)]
    if not missing and not verbs(loaded):
        missing = ["a verb"]
    if missing:
        raise ConfigError(
            f"{platform!r} is no connector: it lacks {', '.join(missing)}",
            where=getattr(loaded, "__name__", repr(loaded)),
            todo="see CONTRIBUTING, 'Add a connector'",
        )
    settle_types()
    return cast("Connector", loaded)


def _suggestion(platform: str) -> str:
    known = platforms()
    near = difflib.get_close_matches(platform.lower(), known, n=1, cutoff=0.6)
    if near:
        return f": did you mean {near[0]!r}?"
    return f": known are {', '.join(known)}"
