"""What the web server answers and to whom: attacks, each refused; a process of its own."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from range.app.web.server import WebServer, WebServerError
from tests.recorded_sessions import record_session, write_story


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    folder = tmp_path_factory.mktemp("guard")
    record_session(folder / "record.sqlite3", write_story(folder / "door"))
    (folder / "secret.txt").write_text("secret")
    served = WebServer(folder / "record.sqlite3")
    yield served
    served.close()


@pytest.fixture
def client(server: WebServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, trust_env=False) as asking:
        yield asking


def test_every_answer_carries_a_policy_without_inline_code(client: httpx.Client) -> None:
    for path in ("/", "/debrief/1", "/report/1", "/static/js/main.js", "/nowhere", "/debrief/7"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert client.get(path).headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "127.0.0.2:80"])
def test_another_hosts_name_is_refused(client: httpx.Client, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code in (400, 403)
    assert "Sessions" not in answer.text


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1"])
def test_a_change_from_elsewhere_is_refused(client: httpx.Client, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}
    answer = client.post("/api/sessions/1/notes", json={"clock": 1, "note": "from afar"}, headers=headers)
    assert answer.status_code == 403
    assert "from afar" not in client.get("/api/sessions/1/debrief").text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../pages.py", "/static/%2e%2e/pages.py", "/static/..%2fpages.py", "/static/js/%00",
        "/clips/1/../../secret.txt",
        "/clips/1/99", "/clips/1/-1", "/clips/99/0", "/clips/1/%2e%2e%2fsecret.txt", "/debrief/99999999999999999999",
        "/static//etc/passwd", "/static/js", "/debrief/0x1",
    ],
)  # fmt: skip
def test_nothing_else_can_be_reached(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404, path
    assert "root:" not in answer.text
    assert "secret" not in answer.text


def test_a_clip_is_served_in_the_ranges_that_are_asked_for(client: httpx.Client) -> None:
    whole = client.get("/clips/1/0")
    part = client.get("/clips/1/0", headers={"range": "bytes=100-199"})
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    beyond = client.get("/clips/1/0", headers={"range": f"bytes={len(whole.content)}-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"x" * 20_000, 413), (b"not json", 400), (b'{"clock": "NaN", "note": "x"}', 400),
     (b'{"clock": 1, "note": " "}', 400),
     (b'{"clock": 1e9, "note": "x"}', 400), (b'[1, 2]', 400)],
)  # fmt: skip
def test_a_note_that_is_none_is_refused(client: httpx.Client, server: WebServer, body: bytes, status: int) -> None:
    answer = client.post("/api/sessions/1/notes", content=body, headers={"origin": server.address})
    assert answer.status_code == status


def test_only_this_machine_is_listened_to(server: WebServer) -> None:
    port = int(server.address.rpartition(":")[2])
    with socket.socket() as asking:
        asking.settimeout(5)
        asking.connect(("127.0.0.1", port))
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.2", port), timeout=5):
        pass


def test_a_port_in_use_is_told_and_the_server_ends_with_its_owner(tmp_path: Path, server: WebServer) -> None:
    port = int(server.address.rpartition(":")[2])
    with pytest.raises(WebServerError, match=f"port {port} cannot be used"):
        WebServer(tmp_path / "record.sqlite3", port=port)
    other = WebServer(tmp_path / "record.sqlite3")
    assert "No sessions" in httpx.get(other.address, trust_env=False).text
    other.close()
    assert not other.is_alive
