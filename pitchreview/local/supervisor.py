"""`pitchreview up`: the whole product on one machine, with one command.

1. One supervisor per data folder (a lock), in which secrets, ports and the embedded parts live.
2. PostgreSQL and SeaweedFS start together, only where the environment names no others.
3. `migrate`, on a first start the demo team, then web and worker; all are children of ours.
4. A child that dies is started again with growing pauses; Ctrl-C or SIGTERM stops all in order.
5. Our own sudden death takes the children along; what is left, the next start ends.
"""

import contextlib
import fcntl
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pitchreview.config import Settings, child_environment
from pitchreview.errors import PitchReviewError
from pitchreview.local import addresses, environment, objectstore, ports, postgres, processes, sign_ins
from pitchreview.local.console import Console
from pitchreview.local.keeper import Keeper, Program, Running
from pitchreview.local.signals import Signals, Stopped, told_of_signals

# In the environment of every child: a number of this data folder, by which leftovers are found.
MARK = "PITCHREVIEW_UP"

OURSELVES = (sys.executable, "-m", "pitchreview")
COMMANDS: Mapping[str, Sequence[str]] = {
    "migrate": (*OURSELVES, "migrate"),
    "demo": (*OURSELVES, "demo", "load"),
    "welcome": (*OURSELVES, "users", "welcome-link"),
    "web": (*OURSELVES, "web"),
    "worker": (*OURSELVES, "worker"),
}

# Seconds after the wish to stop at which the last of each kind is killed; together under ten.
STOP_BY = {"programs": 6.5, "objects": 8.5, "database": 9.5}


class CannotStart(PitchReviewError):
    """`up` gives up; the message says why and what to do."""


@dataclass(frozen=True)
class Wishes:
    """What the command line asked for."""

    data: Path
    host: str = addresses.LOOPBACK
    port: int | None = None
    demo: bool = True
    commands: Mapping[str, Sequence[str]] = field(default_factory=lambda: COMMANDS)


def up(settings: Settings, wishes: Wishes, console: Console | None = None) -> int:
    """Run until somebody stops it; the exit code."""
    house = House(settings, wishes, console or Console(sys.stdout, plain=bool(settings.no_color)))
    with _only_one(wishes.data), told_of_signals() as signals:
        try:
            house.open(signals)
            house.keep(signals)
        except Stopped:
            house.console.say("\nStopping …")
        finally:
            house.close()
        house.console.say("Stopped.")
    return 0


