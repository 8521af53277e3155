"""Runs `up` as a process of its own, with stand-ins for web and worker but the real parts."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pitchreview.local import ports
from tests.local.running import READY, Up

RUN_UP = Path(__file__).with_name("run_up.py")

StartUp = Callable[..., Up]


@contextmanager
def starting(folder: Path) -> Iterator[StartUp]:
    """Gives a function that starts `up`: with its own parts and a port of its own, unless told otherwise."""
    started: list[Up] = []

    def start(*, environ: dict[str, str] | None = None, **wishes: Any) -> Up:
        wishes = {"data": str(folder / "data"), "port": ports.choose()} | wishes
        process = subprocess.Popen(
            [sys.executable, str(RUN_UP), json.dumps(wishes)],
            env=os.environ | (environ or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        up = Up(Path(wishes["data"]), wishes["port"], process)
        started.append(up)
        return up

    yield start
    for up in started:
        up.close()


@pytest.fixture
def start_up(tmp_path: Path) -> Iterator[StartUp]:
    with starting(tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """An `up` on a new folder, for all tests that only look or that leave it as it was."""
    with starting(tmp_path_factory.mktemp("house")) as start:
        up = start()
        up.wait_for(READY)
        yield up
