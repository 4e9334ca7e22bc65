"""Fetching archives: an index over HTTP, a registry, and what either may not make groundplan do."""

from __future__ import annotations

import pytest

from groundplan.charts.http import Client, RefusedError, client_of
from groundplan.charts.pull import DigestError, pull
from groundplan.charts.releases import ChartName
from tests.unit.charts.served import Answer, Server, digest, packed, served

ARCHIVE = packed()


def shop(repository: str, version: str = "1.2.3") -> ChartName:
    return ChartName(repository, "shop", version)


def test_an_index_leads_to_the_archive(server: Server) -> None:
    assert pull(shop(server.chart(ARCHIVE)), Client()) == ARCHIVE
    assert [path for path, _ in server.asked] == ["/index.yaml", "/shop-1.2.3.tgz"]


def test_a_version_may_begin_with_v_on_either_side(server: Server) -> None:
    assert pull(shop(server.chart(ARCHIVE, version="v1.2.3")), Client()) == ARCHIVE


def test_an_index_that_helm_did_not_write_is_read_as_a_whole(server: Server) -> None:
    server.answers["/index.yaml"] = Answer(b'{"entries": {"shop": [{"version": "1.2.3", "urls": ["a/b.tgz"]}]}}')
    server.answers["/a/b.tgz"] = Answer(ARCHIVE)
    assert pull(shop(server.url), Client()) == ARCHIVE


def test_an_archive_of_another_digest_than_the_index_says_is_refused(server: Server) -> None:
    with pytest.raises(DigestError, match="its repository says sha256:00"):
        pull(shop(server.chart(ARCHIVE, said="0" * 64)), Client())


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        (b"entries: [", "its index is not YAML"),
        (b"\xff", "its index is not YAML"),
        (b"entries: {}", "its index has no chart shop"),
        (b"entries: {shop: [{version: [1.2.3]}, {version: 1.2.4}]}", "no version 1.2.3 of shop"),
        (b"entries: {shop: [{version: 1.2.3, urls: []}]}", "no address for shop 1.2.3"),
        (b"entries: {shop: [{version: 1.2.3, urls: ['file:///etc/passwd']}]}", "must begin with https"),
        (b"entries: {shop: [{version: 1.2.3, urls: ['http://example.com/a.tgz']}]}", "must begin with https"),
        (b"entries: {shop: [{version: 1.2.3, urls: ['https://me:word@example.com/a.tgz']}]}", "holds credentials"),
        (b"entries: {shop: [{version: 1.2.3, urls: ['http://[x']}]}", "its address cannot be read"),
        (b"entries: {shop: [{version: 1.2.3, urls: [a.tgz], digest: 'md5:00'}]}", "a digest that is no SHA-256"),
    ],
)
def test_an_index_that_leads_nowhere_says_why(server: Server, index: bytes, reason: str) -> None:
    server.answers["/index.yaml"] = Answer(index)
    with pytest.raises(RefusedError, match=reason):
        pull(shop(server.url), Client())


def test_a_digest_may_be_written_another_way(server: Server) -> None:
    assert pull(shop(server.chart(ARCHIVE, said=f"SHA256:{digest(ARCHIVE).upper()}")), Client()) == ARCHIVE
    with pytest.raises(DigestError):
        pull(shop(server.chart(ARCHIVE, said="A" * 64)), Client())


@pytest.mark.parametrize("repository", ["https://[bad", "oci://[bad/x", "https://a:b/c"])
def test_an_address_that_is_none_is_refused(repository: str) -> None:
    with pytest.raises(RefusedError):
        pull(shop(repository), Client())


@pytest.mark.parametrize("token", ["", "anybodys"])
def test_a_registry_gives_the_layer_with_the_chart(server: Server, token: str) -> None:
    assert pull(shop(server.registry(ARCHIVE, token=token)), Client()) == ARCHIVE


def test_a_token_is_asked_for_once_and_without_credentials(server: Server) -> None:
    pull(shop(server.registry(ARCHIVE, token="anybodys")), Client())
    (asked,) = [(path, headers) for path, headers in server.asked if path.startswith("/token")]
    assert asked[0] == "/token?service=here&scope=repository%3Ateam%2Fshop%3Apull"
    assert "Authorization" not in asked[1]


def test_a_plus_of_a_version_is_an_underscore_of_a_tag(server: Server) -> None:
    assert pull(shop(server.registry(ARCHIVE, tag="1.2.3_4"), "1.2.3+4"), Client()) == ARCHIVE


