"""Each platform has a worked example: it loads, in the starter file as well once uncommented."""

from pathlib import Path

import pytest

import connectors
from pipeline.config import load, resolve_sources
from pipeline.examples import PLATFORMS, example
from pipeline.starter import starter_config

HEAD = 'contact = "webcare@example.org"\n[organisation]\nname = "Zonneveld"\n\n'


@pytest.mark.parametrize("platform", sorted(connectors.platforms()))
def test_the_example_of_a_platform_is_a_source_of_it(platform: str, tmp_path: Path) -> None:
    path = tmp_path / "luister.toml"
    path.write_text(HEAD + example(platform), encoding="utf-8")
    (source,) = resolve_sources(load(path, connectors.platforms()))
    assert (source.name, source.platform) == (platform, platform)


def test_no_example_is_of_a_platform_that_is_none() -> None:
    assert set(PLATFORMS) == set(connectors.platforms())


def test_the_starter_file_names_every_platform_and_loads_with_all_of_them(tmp_path: Path) -> None:
    text = starter_config("Zonneveld")
    begin, end = text.index("# More platforms;"), text.index("[opening_hours]")
    lines = text[begin:end].splitlines()[1:]
    bare = "\n".join(line.removeprefix("# ") for line in lines)
    path = tmp_path / "luister.toml"
    path.write_text(text[:begin] + bare + "\n" + text[end:], encoding="utf-8")
    found = {each.platform for each in resolve_sources(load(path, connectors.platforms()))}
    assert found == set(connectors.platforms())
