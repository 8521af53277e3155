"""Builds the wheel, installs it into a fresh environment, and starts the product far from the checkout.

`make check-wheel`. Slow (some minutes), so it is not part of `make test`. What it proves: the wheel holds
templates, built assets, migrations, demo clips and the worker, and its metadata names every dependency.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PORT = 28093
ADDRESS = f"http://127.0.0.1:{PORT}"
READY_SECONDS = 120

INSIDE = (
    "pitchreview/__main__.py",
    "pitchreview/migrations/env.py",
    "pitchreview/migrations/versions/0001_the_first_schema.py",
    "pitchreview/local/demo_clips/vendor-ada-1.mp4",
    "pitchreview/_assets/templates/layouts/base.html",
    "pitchreview/_assets/static/dist/manifest.json",
    "worker/__main__.py",
    "worker/media/__main__.py",
)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="pitchreview-wheel-") as name:
        folder = Path(name)
        wheel = build(folder)
        check_content(wheel)
        programs = install(wheel, folder / "environment")
        start_and_look(programs, folder)
    print("The wheel holds everything and starts on its own.")


def build(folder: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return next(folder.glob("*.whl"))


def check_content(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    missing = [name for name in INSIDE if name not in names]
    strays = [name for name in names if name.startswith(("tests/", "tools/")) or "__pycache__" in name]
    if missing or strays:
        sys.exit(f"The wheel lacks {missing} and holds {strays}.")
    print(f"{wheel.name}: {len(names)} files, {wheel.stat().st_size / 1e6:.1f} MB")


def install(wheel: Path, environment: Path) -> Path:
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    subprocess.run([environment / "bin" / "pip", "install", "--quiet", f"{wheel}[local]"], check=True)
    return environment / "bin"


def start_and_look(programs: Path, folder: Path) -> None:
    """Two pages, one of which needs the database and both of which need templates and assets."""
    command = [programs / "pitchreview", "up", "--data", folder / "data", "--port", str(PORT), "--no-demo"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, env=clean_environment(programs)
        )
    try:
        wait_until_ready(process, folder / "log")
        page = get("/sign-in")
        style = re.findall(r"/static/main-[\w-]+\.css", page)[0]
        print(f"/sign-in and {style} answer ({len(page)} and {len(get(style))} characters)")
        subprocess.run(
            [programs / "pitchreview", "doctor", "--data", folder / "data"],
            cwd=folder,
            check=True,
            env=clean_environment(programs),
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def clean_environment(programs: Path) -> dict[str, str]:
    """Nothing of the checkout: neither its environment nor its folder on any path."""
    return {"PATH": f"{programs}:{os.defpath}", "HOME": os.path.expanduser("~")}


def wait_until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if is_ready():
            return
        time.sleep(0.3)
    sys.exit(f"It did not start:\n{log.read_text()[-3000:]}")


def is_ready() -> bool:
    try:
        parts = json.loads(get("/readyz"))
    except OSError:
        return False
    return bool(parts["ok"] and parts["worker"])


def get(path: str) -> str:
    with urllib.request.urlopen(ADDRESS + path, timeout=10) as answer:
        return str(answer.read().decode())


if __name__ == "__main__":
    main()
