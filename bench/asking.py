"""Asking the product in this process, as somebody who is signed in."""

import os
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from pitchreview import logs
from pitchreview.actions import accounts
from pitchreview.web.app import create_app
from pitchreview.web.auth import SignedIn
from pitchreview.web.server import calm_collector
from tests import site as sites
from tests.site import Site, person


@contextmanager
def asked_by(who: str) -> Iterator[tuple[Site, FlaskClient, list[str]]]:
    """A site on a real PostgreSQL, somebody's browser in this process, and every statement that it causes."""
    os.environ["WEB_WORKERS"] = "1"
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        sites.running_site(Path(folder) / "site") as site,
    ):
        settings = site.settings.model_copy(update={"log_level": "error"})
        logs.configure(settings)
        app = create_app(settings)
        calm_collector()
        heard: list[str] = []
        engine = app.extensions["pitchreview"].engine
        event.listen(engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
        yield site, client_of(app, site, who), heard
        engine.dispose()


def client_of(app: Flask, site: Site, who: str) -> FlaskClient:
    client = app.test_client()
    with site.session() as session:
        user = person(session, who)
        opened = accounts.open_session(session, user, address="127.0.0.1", browser="bench")
        session.commit()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = SignedIn(opened.user_session, opened.token).get_id()
            cookie["_fresh"] = True
    return client


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
