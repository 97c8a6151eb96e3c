"""Redirects are followed by hand: few, checked, and without taking secrets along."""

import httpx
import pytest

from pipeline.errors import PayloadError, SourceGone, SourceRefused
from tests.misbehaving import Misbehaving, answer, redirect
from tests.pipeline.http_client import answering, client_of


@pytest.fixture
def other():
    with Misbehaving() as misbehaving:
        yield misbehaving


@pytest.mark.fault(5)
def test_a_temporary_redirect_is_followed_and_not_remembered(server: Misbehaving) -> None:
    url = server.on("/old", redirect("/new?x=1"))
    server.on("/new", answer(200, b"here"))
    with client_of() as client:
        reply = client.get(url)
    assert (reply.body, reply.url) == (b"here", server.url("/new?x=1"))
    assert client.usage.moved == {}
    assert client.usage.requests == 2


@pytest.mark.fault(5)
@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_remembered_for_the_report(
    server: Misbehaving, status: int
) -> None:
    url = server.on("/old", redirect("/new", status))
    server.on("/new", answer(200))
    with client_of() as client:
        client.get(url)
    assert client.usage.moved == {url: server.url("/new")}


def test_only_the_permanent_beginning_of_a_way_is_remembered(server: Misbehaving) -> None:
    url = server.on("/old", redirect("/new", 301))
    server.on("/new", redirect("/today", 302))
    server.on("/today", redirect("/end", 301))
    server.on("/end", answer(200))
    with client_of() as client:
        client.get(url)
    assert client.usage.moved == {url: server.url("/new")}


def test_a_move_to_nowhere_is_not_remembered(server: Misbehaving) -> None:
    url = server.on("/old", redirect("/new", 301))
    with client_of() as client, pytest.raises(SourceGone):
        client.get(url)
    assert client.usage.moved == {}


@pytest.mark.fault(44)
def test_a_loop_is_left_after_five_hops_and_not_tried_again(server: Misbehaving) -> None:
    url = server.on("/a", redirect("/b"))
    server.on("/b", redirect("/a"))
    with client_of() as client, pytest.raises(PayloadError, match="on and on"):
        client.get(url)
    assert len(server.asked) == 6


def test_five_hops_are_still_followed(server: Misbehaving) -> None:
    for number in range(5):
        server.on(f"/{number}", redirect(f"/{number + 1}"))
    server.on("/5", answer(200, b"found"))
    with client_of() as client:
        assert client.get(server.url("/0")).body == b"found"


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://user:password@127.0.0.1/",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
    ],
)
def test_not_even_a_source_inside_the_house_leads_to_the_keys_of_the_machine(
    server: Misbehaving, target: str
) -> None:
    url = server.on("/", redirect(target))
    with client_of() as client, pytest.raises(SourceRefused):
        client.get(url)
    assert len(server.asked) == 1


@pytest.mark.fault(45)
@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://10.0.0.1/",
        "http://localhost/",
        "http://router.local/",
        "http://shop.example:8080/",
        "//192.168.1.1/",
    ],
)
def test_a_public_source_leads_to_nothing_inside(target: str) -> None:
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": target})

    with (
        client_of(transport=answering(handler), allow_private=False) as client,
        pytest.raises(SourceRefused),
    ):
        client.get("http://shop.example/feed")
    assert asked == ["http://shop.example/feed"]


def leading(there: dict[str, httpx.Response], asked: list[httpx.Request]):
    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return there.get(str(request.url), httpx.Response(200, content=b"end"))

    return answering(handler)


def to(location: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"location": location})


@pytest.mark.fault(46)
def test_nothing_goes_back_from_https_to_http() -> None:
    transport = leading({"https://shop.example/": to("http://shop.example/")}, [])
    with client_of(transport=transport) as client, pytest.raises(SourceRefused, match="to http"):
        client.get("https://shop.example/")


def test_secrets_stay_with_their_host() -> None:
    asked: list[httpx.Request] = []
    transport = leading({"https://shop.example/": to("https://other.example/")}, asked)
    with client_of(transport=transport) as client:
        client.get(
            "https://shop.example/",
            bearer="a-long-token",
            headers={"X-Api-Key": "k3y", "Cookie": "s=1", "Accept": "application/json"},
        )
    first, second = asked
    assert first.headers["authorization"] == "Bearer a-long-token"
    assert first.headers["x-api-key"] == "k3y"
    assert not {"authorization", "x-api-key", "cookie"} & set(second.headers)
    assert second.headers["accept"] == "application/json"
    assert "Luister/" in second.headers["user-agent"]


@pytest.mark.parametrize(
    "target",
    ["http://shop.example:8443/", "https://shop.example:8443/", "http://www.shop.example/"],
)
def test_another_port_or_name_is_another_house(target: str) -> None:
    asked: list[httpx.Request] = []
    transport = leading({"http://shop.example/": to(target)}, asked)
    with client_of(transport=transport) as client:
        client.get("http://shop.example/", bearer="a-long-token")
    assert "authorization" not in asked[1].headers


@pytest.mark.parametrize("target", ["https://shop.example/", "/other", "http://SHOP.example:80/"])
def test_the_same_house_gets_the_token_again(target: str) -> None:
    asked: list[httpx.Request] = []
    transport = leading({"http://shop.example/old": to(target)}, asked)
    with client_of(transport=transport) as client:
        client.get("http://shop.example/old", bearer="a-long-token")
    assert asked[1].headers["authorization"] == "Bearer a-long-token"


@pytest.mark.parametrize("status", [307, 308])
def test_what_was_posted_goes_to_no_other_host(
    server: Misbehaving, other: Misbehaving, status: int
) -> None:
    url = server.on("/session", redirect(other.url("/session"), status))
    with client_of() as client, pytest.raises(SourceRefused, match="posted"):
        client.post(url, json={"password": "hunter22"})
    assert other.asked == []


def test_what_was_posted_goes_on_within_the_house(server: Misbehaving) -> None:
    url = server.on("/session", redirect("/v2/session", 308))
    server.on("/v2/session", answer(200))
    with client_of() as client:
        client.post(url, form={"a": "b"})
    assert [(each.method, each.body) for each in server.asked] == [("POST", b"a=b")] * 2


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_post_that_is_sent_elsewhere_to_look_becomes_a_get(
    server: Misbehaving, other: Misbehaving, status: int
) -> None:
    url = server.on("/search", redirect(other.url("/result"), status))
    other.on("/result", answer(200, b"found"))
    with client_of() as client:
        assert client.post(url, json={"q": "fiets"}).body == b"found"
    assert (other.asked[0].method, other.asked[0].body) == ("GET", b"")


@pytest.mark.parametrize("target", ["http://[::1", "http://shop.example:99999/", "http://xn--/"])
def test_a_target_that_is_no_address_is_told(server: Misbehaving, target: str) -> None:
    url = server.on("/", redirect(target))
    with (
        client_of() as client,
        pytest.raises((PayloadError, SourceRefused), match=r"nowhere|no.* address"),
    ):
        client.get(url)


def test_a_redirect_without_a_target_is_told(server: Misbehaving) -> None:
    url = server.on("/", answer(302, b"somewhere"))
    with client_of() as client, pytest.raises(PayloadError, match="302"):
        client.get(url)
