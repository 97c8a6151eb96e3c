"""The statements of both kinds of build, as dbt renders them, shipped with the program.

They are the same for every database, so nobody needs to wait for dbt to render them once more: not
the first night, nor the first that adds. ``python -m docs.recorded`` writes them; a test fails when
they are not what dbt does. With other versions of dbt or DuckDB, or another project, dbt is asked.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from functools import cache
from typing import Final

import msgspec

from pipeline.model_project import PROJECT
from pipeline.recorded import Recording, Step

PATH: Final = PROJECT / "recorded.json"


class Shipped(msgspec.Struct, frozen=True, kw_only=True):
    """Both recordings; ``adding`` leaves out the code of steps that are as in ``full``."""

    key: str
    settings: dict[str, str]
    full: list[Step]
    adding: list[Step]


def shipped(kind: str, key: str) -> Recording | None:
    """The recording of a ``full`` build or one that is ``adding``; None where it is another's."""
    found = _shipped()
    if found is None or found.key != key:
        return None
    steps = found.full if kind == "full" else _completed(found)
    return Recording(key=key, settings=found.settings, steps=steps)


def written(full: Recording, adding: Recording, key: str) -> bytes:
    """The file for two recordings, a step a line, in an order that is always the same."""
    whole, added = in_order(full.steps), in_order(adding.steps)
    codes = {step.name: step.code for step in whole}
    bare = [
        msgspec.structs.replace(step, code="") if step.code == codes.get(step.name) else step
        for step in added
    ]
    # how much memory there is differs from machine to machine
    settings = {
        name: told for name, told in sorted(full.settings.items()) if name != "memory_limit"
    }
    parts = [f'{{"key":{_json(key)},"settings":{_json(settings)}']
    for kind, steps in (("full", whole), ("adding", bare)):
        parts.append(f'"{kind}":[\n' + ",\n".join(map(_json, steps)) + "\n]")
    return (",\n".join(parts) + "}\n").encode()


def in_order(steps: list[Step]) -> list[Step]:
    """The same steps, those first for which most others wait, and else by their names."""
    waiting = {place: set(step.after) for place, step in enumerate(steps)}
    followers: dict[int, set[int]] = {place: set() for place in waiting}
    for place, before in waiting.items():
        for other in before:
            followers[other].add(place)
    weights = _weights(followers)
    ready = [(-weights[place], steps[place].name, place) for place in waiting if not waiting[place]]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        *_, place = heapq.heappop(ready)
        order.append(place)
        for other in followers[place]:
            waiting[other].discard(place)
            if not waiting[other]:
                heapq.heappush(ready, (-weights[other], steps[other].name, other))
    places = {old: new for new, old in enumerate(order)}
    return [
        msgspec.structs.replace(steps[old], after=sorted(places[each] for each in steps[old].after))
        for old in order
    ]


def _weights(followers: Mapping[int, set[int]]) -> dict[int, int]:
    """How many steps wait for each, directly or not; steps stand behind those they wait for."""
    behind: dict[int, set[int]] = {}
    for place in sorted(followers, reverse=True):
        behind[place] = followers[place].union(*(behind[each] for each in followers[place]))
    return {place: len(each) for place, each in behind.items()}


def _completed(found: Shipped) -> list[Step]:
    codes = {step.name: step.code for step in found.full}
    return [
        step
        if step.code or step.name not in codes
        else msgspec.structs.replace(step, code=codes[step.name])
        for step in found.adding
    ]


@cache
def _shipped() -> Shipped | None:
    """What is shipped, read once; None where it was left out or is broken: dbt is asked then."""
    try:
        return msgspec.json.decode(PATH.read_bytes(), type=Shipped)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _json(told: object) -> str:
    return msgspec.json.encode(told).decode()
