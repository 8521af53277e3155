"""The embedded PostgreSQL: the wheel's binaries, run by us as a plain child.

1. `initdb` once (scram passwords only), into a folder that gets its name when it is complete.
2. `postgres` listens on a unix socket in a private short folder and on no port at all.
3. PostgreSQL refuses to be root. As root it runs inside a user namespace (bubblewrap), where our files
   belong to an ordinary account; where namespaces are forbidden, as an unprivileged account by setuid.
4. The application's role owns its database and is no superuser.
"""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from pitchreview.errors import PitchReviewError
from pitchreview.local import processes, tools
from pitchreview.local.secrets import Secrets

ROLE = DATABASE = "pitchreview"
SUPERUSER = "postgres"
READY_SECONDS = 60  # recovery after a crash may have to replay some hundred megabytes
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 107

# A small house: a few hundred connections' worth of memory is more than the rest of the product needs.
CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "huge_pages": "off",
    "io_method": "sync",
    "max_worker_processes": "4",
    "jit": "off",
    "random_page_cost": "1.1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "64MB",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "",
    "password_encryption": "scram-sha-256",
}
# For tests: nothing needs to survive a power cut there (a kill -9 it does survive).
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}


class PostgresFailed(PitchReviewError):
    """The embedded PostgreSQL did not start; the message says why."""


@dataclass(frozen=True)
class Account:
    """Under whom PostgreSQL runs: ourselves, ourselves inside a namespace (`wrapper`), or `user`."""

    wrapper: tuple[str, ...] = ()
    user: int | None = None


class Server:
    """A running PostgreSQL."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        cluster: Path,
        account: Account,
        socket_folder: Path,
        secrets: Secrets,
    ) -> None:
        self.process = process
        self.url = _url(ROLE, secrets.database_password, socket_folder, DATABASE)
        self._owner_url = _url(SUPERUSER, secrets.database_owner_password, socket_folder, "postgres")
        self._cluster = cluster
        self._account = account
        self._password = secrets.database_password

    def is_ready(self) -> bool:
        """Does it answer, and is the application's database there?"""
        if self.process.poll() is not None:
            code = self.process.returncode
            raise PostgresFailed(f"PostgreSQL ended with code {code} while starting.")
        if not _says_ready(self._cluster):
            return False
        try:
            with psycopg.connect(self._owner_url, autocommit=True, connect_timeout=5) as connection:
                _prepare_database(connection, self._password)
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, grace_seconds: float = 8) -> None:
        """A fast shutdown: sessions are ended, everything committed is on disk."""
        processes.end(self._postmasters(), signal.SIGINT, grace_seconds)
        processes.end_child(self.process, signal.SIGTERM, grace_seconds)

    def _postmasters(self) -> list[psutil.Process]:
        """The postmaster: our child, or the child of the wrapper (which must not get the signal itself)."""
        try:
            child = psutil.Process(self.process.pid)
            return child.children() if self._account.wrapper else [child]
        except psutil.NoSuchProcess:
            return []


def start(data: Path, *, output: processes.Output | None = None, durable: bool = True) -> Server:
    """Start PostgreSQL on `data/postgres` (made on first use) and wait until it answers."""
    server = launch(data, output=output, durable=durable)
    deadline = time.monotonic() + READY_SECONDS
    while not server.is_ready():
        if time.monotonic() > deadline:
            server.stop()
            raise PostgresFailed(f"PostgreSQL did not answer within {READY_SECONDS} seconds.")
        time.sleep(0.02)
    return server


def launch(data: Path, *, output: processes.Output | None = None, durable: bool = True) -> Server:
    """Start it and return at once; ask `is_ready` until it is."""
    secrets, account = Secrets.of(data), _account()
    data = data.resolve()
    cluster = data / "postgres"
    _check_reachable(account, data)
    socket_folder = _socket_folder(data, account)
    _end_leftovers(cluster, socket_folder)
    if not cluster.exists():
        _create(cluster, account, secrets)
    configuration = CONFIGURATION if durable else CONFIGURATION | NOT_DURABLE
    with processes.output(data / "logs" / "postgres.log", output) as log:
        process = _spawn(
            cluster, account, configuration | {"unix_socket_directories": str(socket_folder)}, log
        )
    return Server(process, cluster, account, socket_folder, secrets)


def _account() -> Account:
    if os.geteuid() != 0:
        return Account()
    # Any name but root will do inside the namespace; initdb insists that there is one.
    ordinary = next((entry for entry in pwd.getpwall() if entry.pw_uid != 0), None)
    if ordinary is None:
        raise PostgresFailed("PostgreSQL does not run as root, and this machine knows no other account.")
    ids = ("--uid", str(ordinary.pw_uid), "--gid", str(ordinary.pw_gid))
    wrapper = (str(tools.bwrap()), "--unshare-user", *ids, "--dev-bind", "/", "/", "--die-with-parent", "--")
    if subprocess.run([*wrapper, "/bin/true"], capture_output=True, check=False).returncode == 0:
        return Account(wrapper=wrapper)
    return Account(user=pwd.getpwnam("nobody").pw_uid)


