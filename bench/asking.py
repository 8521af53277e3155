"""Asking the product in this process, as somebody who is signed in."""

import statistics

from flask import Flask
from flask.testing import FlaskClient

from pitchreview.actions import accounts
from pitchreview.web.auth import SignedIn
from tests.site import Site, person


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
