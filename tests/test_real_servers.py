"""The same code on real servers: PostgreSQL and S3 somewhere, one web, two workers, told by environment.

Nothing of `pitchreview up` takes part; this is what a compose file or several hosts do.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from pitchreview.config import Settings
from pitchreview.db import make_engine, make_session_factory
from pitchreview.local import objectstore, ports, postgres
from pitchreview.models import Team
from pitchreview.store import ObjectStore
from tests.factories import Factory
from tests.media import Clips
from worker.media.tools import find_tools

EMAIL, PASSWORD = "mona@example.com", "a-long-password"
PATIENCE = 90  # seconds; the machine may be busy with other tests
PITCHREVIEW = (sys.executable, "-m", "pitchreview")


@dataclass
class Servers:
    """A site that consists of processes with nothing in common but their environment."""

    environment: dict[str, str]
    settings: Settings
    logs: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def run(self, *words: str) -> str:
        answer = subprocess.run([*PITCHREVIEW, *words], env=self.environment, capture_output=True, text=True)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def start(self, name: str, command: str) -> None:
        with (self.logs / name).open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [*PITCHREVIEW, command], env=self.environment, stdout=log, stderr=log
            )

    def readiness(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"{self.settings.public_url}/readyz", timeout=10) as answer:
                return dict(json.load(answer))
        except OSError:
            return {"ok": False}

    def wait_until(self, question: str, answer: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while not answer():
            assert time.monotonic() < deadline, f"{question} never came true:\n{self._last_words()}"
            time.sleep(0.2)

    def _last_words(self) -> str:
        return "\n".join(log.read_text()[-1500:] for log in self.logs.iterdir())

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
            process.wait()


@pytest.fixture
def servers(
    database: postgres.Server, object_server: objectstore.Server, tmp_path: Path
) -> Iterator[Servers]:
    """With a database and a bucket of their own."""
    port = ports.choose()
    own = make_url(database.url).set(drivername="postgresql+psycopg")
    owner = create_engine(own, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("CREATE DATABASE real_servers"))
    address = make_url(database.url).set(database="real_servers").render_as_string(hide_password=False)
    work, logs = tmp_path / "work", tmp_path / "logs"
    work.mkdir()
    logs.mkdir()
    configured = {
        "DATABASE_URL": address,
        "S3_ENDPOINT_URL": object_server.endpoint_url,
        "S3_PUBLIC_URL": object_server.endpoint_url,
        "S3_BUCKET": "real-servers",
        "S3_ACCESS_KEY_ID": object_server.access_key,
        "S3_SECRET_ACCESS_KEY": object_server.secret_key,
        "SECRET_KEY": "vR7-dq3Zk0mXbT9wLs2Yc8HfUa5NgEj1",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WEB_PORT": str(port),
        "ADMIN_EMAIL": "olga@example.com",
        "ADMIN_PASSWORD": PASSWORD,
        "PITCHREVIEW_WORK_DIR": str(work),
    }
    settings = Settings(**configured)
    servers = Servers({"PATH": os.environ["PATH"], **configured}, settings, logs)
    yield servers
    servers.stop()
    with owner.connect() as connection:
        connection.execute(text("DROP DATABASE real_servers WITH (FORCE)"))
    owner.dispose()


class Browser:
    """Signs in and uploads as our pages do, by the same addresses."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._token = ""

    def sign_in(self) -> None:
        self._read_token("/sign-in")
        form = {"email": EMAIL, "password": PASSWORD, "csrf_token": self._token}
        self._ask("POST", "/sign-in", urllib.parse.urlencode(form).encode())
        self._read_token("/")

    def upload(self, scenario_id: str, file: Path) -> str:
        """Send the file in parts straight to the object store; the address that tells of its progress."""
        content = file.read_bytes()
        described = {"file_name": file.name, "size_bytes": len(content), "content_type": "video/mp4"}
        upload = self._json(f"/scenarios/{scenario_id}/uploads", described)
        numbers = list(range(1, upload["part_count"] + 1))
        addresses = self._json(f"{upload['upload']}/parts", {"numbers": numbers})["addresses"]
        for number in numbers:
            part = content[(number - 1) * upload["part_size"] : number * upload["part_size"]]
            request = urllib.request.Request(addresses[str(number)], data=part, method="PUT")
            urllib.request.urlopen(request, timeout=30).close()
        self._json(f"{upload['upload']}/completion", {})
        return str(upload["upload"])

    def state_of(self, upload: str) -> str:
        return str(json.loads(self._ask("GET", upload))["state"])

    def _read_token(self, path: str) -> None:
        found = re.search(r'name="csrf-token" content="([^"]+)"', self._ask("GET", path))
        assert found
        self._token = found[1]

    def _json(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        return dict(json.loads(self._ask("POST", path, json.dumps(content).encode(), "application/json")))

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        kind: str = "application/x-www-form-urlencoded",
    ) -> str:
        headers = {"X-CSRFToken": self._token, "Content-Type": kind}
        request = urllib.request.Request(self._address + path, data=body, method=method, headers=headers)
        with self._opener.open(request, timeout=30) as answer:
            return str(answer.read().decode())


def add_scenario(settings: Settings) -> str:
    engine = make_engine(settings.sqlalchemy_url, pool_size=1)
    with make_session_factory(engine)() as session:
        make = Factory(session, ObjectStore(settings))
        scenario = make.scenario(session.query(Team).one())
        session.commit()
    engine.dispose()
    return str(scenario.id)


@pytest.mark.campaign
@pytest.mark.timeout(400)  # eight processes start; a busy machine needs a while for that
@pytest.mark.patient
def test_a_take_becomes_ready_on_servers_told_by_their_environment(servers: Servers, tmp_path: Path) -> None:
    servers.run("migrate")
    servers.run("migrate")  # on any number of hosts, any number of times
    assert servers.run("users", "list").startswith("olga@example.com  Operator (operator)")
    person = ("--email", EMAIL, "--name", "Mona Ruiz", "--password", PASSWORD)
    servers.run("users", "create", *person, "--team", "EMEA mid-market", "--role", "manager")
    scenario_id = add_scenario(servers.settings)
    servers.start("web", "web")
    servers.start("worker-1", "worker")
    servers.start("worker-2", "worker")
    servers.wait_until("readyz", lambda: servers.readiness().get("worker"))
    assert servers.readiness()["ok"] is True

    browser = Browser(servers.settings.public_url)
    browser.sign_in()
    clips = Clips(find_tools(servers.settings), tmp_path)
    first = browser.upload(scenario_id, clips("silent.mp4"))
    servers.wait_until("ready", lambda: browser.state_of(first) == "ready")

    servers.processes["worker-1"].kill()
    second = browser.upload(scenario_id, clips("webcam.mp4"))
    servers.wait_until("ready with one worker dead", lambda: browser.state_of(second) == "ready")

    assert "Everything is in order." in servers.run("doctor")
    for name in ("web", "worker-2"):
        servers.processes[name].send_signal(signal.SIGTERM)
        assert servers.processes[name].wait(timeout=10) == 0
