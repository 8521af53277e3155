"""The embedded object store: SeaweedFS in one process, of which only the S3 port serves anybody.

Its S3 gateway checks signatures; the rest of SeaweedFS trusts whoever reaches it, and any account or
any web page open on this machine reaches 127.0.0.1. So every inner door is shut:

1. `-disableHttp`: master and filer have no HTTP interface (the master's hands out write permits and
   deletes whole buckets on a GET); a page remains that counts the master's volumes.
2. Every gRPC port wants a certificate of the authority made for this folder, whose key is thrown away.
3. The volume server wants signed permits to read and to write, and only the master hands them out.
4. Everything is bound to 127.0.0.1; other machines come in through `relay.py`.
"""

import contextlib
import http.client
import os
import signal
import subprocess
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil
import trustme

from pitchreview.errors import PitchReviewError
from pitchreview.local import ports, processes, tools
from pitchreview.local.secrets import Secrets

READY_SECONDS = 40
STOP_SECONDS = 5
START_TRIES = 3

# The option that sets it -> how we remember the port.
PORT_OPTIONS = {
    "s3.port": "s3",
    "s3.port.grpc": "s3-grpc",
    "master.port": "master",
    "master.port.grpc": "master-grpc",
    "volume.port": "volume",
    "volume.port.grpc": "volume-grpc",
    "filer.port": "filer",
    "filer.port.grpc": "filer-grpc",
    "admin.port": "admin",
    "admin.port.grpc": "admin-grpc",
}
# SeaweedFS' own maintenance worker looks for the admin there, whatever the option says.
ADMIN_GRPC_OFFSET = 10_000

GRPC_ROLES = ("client", "master", "volume", "filer", "s3", "admin", "worker")

SECURITY = """\
[jwt.signing]
key = "{secrets.volume_write_key}"
expires_after_seconds = 60
[jwt.signing.read]
key = "{secrets.volume_read_key}"
expires_after_seconds = 60
[jwt.filer_signing]
key = "{secrets.filer_write_key}"
expires_after_seconds = 60
[jwt.filer_signing.read]
key = "{secrets.filer_read_key}"
expires_after_seconds = 60
[filer.expose_directory_metadata]
enabled = false
[grpc]
ca = "{folder}/ca.pem"
"""
SECURITY_OF_ROLE = """\
[grpc.{role}]
cert = "{folder}/member.pem"
key = "{folder}/member.key"
"""


class ObjectStoreFailed(PitchReviewError):
    """The embedded object store did not start; the message says why."""


class ObjectStoreEnded(ObjectStoreFailed):
    """It ended by itself while it was starting."""


@dataclass(frozen=True)
class Server:
    """A running SeaweedFS."""

    process: subprocess.Popen[bytes]
    ports: dict[str, int]
    access_key: str
    secret_key: str

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3']}"

    def is_ready(self) -> bool:
        """Does its S3 refuse us, as it should, and is it our process that listens there?"""
        if self.process.poll() is not None:
            raise ObjectStoreEnded(f"SeaweedFS ended with code {self.process.returncode} while starting.")
        return _refuses_strangers(self.ports["s3"]) and _listens(self.process.pid, self.ports["s3"])

    def stop(self, grace_seconds: float = STOP_SECONDS) -> None:
        """End it; with no grace at once, which costs no object that was acknowledged."""
        first = signal.SIGTERM if grace_seconds else signal.SIGKILL
        processes.end_child(self.process, first, grace_seconds)
        _remove_sockets(self.ports.values())


def start(data: Path, *, output: processes.Output | None = None) -> Server:
    """Start SeaweedFS on `data/objects` (made on first use) and wait until its S3 answers.

    Where it ends while starting it is started again, thrice at most: somebody may have taken one of
    its ports after they were found free. Raises `ObjectStoreFailed`.
    """
    for _ in range(START_TRIES - 1):
        with contextlib.suppress(ObjectStoreEnded):
            return _start_once(data, output)
    return _start_once(data, output)


def _start_once(data: Path, output: processes.Output | None) -> Server:
    server = launch(data, output=output)
    deadline = time.monotonic() + READY_SECONDS
    while not server.is_ready():
        if time.monotonic() > deadline:
            server.stop(0)
            raise ObjectStoreFailed(f"SeaweedFS did not answer within {READY_SECONDS} seconds.")
        time.sleep(0.05)
    return server


