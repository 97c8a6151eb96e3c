from collections.abc import Iterator

import pytest

from tests.misbehaving import Misbehaving


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as misbehaving:
        yield misbehaving
