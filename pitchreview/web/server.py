"""gunicorn with gevent: one process carries request work and hundreds of live streams.

The command patches the standard library before it imports this module.
"""

import gc
from typing import Any

import gevent
from flask import Flask
from gunicorn.app.base import BaseApplication

from pitchreview import logs
from pitchreview.actions import accounts
from pitchreview.config import Settings
from pitchreview.web.app import create_app


class Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in _options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        # argon2 computes for tens of milliseconds; in a thread it holds nobody else up.
        accounts.run_slow = _in_thread
        app = create_app(self._settings)
        calm_collector()
        return app


def _in_thread(function: Any, *args: Any) -> Any:
    return gevent.get_hub().threadpool.spawn(function, *args).get()


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "bind": f"{settings.web_host}:{settings.web_port}",
        "workers": settings.web_workers,
        "worker_class": "gevent",
        "worker_connections": 1000,
        # Open streams end at shutdown; requests get this long to finish.
        "graceful_timeout": 3,
        "timeout": 60,
        "keepalive": 30,
        "loglevel": "warning",
        "control_socket_disable": True,
        "limit_request_line": 8190,
        "proc_name": "pitchreview-web",
    }


def calm_collector() -> None:
    """What is loaded at the start stays for good, and a request makes thousands of objects that do not.

    Left as it is, the collector walks through all of them every few requests, which takes 150 ms each time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def serve(settings: Settings) -> None:
    """Answer requests until told to stop."""
    logs.configure(settings)
    Server(settings).run()