class House:
    """The parts and programs of one `up`."""

    def __init__(self, settings: Settings, wishes: Wishes, console: Console) -> None:
        self.console = console
        self._settings = settings
        self._wishes = wishes
        self._data = wishes.data
        self._environment: dict[str, str] = {}
        self._relay_port: int | None = None
        self._database: Keeper | None = None
        self._objects: Keeper | None = None
        self._programs: list[Keeper] = []

    def open(self, signals: Signals) -> None:
        """Start everything in order, and say where it is."""
        started = time.monotonic()
        self._plan_demo()
        mark = self._end_leftovers()
        port = self._choose_ports()
        self._launch_parts()
        programs = environment.of_programs(self._settings, self._data, self._wishes.host, port)
        self._tell_programs({MARK: mark, **programs, **self._parts_environment()})
        migration = self._begin("migrate")  # it waits for the parts; meanwhile it loads its modules
        self._wait_for_parts(signals)
        self._finish(migration, signals)
        self._load_demo(signals)
        self._start_programs(port, signals)
        self._announce(port, time.monotonic() - started, signals)

    def keep(self, signals: Signals) -> None:
        """Until asked to stop: start again whatever ends."""
        while True:
            for keeper in self._keepers():
                if keeper.tend() and keeper is self._objects:
                    self._follow_objects()
            signals.pause(min(keeper.rests() for keeper in self._keepers()))

    def close(self) -> None:
        """Stop in order: programs first, then the parts they write to."""
        since = time.monotonic()

        def left(kind: str) -> float:
            return max(0.1, since + STOP_BY[kind] - time.monotonic())

        for keeper in self._programs:
            if isinstance(keeper.running, Program):
                keeper.running.ask_to_stop()
        for keeper in self._programs:
            keeper.stop(left("programs"))
        for kind, part in (("objects", self._objects), ("database", self._database)):
            if part is not None:
                part.stop(left(kind))
        environment.forget(self._data)

    # --- opening ----------------------------------------------------------------------------

    def _plan_demo(self) -> None:
        """On the first start of an empty folder, into our own database only. A load cut short is repeated."""
        pending = self._data / "demo-pending"
        if not self._wishes.demo:
            pending.unlink(missing_ok=True)
        elif (
            not (self._data / "secrets.json").exists() and not self._settings.database_url.get_secret_value()
        ):
            pending.touch()

    def _end_leftovers(self) -> str:
        """End what outlived a killed supervisor; the mark of this folder's children."""
        file = self._data / "mark"
        if file.exists():
            mark = file.read_text()
            processes.end(processes.marked(MARK, mark), signal.SIGKILL, 5)
        else:
            mark = secrets.token_hex(16)
            file.write_text(mark)
        objectstore.end_leftovers(self._data)
        shutil.rmtree(self._data / "work", ignore_errors=True)
        (self._data / "work").mkdir(mode=0o700)
        return mark

    def _choose_ports(self) -> int:
        """The relay's, if other machines are to reach the object store; and the web's."""
        if not self._settings.s3_endpoint_url and not addresses.is_loopback(self._wishes.host):
            self._relay_port = ports.keep(self._data / "ports.json", "relay", self._wishes.host)
        return self._web_port()

    def _web_port(self) -> int:
        """The port that was asked for, else 8080, else the one of the last time, else any free one."""
        host, settings = self._wishes.host, self._settings
        asked = self._wishes.port or (settings.web_port if "web_port" in settings.model_fields_set else None)
        if asked is not None:
            if not ports.is_free(asked, host):
                raise CannotStart(
                    f"Port {asked} is taken by another program; choose another one with --port."
                )
            return asked
        if ports.is_free(settings.web_port, host):
            return settings.web_port
        port = ports.keep(self._data / "ports.json", "web", host)
        self.console.say(f"Port {settings.web_port} is taken by another program; using {port} instead.")
        return port

    def _launch_parts(self) -> None:
        """Both at once: each takes most of a second."""
        if not self._settings.s3_endpoint_url:
            self._objects = Keeper(
                "objects", lambda out: objectstore.launch(self._data, output=out), self.console
            )
            self._objects.start()
        if not self._settings.database_url.get_secret_value():
            self._database = Keeper(
                "database",
                lambda out: postgres.launch(self._data, output=out),
                self.console,
                hidden=("LOG:",),  # what it does all day; errors and warnings are shown
            )
            self._database.start()

    def _wait_for_parts(self, signals: Signals) -> None:
        for keeper in (self._database, self._objects):
            if keeper is not None:
                otherwise = f"The {keeper.name} did not answer within {postgres.READY_SECONDS} seconds."
                _wait_until(_readiness(keeper), signals, postgres.READY_SECONDS, otherwise)

    def _parts_environment(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if self._database is not None and isinstance(self._database.running, postgres.Server):
            found |= environment.of_database(self._database.running)
        if self._objects is not None and isinstance(self._objects.running, objectstore.Server):
            found |= environment.of_objects(self._settings, self._objects.running, self._relay_port)
        return found

    def _tell_programs(self, told: dict[str, str]) -> None:
        """From their next start on."""
        self._environment = told
        environment.write(self._data, told)

    def _begin(self, name: str) -> Keeper:
        hidden = ("http",) if name == "welcome" else ()  # its link is for the banner
        keeper = Keeper(name, self._starter(name), self.console, hidden)
        keeper.start()
        self._programs.append(keeper)
        return keeper

    def _finish(self, keeper: Keeper, signals: Signals) -> list[str]:
        """Wait for its end; its last lines."""
        while keeper.exit_code() is None:
            signals.pause(0.5)
        if keeper.exit_code() != 0:
            raise CannotStart(f"`pitchreview {keeper.name}` failed ({keeper.reason()}).")
        self._programs.remove(keeper)
        return keeper.last_lines()

    def _load_demo(self, signals: Signals) -> None:
        pending = self._data / "demo-pending"
        if pending.exists():
            self._finish(self._begin("demo"), signals)
            pending.unlink()

    def _start_programs(self, port: int, signals: Signals) -> None:
        """The doors first: on a small machine the worker would only delay the first page."""
        for name in ["web"] if self._relay_port is None else ["web", "relay"]:
            self._begin(name)
        self._wait_for_doors(port, signals)
        self._begin("worker")

    def _starter(self, name: str) -> Callable[[int], Running]:
        def start(output: int) -> Running:
            command = self._relay_command() if name == "relay" else self._wishes.commands[name]
            return Program(processes.spawn(command, env=child_environment(self._environment), output=output))

        return start

    def _relay_command(self) -> list[str]:
        inside = self._environment["S3_ENDPOINT_URL"].rpartition(":")[2]
        outside = str(self._relay_port)
        return [sys.executable, "-m", "pitchreview.local.relay", self._wishes.host, outside, inside]

    def _wait_for_doors(self, port: int, signals: Signals) -> None:
        doors = [port] if self._relay_port is None else [port, self._relay_port]
        while not all(addresses.answers_ok(self._wishes.host, door, "/healthz") for door in doors):
            for keeper in self._keepers():
                keeper.tend()
            signals.pause(0.05)

    def _announce(self, port: int, seconds: float, signals: Signals) -> None:
        say = self.console.say
        say(f"\nPitchReview is ready after {seconds:.1f} s:\n")
        for address in addresses.to_type(self._wishes.host):
            say(f"    http://{addresses.literal(address)}:{port}")
        if (self._data / "demo-loaded").exists():
            self._announce_demo()
        else:
            self._announce_welcome(signals)
        say("\nPress Ctrl-C to stop.\n")

    def _announce_demo(self) -> None:
        self.console.say("\nSign in to the demo team as")
        for email, role in sign_ins.sign_ins():
            self.console.say(f"    {email:<24} {role}")
        self.console.say(f"with the password {sign_ins.DEMO_PASSWORD}")
        if not addresses.is_loopback(self._wishes.host):
            self.console.say(
                "Everybody who reaches this address can do so; `pitchreview demo clear` ends it."
            )

    def _announce_welcome(self, signals: Signals) -> None:
        """Where nobody has an account yet, a link for the first person."""
        links = self._finish(self._begin("welcome"), signals)
        if links:
            self.console.say("\nNobody has an account yet. The first one is made at\n")
            self.console.say(f"    {links[-1]}")

    # --- keeping ----------------------------------------------------------------------------

    def _keepers(self) -> list[Keeper]:
        return [keeper for keeper in (self._database, self._objects, *self._programs) if keeper is not None]

    def _follow_objects(self) -> None:
        """The object store came back: on another port, if somebody took its own. Then the others follow."""
        changed = self._environment | self._parts_environment()
        if changed != self._environment:
            self._tell_programs(changed)
            for keeper in self._programs:
                keeper.stop(STOP_BY["programs"])


def _readiness(keeper: Keeper) -> Callable[[], bool]:
    may_try_again = True

    def is_ready() -> bool:
        nonlocal may_try_again
        if not isinstance(keeper.running, postgres.Server | objectstore.Server):
            return False
        if keeper.exit_code() is None:
            return keeper.running.is_ready()
        if not may_try_again:
            raise CannotStart(f"The {keeper.name} did not start ({keeper.reason()}).")
        # Somebody may have taken a port between its choice and its use: another start chooses another one.
        may_try_again = False
        keeper.stop(0)
        keeper.start()
        return False

    return is_ready


def _wait_until(is_ready: Callable[[], bool], signals: Signals, seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not is_ready():
        if time.monotonic() > deadline:
            raise CannotStart(otherwise)
        signals.pause(0.02)


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """Hold the folder; the kernel lets go of the lock when we end, however we end."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    data.chmod(0o700)
    with (data / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running = environment.of_running(data)
            where = f" at http://{running['WEB_HOST']}:{running['WEB_PORT']}" if running else ""
            raise CannotStart(f"PitchReview is already running on the data folder {data}{where}.") from None
        yield
