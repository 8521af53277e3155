"""Takes the pictures of README.md from the demo team: `make screenshots`.

Starts the product on a folder of its own and waits until every recording is ready. `--data` looks at the
`up` that runs on that folder instead.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import text

from pitchreview.config import Settings
from pitchreview.db import make_engine
from pitchreview.local import ports, sign_ins
from pitchreview.local.environment import of_running
from tests.site import chromium

DOCS = Path(__file__).parent.parent / "docs"
LARGEST_BYTES = 400_000
PATIENCE_SECONDS = 900

UNFINISHED = "SELECT count(*) FROM recordings WHERE state IN ('awaiting_upload', 'received', 'playable')"
MOST_DISCUSSED = "SELECT take_id FROM comments GROUP BY take_id ORDER BY count(*) DESC, take_id LIMIT 1"


@dataclass(frozen=True)
class Picture:
    """One file: who looks at which page, on what."""

    name: str
    who: str
    path: str  # `{take}` is the take that was discussed most
    width: int = 1440
    height: int = 900
    scheme: str = "light"


PICTURES = (
    Picture("screenshot.png", "ada", "/takes/{take}?t=3.4"),
    Picture("screenshot-library.png", "mona", "/library", scheme="dark"),
    Picture("screenshot-phone.png", "ada", "/takes/{take}?t=3.4", width=390, height=844),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of an `up` that runs with the demo team")
    data: Path | None = parser.parse_args().data
    DOCS.mkdir(exist_ok=True)
    if data is not None:
        take_all(data)
        return
    with tempfile.TemporaryDirectory(prefix="pitchreview-pictures-") as name, running(Path(name)):
        take_all(Path(name))


@contextmanager
def running(data: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "pitchreview", "up", "--data", data, "--port", str(ports.choose())]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def take_all(data: Path) -> None:
    settings, take = wait_for_demo(data)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for picture in PICTURES:
            path = DOCS / picture.name
            path.write_bytes(photograph(browser, settings.site_address, picture, take))
            if path.stat().st_size > LARGEST_BYTES:
                sys.exit(f"{path.name} has {path.stat().st_size} bytes; that is too much for a README.")
            print(f"docs/{path.name}: {path.stat().st_size // 1000} kB")
        browser.close()


def wait_for_demo(data: Path) -> tuple[Settings, str]:
    """The settings of the site, and its most discussed take, when every recording is ready."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        environment = of_running(data)
        if environment:
            settings = Settings(**environment)
            take = most_discussed_take(settings)
            if take:
                return settings, take
        time.sleep(2)
    sys.exit("The demo team did not become ready.")


def most_discussed_take(settings: Settings) -> str | None:
    """None while something is still being encoded."""
    engine = make_engine(settings.sqlalchemy_url, pool_size=1)
    try:
        with engine.connect() as connection:
            if not (settings.data_dir and (Path(settings.data_dir) / "demo-loaded").exists()):
                return None
            if connection.scalar(text(UNFINISHED)):
                return None
            return str(connection.scalar(text(MOST_DISCUSSED)))
    finally:
        engine.dispose()


def photograph(browser: Browser, address: str, picture: Picture, take: str) -> bytes:
    context = browser.new_context(
        base_url=address,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    sign_in(page, picture.who)
    page.goto(picture.path.format(take=take))
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    shot = page.screenshot()
    context.close()
    return shot


def sign_in(page: Page, who: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(f"{who}@harbor.example")
    page.locator("input[name=password]").fill(sign_ins.DEMO_PASSWORD)
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url("**/")


if __name__ == "__main__":
    main()