def test_a_blob_that_is_another_one_is_refused(server: Server) -> None:
    repository = server.registry(ARCHIVE)
    (blob,) = [path for path in server.answers if "/blobs/" in path]
    server.answers[blob] = Answer(b"another")
    with pytest.raises(DigestError):
        pull(shop(repository), Client())


@pytest.mark.parametrize("manifest", [b"[]", b"{", b'{"layers": []}', b'{"layers": [{"mediaType": "text/plain"}]}'])
def test_a_manifest_that_is_none_of_a_chart_is_refused(server: Server, manifest: bytes) -> None:
    repository = server.registry(ARCHIVE)
    server.answers["/v2/team/shop/manifests/1.2.3"] = Answer(manifest)
    with pytest.raises(RefusedError):
        pull(shop(repository), Client())


def test_a_token_stays_with_the_server_it_is_for(server: Server) -> None:
    """Registries lead to a store of blobs, which is somebody else's."""
    repository = server.registry(ARCHIVE, token="anybodys")
    (blob,) = [path for path in server.answers if "/blobs/" in path]
    with served() as store:
        store.answers["/stored"] = Answer(ARCHIVE)
        server.answers[blob] = Answer(status=307, headers={"Location": f"{store.url}/stored"})
        assert pull(shop(repository), Client()) == ARCHIVE
        (asked,) = store.asked
    assert "Authorization" not in asked[1]


def test_a_redirect_leads_to_no_open_line(server: Server) -> None:
    server.answers["/index.yaml"] = Answer(status=302, headers={"Location": "http://example.com/index.yaml"})
    with pytest.raises(RefusedError, match="must begin with https"):
        pull(shop(server.url), Client())


def test_a_redirect_to_no_address_is_refused(server: Server) -> None:
    server.answers["/index.yaml"] = Answer(status=302, headers={"Location": "http://[x"})
    with pytest.raises(RefusedError, match="its address cannot be read"):
        pull(shop(server.url), Client())


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_repository_elsewhere_leads_to_nothing_on_this_machine(server: Server, scheme: str) -> None:
    with pytest.raises(RefusedError, match="it leads to this machine"):
        Client().get(f"{scheme}://{server.authority}/index.yaml", limit_bytes=1024)
    assert server.asked == []


def test_an_answer_that_takes_too_long_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundplan.charts.http.SECONDS_IN_ALL", -1.0)
    with pytest.raises(RefusedError, match="its answer takes longer than"):
        pull(shop(server.chart(ARCHIVE)), Client())


def test_an_answer_that_stops_before_its_end_is_refused(server: Server) -> None:
    server.answers["/index.yaml"] = Answer(b"entries: {}", headers={"Content-Length": "4096"})
    with pytest.raises(RefusedError, match="its answer ends before its end"):
        pull(shop(server.url), Client())


def test_redirects_end(server: Server) -> None:
    server.answers["/index.yaml"] = Answer(status=302, headers={"Location": "/index.yaml"})
    with pytest.raises(RefusedError, match="more than 5 redirects"):
        pull(shop(server.url), Client())


def test_an_answer_is_read_in_bounds(server: Server) -> None:
    server.answers["/a"] = Answer(b"x" * 2048)
    with pytest.raises(RefusedError, match="larger than 1 KiB"):
        Client(loopback=True).get(f"{server.url}/a", limit_bytes=1024)


def test_a_server_that_refuses_or_is_not_there_says_so(server: Server) -> None:
    with pytest.raises(RefusedError, match="it answers 404"):
        pull(shop(server.url), Client())
    with pytest.raises(RefusedError, match="connection refused"):
        pull(shop("http://127.0.0.1:9"), Client())


def test_the_proxy_of_the_environment_is_used(server: Server) -> None:
    """An HTTP proxy gets the whole address; `no_proxy` names those that are asked directly."""
    server.chart(ARCHIVE)
    with served() as proxy:
        through = client_of({"HTTP_PROXY": proxy.url})
        with pytest.raises(RefusedError, match="404"):
            pull(shop(server.url), through)
        assert [path for path, _ in proxy.asked] == [f"{server.url}/index.yaml"]
        assert pull(shop(server.url), client_of({"HTTP_PROXY": proxy.url, "no_proxy": "127.0.0.1"})) == ARCHIVE
