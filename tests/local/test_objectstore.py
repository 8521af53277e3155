"""The embedded object store, above all: what strangers on the same machine get from it (nothing)."""

import http.client
import io
import json
import re
import socket
import ssl
import stat
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from pitchreview.config import MEBIBYTE, Settings
from pitchreview.local import objectstore, ports, supervisor
from pitchreview.local.console import Console
from pitchreview.local.keeper import Keeper
from pitchreview.local.processes import is_gone
from pitchreview.store import ObjectStore, Part
from tests.waiting import until

Start = Callable[[], objectstore.Server]
KEY = "sources/pitch.webm"

# Ways in that SeaweedFS is known to have: list, read, delete, write, administer.
KNOCKS = [
    ("GET", "/"),
    ("GET", f"/pitchreview/{KEY}"),
    ("GET", "/pitchreview"),
    ("GET", "/pitchreview?list-type=2"),
    ("PUT", f"/pitchreview/{KEY}"),
    ("POST", f"/pitchreview/{KEY}?uploads"),
    ("DELETE", f"/pitchreview/{KEY}"),
    ("DELETE", "/pitchreview"),
    ("GET", "/buckets/"),
    ("GET", f"/buckets/pitchreview/{KEY}"),
    ("DELETE", f"/buckets/pitchreview/{KEY}"),
    ("DELETE", "/buckets/pitchreview?recursive=true"),
    ("POST", "/buckets/pitchreview/intruder"),
    ("GET", "/dir/assign"),
    ("GET", "/dir/status"),
    ("GET", "/dir/lookup?volumeId=1"),
    ("GET", "/vol/grow?count=1"),
    ("GET", "/vol/vacuum"),
    ("GET", "/vol/status"),
    ("GET", "/col/delete?collection=pitchreview"),
    ("POST", "/submit"),
    ("GET", "/stats/disk"),
    ("GET", "/ui/index.html"),
    ("GET", "/debug/pprof/"),
    ("POST", "/?Action=ListUsers&Version=2010-05-08"),
    ("POST", "/?Action=CreateAccessKey&Version=2010-05-08"),
]
# The same page each time; what it says, see below.
MASTERS_PAGE = [("master", path) for _, path in KNOCKS if path.partition("?")[0] in ("/", "/ui/index.html")]
REFUSALS = {400, 401, 403, 404, 405, 412, 501}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[objectstore.Server] = []

    def start() -> objectstore.Server:
        started.append(objectstore.start(tmp_path))
        return started[-1]

    yield start
    for server in started:
        server.stop(0)


@pytest.fixture
def filled(object_server: objectstore.Server, store: ObjectStore) -> objectstore.Server:
    """The session's object store, with a pitch in it."""
    store.put_bytes(b"a pitch", KEY, "video/webm")
    return object_server


def settings_for(server: objectstore.Server) -> Settings:
    return Settings(
        s3_endpoint_url=server.endpoint_url,
        s3_access_key_id=server.access_key,
        s3_secret_access_key=server.secret_key,
    )


def listening_ports(server: objectstore.Server) -> dict[int, str]:
    """Every port of the process, known to us or not, and its address."""
    connections = psutil.Process(server.process.pid).net_connections("tcp")
    return {found.laddr.port: found.laddr.ip for found in connections if found.status == psutil.CONN_LISTEN}


def fids_of(server: objectstore.Server) -> list[str]:
    """What a stranger would have to guess: here the first objects of the first volumes."""
    return [f"/{volume},{number:02x}00000000" for volume in range(1, 9) for number in range(1, 4)]


