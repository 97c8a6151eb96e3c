"""No request reaches an address inside the house, however it is dressed."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpcore
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceUnavailable, SourceUntrusted
from pipeline.guard import as_number, check_address, host_key, is_allowed, is_public, is_same_house
from pipeline.http import HttpSettings
from pipeline.wire import Deadline, GuardedBackend, GuardedTransport
from tests.misbehaving import Misbehaving, answer
from tests.pipeline.http_client import client_of

INSIDE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:100.64.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
    "",
]
OUTSIDE = ["8.8.8.8", "145.97.1.1", "2a00:1450:400e:80c::200e", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", INSIDE)
def test_inside(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_outside(address: str) -> None:
    assert is_public(address)
    assert is_allowed(address, allow_private=True)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_no_private_address_is_public_in_the_dress_of_ipv6(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for dressed in (
        ipaddress.IPv6Address(number | 0xFFFF << 32),
        ipaddress.IPv6Address(number | 0x64_FF9B << 96),
        ipaddress.IPv6Address(0x2002 << 112 | number << 80),
    ):
        assert not is_public(str(dressed))
    assert as_number(str(number)) == str(address)
    assert as_number(hex(number)) == str(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fd00::1", "100.64.0.1"])
def test_a_source_may_be_inside_when_it_says_so(address: str) -> None:
    assert is_allowed(address, allow_private=True)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "224.0.0.1", "ff02::1"]
)
def test_some_addresses_are_never_dialled(address: str) -> None:
    assert not is_allowed(address, allow_private=True)


@pytest.mark.fault(45)
@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.example/",
        "file:///etc/passwd",
        "shop.example",
        "http:///path",
        "http://user@shop.example/",
        "http://user:password@shop.example/",
        "http://shop.example:22/",
        "https://shop.example:8443/",
        "http://shop.example:port/",
        "http://[::1/",
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0177.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://[::ffff:7f00:1]/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://db.internal/",
        "http://printer.local/",
        "http://a.localhost/",
    ],
)
def test_addresses_that_no_source_needs(url: str) -> None:
    with pytest.raises(SourceUntrusted):
        check_address(url, allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/",
        "http://shop.example:80/a?b=c@d",
        "https://shop.example:443/",
        "https://notlocalhost/",
        "https://8.8.8.8/",
        "https://xn--fits-ioa.example/",
    ],
)
def test_addresses_that_may_be_asked(url: str) -> None:
    check_address(url, allow_private=False)


def test_a_source_inside_may_have_any_port() -> None:
    check_address("http://127.0.0.1:8080/", allow_private=True)


def test_who_shares_a_house() -> None:
    assert is_same_house("http://Shop.example/a", "https://shop.example:443/b")
    assert not is_same_house("https://shop.example/", "http://shop.example/")
    assert not is_same_house("http://shop.example/", "http://shop.example:81/")
    assert not is_same_house("https://shop.example/", "https://api.shop.example/")


def test_who_shares_a_pace() -> None:
    assert (
        host_key("http://Shop.example/a") == host_key("https://shop.example:443/") == "shop.example"
    )
    assert host_key("http://127.0.0.1:8080/") == "127.0.0.1:8080"


def backend(addresses: list[str], *, allow_private: bool = False) -> GuardedBackend:
    return GuardedBackend(
        allow_private=allow_private,
        deadline=Deadline(),
        resolve_name=lambda host, port: addresses,
    )


@pytest.mark.parametrize("address", INSIDE[:-2])
def test_a_name_that_leads_inside_is_not_dialled(address: str) -> None:
    with pytest.raises(SourceUntrusted, match="inside a network"):
        backend([address]).connect_tcp("shop.example", 80)


def test_one_address_inside_among_many_spoils_the_name() -> None:
    with pytest.raises(SourceUntrusted, match="inside a network"):
        backend(["8.8.8.8", "127.0.0.1"]).connect_tcp("rebinding.example", 443)


def test_the_port_is_checked_again_when_dialling() -> None:
    with pytest.raises(SourceUntrusted, match="port 22"):
        backend(["8.8.8.8"]).connect_tcp("shop.example", 22)


def test_no_source_lives_in_a_file() -> None:
    with pytest.raises(SourceUntrusted, match="socket in a file"):
        backend([], allow_private=True).connect_unix_socket("/run/docker.sock")


def test_a_name_without_addresses_is_not_reachable() -> None:
    with pytest.raises(httpcore.ConnectError, match="no address"):
        backend([]).connect_tcp("shop.example", 80)


def test_the_next_address_is_dialled_where_the_first_does_not_answer(server: Misbehaving) -> None:
    stream = backend(["::1", "127.0.0.1"], allow_private=True).connect_tcp("shop.test", server.port)
    assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
    stream.close()


@pytest.mark.fault(45)
def test_a_name_is_resolved_once_so_that_a_second_answer_cannot_differ(server: Misbehaving) -> None:
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    url = server.on("/", answer(200, b"first"))
    transport = GuardedTransport(allow_private=True, resolve_name=lambda host, port: next(answers))
    with httpx.Client(transport=transport) as http:
        reply = http.get(url.replace("127.0.0.1", "shop.test"))
        assert reply.text == "first"
        assert server.asked[0].headers["host"] == f"shop.test:{server.port}"
        with pytest.raises(SourceUntrusted):
            http.get(url.replace("127.0.0.1", "shop.test"))


def test_a_client_dials_nothing_inside_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def lying(host: str, port: int, **_: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", lying)
    with client_of(allow_private=False) as client, pytest.raises(SourceUntrusted, match="leads to"):
        client.get("http://shop.example/")


def test_a_name_server_that_does_not_answer_takes_no_more_than_the_time_to_connect() -> None:
    is_over = threading.Event()
    slow = GuardedBackend(
        allow_private=False,
        deadline=Deadline(),
        resolve_name=lambda host, port: [str(is_over.wait(30))],
    )
    with pytest.raises(SourceUnavailable, match="in time"):
        slow.connect_tcp("shop.example", 80, timeout=0.05)
    is_over.set()


def test_no_address_is_dialled_when_the_time_is_over() -> None:
    now = [0.0]
    deadline = Deadline(clock=lambda: now[0])
    deadline.start(5)
    assert deadline.left(2) == 2
    now[0] = 4.0
    assert deadline.left(2) == 1
    now[0] = 5.0
    with pytest.raises(SourceUnavailable, match="in time"):
        deadline.left(2)


@pytest.mark.fault(58)
def test_proxies_of_the_environment_are_used_only_when_wanted(
    server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("http_proxy", server.url("").replace("http://", "http://me:pass@"))
    server.on("http://shop.example/", answer(200, b"by proxy"))
    with client_of(
        settings=HttpSettings(trust_environment_proxies=True), allow_private=False
    ) as trusting:
        assert trusting.get("http://shop.example/").body == b"by proxy"
        assert server.asked[0].headers["proxy-authorization"].startswith("Basic ")
        with pytest.raises(SourceUntrusted):
            trusting.get("http://169.254.169.254/")
    with Misbehaving() as direct, client_of() as careful:
        url = direct.on("/", answer(200, b"direct"))
        assert careful.get(url).body == b"direct"
    assert len(server.asked) == 1


def test_addresses_that_need_no_proxy_are_dialled_and_guarded(
    server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    url = server.on("/", answer(200, b"direct"))
    with client_of(settings=HttpSettings(trust_environment_proxies=True)) as trusting:
        assert trusting.get(url).body == b"direct"


Certificate = tuple[ssl.SSLContext, ssl.SSLContext]


def certificate(folder, *, name: str, days: int) -> Certificate:
    """Both ends of TLS with a certificate for ``name`` that ends in so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}-{days}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server_end = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_end.load_cert_chain(path)
    return server_end, ssl.create_default_context(cafile=path)