def _create(cluster: Path, account: Account, secrets: Secrets) -> None:
    """Make the cluster beside its place and move it there when it is whole."""
    for broken_off in cluster.parent.glob(".initdb-*"):
        shutil.rmtree(broken_off)
    with tempfile.TemporaryDirectory(dir=cluster.parent, prefix=".initdb-") as name:
        folder = Path(name)
        password = folder / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.database_owner_password)
        _hand_over(account, folder, password)
        _initdb(folder / "cluster", account, password)
        os.replace(folder / "cluster", cluster)


def _initdb(cluster: Path, account: Account, password: Path) -> None:
    process = subprocess.run(
        [
            *account.wrapper,
            tools.postgres("initdb"),
            f"--pgdata={cluster}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ],
        env=_environment(),
        user=account.user,
        group=account.user,
        extra_groups=None if account.user is None else [],
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode != 0:
        raise PostgresFailed(f"initdb failed: {process.stderr.strip()[-600:]}")


def _hand_over(account: Account, *paths: Path) -> None:
    if account.user is not None:
        for path in paths:
            os.chown(path, account.user, account.user)


def _check_reachable(account: Account, data: Path) -> None:
    """The setuid account must be able to enter every folder above its data and its program."""
    if account.user is None:
        return
    data.chmod(0o711)  # enter, but not list: what lies inside keeps its own mode
    for path in (data, tools.postgres("postgres")):
        closed = [folder for folder in (path, *path.parents) if not folder.stat().st_mode & 0o001]
        if closed:
            raise PostgresFailed(
                f"PostgreSQL does not run as root, this machine forbids user namespaces, and the account "
                f"`nobody` may not enter {closed[-1]}. Start PitchReview as an ordinary user."
            )


def _socket_folder(data: Path, account: Account) -> Path:
    """A private folder with the same name at every start, short enough for a socket's path.

    Inside the data folder where that fits, else in /tmp: there the name may be somebody else's already.
    """
    folder = data / "socket"
    if len(str(folder / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        folder = Path("/tmp") / f"pitchreview-{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), account.user):
        raise PostgresFailed(
            f"{folder} belongs to another account; remove it, or choose another data folder."
        )
    folder.chmod(0o700)
    _hand_over(account, folder)
    return folder


def _spawn(
    cluster: Path, account: Account, configuration: dict[str, str], log: processes.Output
) -> subprocess.Popen[bytes]:
    return processes.spawn(
        [
            *account.wrapper,
            tools.postgres("postgres"),
            "-D",
            cluster,
            *(word for name, value in configuration.items() for word in ("-c", f"{name}={value}")),
        ],
        env=_environment(),
        output=log,
        # The wrapper takes its child along; the postmaster itself shuts down in order.
        death_signal=signal.SIGKILL if account.wrapper else signal.SIGINT,
        user=account.user,
    )


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _says_ready(cluster: Path) -> bool:
    """Its lock file ends with its state. Whoever connects earlier leaves an error in the log."""
    try:
        return (cluster / "postmaster.pid").read_text().rstrip().endswith("ready")
    except OSError:
        return False


def _prepare_database(connection: psycopg.Connection, password: str) -> None:
    """Role and database of the application; every step may be repeated after a crash."""
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        # A verifier instead of the password: a statement that fails is written to the log.
        encrypted = connection.pgconn.encrypt_password(password.encode(), ROLE.encode(), b"scram-sha-256")
        create = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
        connection.execute(create.format(sql.Identifier(ROLE), sql.Literal(encrypted.decode())))
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        create = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))


def _url(role: str, password: str, socket_folder: Path, database: str) -> str:
    return f"postgresql://{role}:{quote(password, safe='')}@/{database}?host={quote(str(socket_folder))}"


def _end_leftovers(cluster: Path, socket_folder: Path) -> None:
    """Stop the processes of a start that was killed, then take its lock files away.

    Every process of a PostgreSQL stands in its data folder, so nobody else's is ever hit. The files go
    too: their pid may be somebody else's by now, or of a dead process that nobody has buried, and
    PostgreSQL would take either for a running server.
    """
    lock = cluster / "postmaster.pid"
    found = processes.standing_in(cluster, "postgres")
    recorded = lock.read_text().split("\n", 1)[0] if lock.exists() else ""
    processes.end([process for process in found if str(process.pid) == recorded], signal.SIGINT, 8)
    processes.end(found, signal.SIGKILL, 8)
    for file in (lock, socket_folder / f"{SOCKET_NAME}.lock", socket_folder / SOCKET_NAME):
        file.unlink(missing_ok=True)
