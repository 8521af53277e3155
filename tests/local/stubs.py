"""Stand-ins for the commands that `up` runs, and a way to run `up` itself as a process of its own.

python tests/local/stubs.py web | worker | stubborn | …
python tests/local/stubs.py up '{"data": …}'
"""

import http.server
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

SETTINGS = ("DATABASE_URL", "S3_ENDPOINT_URL", "S3_PUBLIC_URL", "S3_CORS_ORIGINS", "WEB_HOST", "LOG_FORMAT")


def web() -> None:
    """Answers every question, at /settings with what it was told."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = {name: os.environ.get(name) for name in SETTINGS}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_words: object) -> None:
            pass

    address = (os.environ["WEB_HOST"], int(os.environ["WEB_PORT"]))
    with http.server.ThreadingHTTPServer(address, Handler) as server:
        server.serve_forever()


def worker() -> None:
    print("the worker is at work", flush=True)
    time.sleep(3600)


def stubborn() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("the worker will not go", flush=True)
    time.sleep(3600)


def orphaning() -> None:
    """Has a child of its own that does not notice when we die."""
    orphan = subprocess.Popen(["sleep", "600"], start_new_session=True)
    print(f"the orphan is {orphan.pid} ", flush=True)
    time.sleep(3600)


def failing() -> None:
    sys.exit("no camera today")


def nothing() -> None:
    pass


def demo() -> None:
    (Path(os.environ["PITCHREVIEW_DATA"]) / "demo-loaded").touch()
    print("the demo team moves in", flush=True)


def welcome() -> None:
    print("http://127.0.0.1/welcome/first", flush=True)


if __name__ == "__main__":
    acts = (web, worker, stubborn, orphaning, failing, nothing, demo, welcome)
    {act.__name__: act for act in acts}[sys.argv[1]]()