def to_loopback(context: ssl.SSLContext | None) -> GuardedTransport:
    return GuardedTransport(
        allow_private=True, resolve_name=lambda host, port: ["127.0.0.1"], ssl_context=context
    )


@pytest.fixture
def secured(tmp_path) -> Iterator[tuple[Misbehaving, ssl.SSLContext, list[str]]]:
    server_end, client_end = certificate(tmp_path, name="shop.test", days=30)
    named: list[str] = []
    server_end.sni_callback = lambda socket, name, context: named.append(name or "")
    with Misbehaving(server_end) as misbehaving:
        misbehaving.on("/", answer(200, b"safe"))
        yield misbehaving, client_end, named


def test_tls_asks_for_the_name_although_a_number_is_dialled(secured) -> None:
    server, context, named = secured
    with client_of(transport=to_loopback(context)) as client:
        assert client.get(server.url(host="shop.test")).body == b"safe"
    assert named == ["shop.test"]


@pytest.mark.fault(46)
def test_a_certificate_for_another_name_is_refused_and_not_tried_again(secured) -> None:
    server, context, named = secured
    with (
        client_of(transport=to_loopback(context)) as client,
        pytest.raises(SourceUntrusted, match="certificate"),
    ):
        client.get(server.url(host="other.test"))
    assert named == ["other.test"]


@pytest.mark.fault(46)
def test_a_certificate_that_nobody_signed_is_refused(secured) -> None:
    server, _, _ = secured
    with (
        client_of(transport=to_loopback(None)) as client,
        pytest.raises(SourceUntrusted, match="self-signed"),
    ):
        client.get(server.url(host="shop.test"))


@pytest.mark.fault(46)
def test_an_expired_certificate_is_refused(tmp_path) -> None:
    server_end, client_end = certificate(tmp_path, name="shop.test", days=-1)
    with (
        Misbehaving(server_end) as server,
        client_of(transport=to_loopback(client_end)) as client,
        pytest.raises(SourceUntrusted, match="expired"),
    ):
        client.get(server.url(host="shop.test"))