def launch(data: Path, *, output: processes.Output | None = None) -> Server:
    """Start it and return at once; ask `is_ready` until it is."""
    secrets = Secrets.of(data)
    folder = data.resolve() / "objects"
    folder.mkdir(mode=0o700, exist_ok=True)
    for inner in ("config", "files", "logs"):
        (folder / inner).mkdir(mode=0o700, exist_ok=True)
    _write_security(folder / "config", secrets)
    # What it wrote down about an earlier start must not outvote today's options.
    (folder / "files" / "mini.options").unlink(missing_ok=True)
    chosen = _choose_ports(folder / "ports.json")
    with processes.output(data / "logs" / "objectstore.log", output) as log:
        process = processes.spawn(
            _command(folder, chosen),
            env=_environment(folder, secrets),
            cwd=folder / "config",
            output=log,
            chatter=subprocess.DEVNULL,
            umask=0o077,
        )
    return Server(process, chosen, secrets.s3_access_key_id, secrets.s3_secret_access_key)


def end_leftovers(data: Path) -> None:
    """Stop a SeaweedFS that outlived an earlier start: the one that stands in this folder, nobody else's."""
    config = data.resolve() / "objects" / "config"
    processes.end(processes.standing_in(config, "weed"), signal.SIGTERM, STOP_SECONDS)
    _remove_sockets(ports.remembered(config.parent / "ports.json").values())


def _command(folder: Path, chosen: dict[str, int]) -> list[str | Path]:
    return [
        tools.weed(),
        f"-config_dir={folder / 'config'}",
        f"-logdir={folder / 'logs'}",
        "-log_max_size_mb=8",
        "-log_max_files=3",
        "-alsologtostderr=false",
        "-stderrthreshold=WARNING",
        "mini",
        f"-dir={folder / 'files'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        # "@" is how its guard calls those who come by unix socket.
        "-whiteList=@,127.0.0.1",
        "-disableHttp",
        "-master.telemetry=false",
        "-s3.iam=false",
        "-s3.autoCreateBucket=false",
        "-s3.allowDeleteBucketNotEmpty=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-admin.ui=false",
        "-webdav=false",
        "-volume.preStopSeconds=0",
        *(f"-{option}={chosen[name]}" for option, name in PORT_OPTIONS.items()),
    ]


def _environment(folder: Path, secrets: Secrets) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "HOME": str(folder / "config"),
        # It keeps about 200 MiB of caches alive. A limit near that makes its collector run all the time
        # (10 % of a core at rest, seen); so the limit is far away, and the collector begins early instead.
        "GOMEMLIMIT": "512MiB",
        "GOGC": "30",
        "AWS_ACCESS_KEY_ID": secrets.s3_access_key_id,
        "AWS_SECRET_ACCESS_KEY": secrets.s3_secret_access_key,
    }


def _write_security(folder: Path, secrets: Secrets) -> None:
    if not (folder / "ca.pem").exists():
        _make_certificates(folder)
    text = SECURITY.format(secrets=secrets, folder=folder)
    text += "".join(SECURITY_OF_ROLE.format(role=role, folder=folder) for role in GRPC_ROLES)
    _write_private(folder / "security.toml", text.encode())


def _make_certificates(folder: Path) -> None:
    """One certificate for all members. The authority's key is not kept: no second one can be made."""
    authority = trustme.CA()
    member = authority.issue_cert("127.0.0.1", "localhost")
    _write_private(folder / "member.key", member.private_key_pem.bytes())
    _write_private(folder / "member.pem", b"".join(blob.bytes() for blob in member.cert_chain_pems))
    _write_private(folder / "ca.pem", authority.cert_pem.bytes())  # last: it says that all are there


def _write_private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


def _choose_ports(file: Path) -> dict[str, int]:
    """The ports of the last start as far as they are free, else new ones."""
    chosen = {name: port for name, port in ports.remembered(file).items() if port and ports.is_free(port)}
    for name in PORT_OPTIONS.values():
        if name not in chosen:
            chosen[name] = ports.choose(chosen.values())
    others = {port for name, port in chosen.items() if name != "admin-grpc"}
    while not _is_free_for_admin(chosen["admin"], others):
        chosen["admin"] = ports.choose(others)
    chosen["admin-grpc"] = chosen["admin"] + ADMIN_GRPC_OFFSET
    ports.remember(file, chosen)
    return chosen


def _is_free_for_admin(port: int, others: Collection[int]) -> bool:
    """Is the port free that belongs to this one, and below those of outgoing connections?"""
    grpc = port + ADMIN_GRPC_OFFSET
    return grpc <= ports.HIGHEST and grpc not in others and ports.is_free(grpc)


def _refuses_strangers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)  # asks no proxy
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.FORBIDDEN
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _listens(pid: int, port: int) -> bool:
    try:
        connections = psutil.Process(pid).net_connections("tcp")
    except psutil.Error:
        return False
    return any(found.status == psutil.CONN_LISTEN and found.laddr.port == port for found in connections)


def _remove_sockets(used: Iterable[int]) -> None:
    """SeaweedFS puts a socket per gRPC port into /tmp and forgets it there when it is killed."""
    for port in used:
        for socket in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
            with contextlib.suppress(OSError):
                socket.unlink()
