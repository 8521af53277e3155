"""The `pitchreview` command. Stands above all floors and loads only the door that is asked for.

A subcommand is a line in `COMMANDS`: its name, what it is for, its options, and the function that does it.
That function gets the settings and the options and returns the exit code.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pitchreview.config import Settings

Options = argparse.Namespace


@dataclass(frozen=True)
class Command:
    purpose: str
    run: "Callable[[Settings, Options], int]"
    add_options: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    # Whether it works on the parts of a running `up` when the environment names no others.
    joins_up: bool = False
    # Settings without which it refuses to start.
    needs: tuple[str, ...] = ()


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    command = COMMANDS[options.command]
    if options.command == "web":
        _patch_for_gevent()  # before anything else is imported
    from pitchreview.errors import PitchReviewError

    try:
        settings = _settings(command, options)
        settings.require(*command.needs)
        return command.run(settings, options)
    except PitchReviewError as problem:
        print(f"pitchreview: {problem}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pitchreview", description="Video pitch review for sales teams")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        entry = commands.add_parser(name, help=command.purpose, description=command.purpose)
        if command.joins_up:
            entry.add_argument(
                "--data", type=Path, help="folder of the `up` to work on, if no DATABASE_URL is set"
            )
        command.add_options(entry)
    return parser


def _settings(command: Command, options: Options) -> "Settings":
    """From the environment; for commands beside a running `up`, from that."""
    from pitchreview.config import Settings

    settings = Settings.read()
    if command.joins_up and not settings.database_url.get_secret_value():
        from pitchreview.local import environment

        running: Mapping[str, Any] = environment.of_running(options.data or Path(settings.data_dir))
        return Settings.read(**running)
    return settings


# --- up -----------------------------------------------------------------------------------------


def _up_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="port of the web (default: 8080, or a free one)")
    parser.add_argument(
        "--data", type=Path, help="folder for everything that is kept (default: pitchreview-data)"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="interface to listen on; 0.0.0.0 for other machines too"
    )
    parser.add_argument("--no-demo", action="store_true", help="do not load the demo team on the first start")


def _up(settings: "Settings", options: Options) -> int:
    from pitchreview.local.supervisor import Wishes, up

    data = (options.data or Path(settings.data_dir)).absolute()
    wishes = Wishes(data=data, host=options.host, port=options.port, demo=not options.no_demo)
    return up(settings, wishes)


# --- the doors ----------------------------------------------------------------------------------


def _patch_for_gevent() -> None:
    from gevent import monkey

    monkey.patch_all()


def _web(settings: "Settings", _options: Options) -> int:
    from pitchreview.web.server import serve

    serve(settings)
    return 0


def _worker(_settings: "Settings", _options: Options) -> int:
    import runpy

    runpy.run_module("worker", run_name="__main__", alter_sys=True)
    return 0


def _migrate(settings: "Settings", _options: Options) -> int:
    from pitchreview.commands import migrate

    migrate.run(settings)
    return 0


# --- people and the demo team ---------------------------------------------------------------------


def _users_options(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    create = acts.add_parser(
        "create", help="add a person; without --password a link to choose one is printed"
    )
    create.add_argument("--email", required=True)
    create.add_argument("--name", required=True)
    create.add_argument("--password", help="10 characters or more")
    create.add_argument("--team", help="name of the team; it is made when there is none")
    create.add_argument("--role", choices=["rep", "coach", "manager"], default="manager")
    create.add_argument("--operator", action="store_true", help="may look after accounts and teams")
    acts.add_parser("list", help="everybody with an account")
    reset = acts.add_parser("reset-link", help="print a link that sets a new password")
    reset.add_argument("--email", required=True)
    acts.add_parser("welcome-link", help="print the link for the first person of an empty site")


def _users(settings: "Settings", options: Options) -> int:
    from pitchreview.commands import users

    users.run(settings, options)
    return 0


def _demo_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=["load", "clear"])


def _demo(settings: "Settings", options: Options) -> int:
    from pitchreview.db import make_engine, make_session_factory, transaction
    from pitchreview.local import demo
    from pitchreview.store import ObjectStore

    with transaction(make_session_factory(make_engine(settings.sqlalchemy_url))) as session:
        if options.act == "clear":
            demo.clear(session)
        elif not demo.is_loaded(session):
            demo.load(session, ObjectStore(settings))
    loaded = Path(settings.data_dir) / "demo-loaded"  # the banner of `up` goes by it
    if options.act == "clear":
        loaded.unlink(missing_ok=True)
    elif loaded.parent.is_dir():
        loaded.touch()
    return 0


def _doctor_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", metavar="PART", help="look at one part only, for example `worker`")


def _doctor(settings: "Settings", options: Options) -> int:
    from pitchreview.commands import doctor

    return doctor.run(settings, options)


_PARTS = ("DATABASE_URL", "S3_ENDPOINT_URL", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY", "S3_BUCKET")

COMMANDS: Mapping[str, Command] = {
    "up": Command("Start everything on this machine", _up, _up_options),
    "web": Command("Answer browsers", _web, needs=(*_PARTS, "SECRET_KEY")),
    "worker": Command("Process recordings", _worker, needs=_PARTS),
    "migrate": Command("Prepare database and object store for this version", _migrate, needs=_PARTS),
    "doctor": Command("Try everything out and say what is wrong", _doctor, _doctor_options, joins_up=True),
    "users": Command(
        "Add people, list them, make links", _users, _users_options, joins_up=True, needs=("DATABASE_URL",)
    ),
    "demo": Command("Load or remove the demo team", _demo, _demo_options, joins_up=True, needs=_PARTS),
}

if __name__ == "__main__":
    sys.exit(main())
