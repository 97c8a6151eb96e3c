"""Where clouds keep the keys of a machine is never dialled, whatever a source may reach."""

import pytest

from pipeline.guard import is_allowed

KEYS_OF_CLOUDS = [
    "169.254.169.254",
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd20:ce::254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "2001:0:808:808:0:0:5601:5601",
]


@pytest.mark.parametrize("allow_private", [False, True])
@pytest.mark.parametrize("address", KEYS_OF_CLOUDS)
def test_the_keys_of_a_cloud_are_out_of_reach(address: str, allow_private: bool) -> None:
    assert not is_allowed(address, allow_private=allow_private)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "192.168.1.1", "100.64.0.1", "fc00::1", "fd00:ec2::1", "1.1.1.1"]
)
def test_their_neighbours_stay_within_reach_of_who_listens_at_home(address: str) -> None:
    assert is_allowed(address, allow_private=True)


def test_behind_nat64_who_listens_at_home_still_reaches_the_world() -> None:
    assert is_allowed("64:ff9b::808:808", allow_private=True)