def knock(port: int, method: str, path: str) -> int | None:
    """The status of the answer; None where nobody speaks HTTP."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def test_it_listens_on_this_machine_only_and_on_no_port_that_we_do_not_know(
    object_server: objectstore.Server,
) -> None:
    listening = listening_ports(object_server)

    assert set(listening.values()) == {"127.0.0.1"}
    assert set(listening) <= set(object_server.ports.values())


def test_a_stranger_can_neither_list_nor_read_nor_write_nor_delete_at_any_port(
    filled: objectstore.Server, store: ObjectStore
) -> None:
    knocks = [
        *KNOCKS,
        *(("GET", path) for path in fids_of(filled)),
        *(("DELETE", path) for path in fids_of(filled)),
    ]

    let_in = [
        (name, method, path, status)
        for name, port in filled.ports.items()
        for method, path in knocks
        if (name, path) not in MASTERS_PAGE
        and (status := knock(port, method, path)) is not None
        and status not in REFUSALS
    ]

    assert let_in == []
    assert store.read_range(KEY, 0, 6) == b"a pitch"
    assert [found.key for found in store.list_objects("intruder")] == []


def test_the_page_that_the_master_shows_to_everybody_names_nothing(filled: objectstore.Server) -> None:
    url = f"http://127.0.0.1:{filled.ports['master']}/"
    with urllib.request.urlopen(url, timeout=10) as answer:
        page = answer.read().decode()

    assert "Topology" in page
    assert "pitch" not in page


def test_the_knocking_would_notice_an_open_door(filled: objectstore.Server) -> None:
    assert knock(filled.ports["s3"], "GET", "/healthz") == 200
    assert knock(filled.ports["s3"], "GET", "/") == 403
    assert knock(filled.ports["volume"], "GET", "/1,0100000000") == 401


@pytest.mark.parametrize(
    "name", [name for name in objectstore.PORT_OPTIONS.values() if name.endswith("-grpc")]
)
def test_the_inner_ports_want_a_certificate(object_server: objectstore.Server, name: str) -> None:
    port = object_server.ports[name]
    # In clear text: an HTTP/2 server would answer with its settings, a TLS server alerts or hangs up.
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        plain.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
        assert plain.recv(64)[:1] in (b"", b"\x15")
    # With TLS but without a certificate: refused at the first word.
    stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    stranger.check_hostname, stranger.verify_mode = False, ssl.CERT_NONE
    stranger.set_alpn_protocols(["h2"])
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as raw,
        pytest.raises((ssl.SSLError, ConnectionError)),
        stranger.wrap_socket(raw) as wrapped,
    ):
        wrapped.recv(64)


def test_nothing_private_lies_open(object_server: objectstore.Server, start: Start, tmp_path: Path) -> None:
    server = start()
    secrets = json.loads((tmp_path / "secrets.json").read_text()).values()
    folder = tmp_path / "objects"

    assert not any(
        secret in word for secret in secrets for word in psutil.Process(server.process.pid).cmdline()
    )
    assert {path.name for path in (folder / "config").iterdir()} == {
        "ca.pem",
        "member.key",
        "member.pem",
        "security.toml",
    }  # above all no key of the authority
    for path in (folder / "config").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for name in ("config", "files", "logs"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o700
    for number in server.ports.values():
        for path in Path("/tmp").glob(f"seaweedfs-*-{number}.sock"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_its_owner_can_upload_in_parts_and_read_a_range(
    object_server: objectstore.Server, store: ObjectStore
) -> None:
    upload = store.begin_multipart(KEY, "video/webm")
    for number, content in ((1, b"a" * 5 * MEBIBYTE), (2, b"end")):
        url = store.sign_part(KEY, upload, number, host="127.0.0.1")
        urllib.request.urlopen(urllib.request.Request(url, data=content, method="PUT"), timeout=30).close()
    parts: list[Part] = store.list_parts(KEY, upload)
    store.complete_multipart(KEY, upload, parts)

    url = store.sign_get(KEY, host="127.0.0.1", seconds=60, content_type="video/webm")
    request = urllib.request.Request(url, headers={"Range": "bytes=5242879-5242882"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert (answer.status, answer.read()) == (206, b"aend")
    expired = re.sub("X-Amz-Signature=..", "X-Amz-Signature=00", url)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(expired, timeout=30)


@pytest.mark.campaign
def test_objects_survive_kill_9_and_the_ports_stay(start: Start) -> None:
    first = start()
    store = ObjectStore(settings_for(first))
    store.prepare_bucket(["*"])
    store.put_bytes(b"x" * MEBIBYTE, KEY, "video/webm")
    first.process.kill()
    first.process.wait()

    second = start()

    assert second.ports == first.ports
    assert store.stat(KEY).size_bytes == MEBIBYTE
    assert store.read_range(KEY, 0, 2) == b"xxx"


def test_one_that_outlived_its_supervisor_is_ended(start: Start, tmp_path: Path) -> None:
    forgotten = psutil.Process(start().process.pid)

    objectstore.end_leftovers(tmp_path)

    assert is_gone(forgotten)


@pytest.mark.campaign
def test_a_port_that_somebody_took_is_replaced(start: Start) -> None:
    first = start()
    first.stop()
    with socket.create_server(("127.0.0.1", first.ports["s3"])):
        second = start()

    assert second.ports["s3"] != first.ports["s3"]
    assert second.ports["master"] == first.ports["master"]


def test_a_port_is_free_while_nobody_listens() -> None:
    port = ports.choose()
    assert ports.is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not ports.is_free(port)


@pytest.fixture
def taken_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, int]]]:
    """Somebody takes the port of the S3 gateway after it was found free; all the choices made."""
    choose, rounds = objectstore._choose_ports, []
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()

        def choose_too_early(file: Path) -> dict[str, int]:
            rounds.append(choose(file))
            return rounds[-1] | ({"s3": somebody.getsockname()[1]} if len(rounds) == 1 else {})

        monkeypatch.setattr(objectstore, "_choose_ports", choose_too_early)
        yield rounds


def test_a_port_that_is_taken_between_choice_and_start_costs_one_more_start(
    taken_once: list[dict[str, int]], start: Start
) -> None:
    server = start()

    assert server.ports == taken_once[1]
    assert server.is_ready()


def test_an_object_store_that_cannot_start_says_so_after_three_tries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[Path] = []

    def nothing(folder: Path, chosen: dict[str, int]) -> list[str | Path]:
        tries.append(folder)
        return ["false"]

    monkeypatch.setattr(objectstore, "_command", nothing)

    with pytest.raises(objectstore.ObjectStoreFailed, match="ended with code 1 while starting"):
        objectstore.start(tmp_path)
    assert len(tries) == 3


@pytest.mark.campaign
def test_a_port_that_is_taken_between_choice_and_start_is_noticed_by_its_keeper(
    taken_once: list[dict[str, int]], tmp_path: Path
) -> None:
    keeper = Keeper("objects", lambda out: objectstore.launch(tmp_path, output=out), Console(io.StringIO()))
    keeper.start()
    try:
        until(supervisor._readiness(keeper), seconds=20)
    finally:
        keeper.stop(1)
    assert len(taken_once) == 2


def test_the_ports_of_the_admin_lie_below_those_of_outgoing_connections(tmp_path: Path) -> None:
    for turn in range(20):
        chosen = objectstore._choose_ports(tmp_path / f"{turn}.json")

        assert max(chosen.values()) <= ports.HIGHEST
        assert len(set(chosen.values())) == len(chosen)
