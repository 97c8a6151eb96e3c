"""Bodies come out of the wire as they went in, however they are cut and packed."""

import contextlib
import gzip
import math
import zlib
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import body
from pipeline.body import read_body
from pipeline.errors import LuisterError, SourceUnavailable

PACKERS = {
    "identity": lambda data: data,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "": lambda data: data,
}
BARE = ("deflate", lambda data: zlib.compress(data, wbits=-15))
MEMBERS = (
    "gzip",
    lambda data: b"".join(gzip.compress(data[n : n + 7]) for n in range(0, len(data), 7)),
)


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(
    data=st.binary(max_size=2_000),
    packing=st.sampled_from([*PACKERS.items(), BARE, MEMBERS]),
    size=st.integers(1, 50),
)
def test_any_body_in_any_pieces_is_whole(data: bytes, packing, size: int) -> None:
    encoding, pack = packing
    chunks = pieces(pack(data), size)
    assert read_body(chunks, encoding, max_bytes=10_000, deadline=math.inf) == data


@given(data=st.binary(max_size=300), encoding=st.sampled_from(["gzip", "deflate"]))
def test_any_rubbish_is_told_and_never_crashes(data: bytes, encoding: str) -> None:
    with contextlib.suppress(LuisterError):
        assert len(read_body([data], encoding, max_bytes=10_000, deadline=math.inf)) <= 10_000


@given(
    runs=st.lists(
        st.tuples(st.sampled_from([b"a", b"bel", b"\0"]), st.integers(1, 60)), max_size=9
    ),
    piece=st.integers(1, 40),
    strategy=st.sampled_from([zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED]),
)
def test_a_body_is_whole_wherever_the_pieces_of_unpacking_end(
    runs: list[tuple[bytes, int]], piece: int, strategy: int
) -> None:
    data = b"".join(word * times for word, times in runs)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 8, strategy)
    packed = packer.compress(data) + packer.flush()
    with patch.object(body, "CHUNK", piece):
        assert read_body([packed], "deflate", max_bytes=10_000, deadline=math.inf) == data


def test_a_body_that_comes_too_late_is_dropped() -> None:
    ticks = iter([0.0, 5.0])
    with pytest.raises(SourceUnavailable, match="in time"):
        read_body([b"a", b"b"], "", max_bytes=10, deadline=1.0, clock=lambda: next(ticks))
