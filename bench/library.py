"""What the library costs when it is large: its page, searching with facets, suggestions while one types.

    python -m bench.library [--rounds 12] [--moments 100000] [--comments 1000000] [--no-drift]

Fills the library of one team on a real PostgreSQL, first with 1,000 moments and 10,000 comments, then with
all of them, and asks the same questions of both, in this process and without a network. Server time is that
of the whole request: rights, statements, template. The last line is JSON: `p95_ms` (of all requests with the
large library), `growth_ratio` (the same divided by that of the small one), `statements` (the most of any
request), `seek_p95_ms` (one address of a recording) and `drift_p95_ms` (how far apart two players on one
clock were, see `bench.compare_drift`).
"""

import argparse
import html
import json
import re
import statistics
import time

from flask.testing import FlaskClient
from playwright.sync_api import sync_playwright
from sqlalchemy import select

from bench import compare_drift
from bench.asking import asked_by, p95
from pitchreview.models import Rendition
from tests import shelves
from tests import site as sites
from tests.factories import Factory
from tests.site import Site, person, team_of

FEW, FEW_COMMENTS = 1_000, 10_000
ADDRESSES = {
    "page": ("/library",),
    "words": (
        "/library?q=price",
        "/library?q=wombat",
        "/library?q=silence+renewal",
        "/library?q=%22one+precise+doubt%22",
        "/library?q=questions+-demo",
        "/library?q=account+4711",
        "/library?q=price&order=newest",
        "/library?q=nothing+of+the+kind",
    ),
    "facets": (
        "/library?tag=stage:objection",
        "/library?tag=stage:closing&tag=persona:legal",
        "/library?tag=stage:prospecting&tag=persona:cfo&tag=objection:objection+number+1",
        "/library?tag=objection:objection+number+24&tag=product:harbor+note",
        "/library?tag=topic:habit+200",
        "/library?q=price&tag=persona:cto",
        "/library?q=wombat&tag=stage:demo",
        "/library?q=silence&tag=stage:objection&tag=product:harbor+sync",
    ),
    "typing": (
        "/library/suggestions?q=p",
        "/library/suggestions?q=pri",
        "/library/suggestions?q=habit+1",
        "/library/suggestions?q=cf",
        "/library/suggestions?q=womb",
        "/library/suggestions?q=three+que",
        "/library/suggestions?q=xyz",
    ),
}


def main() -> None:
    options = _options()
    with asked_by("jonas") as (site, client, heard):
        drift = None if options.no_drift else round(_drift(site))
        _fill(site, FEW, FEW_COMMENTS)
        small, _ = _ask_all(client, heard, options.rounds, f"{FEW:,} moments")
        _fill(site, options.moments, options.comments, FEW, FEW_COMMENTS)
        large, statements = _ask_all(client, heard, options.rounds, f"{options.moments:,} moments")
        figures = {
            "p95_ms": round(large, 1),
            "growth_ratio": round(large / small, 2),
            "statements": statements,
            "seek_p95_ms": round(_seek(site, client, options.rounds), 1),
        }
    if drift is not None:
        figures["drift_p95_ms"] = drift
    print(json.dumps(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--moments", type=int, default=100_000)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--no-drift", action="store_true")
    return parser.parse_args()


def _fill(site: Site, moments: int, comments: int, from_moments: int = 0, from_comments: int = 0) -> None:
    began = time.monotonic()
    with site.session() as session:
        team, presenter, curator = team_of(session), person(session, "ada"), person(session, "mona")
        scenario = Factory(session, site.store).scenario(team, f"Up to {moments}")
        shelves.fill(session, scenario, presenter, curator, moments, from_moments)
        shelves.discuss(session, curator, team, moments, comments, from_comments)
        session.commit()
        shelves.analyze(session)
        session.commit()
    print(f"filled with {moments:,} moments in {time.monotonic() - began:.0f} s", flush=True)


def _ask_all(client: FlaskClient, heard: list[str], rounds: int, what: str) -> tuple[float, int]:
    """p95 of all requests in ms, and the most statements of one."""
    print(what)
    spent: list[float] = []
    most = 0
    addresses = ADDRESSES | {"page": (*ADDRESSES["page"], *_pages_further_on(client))}
    for kind, asked in addresses.items():
        of_kind: list[float] = []
        for address in asked:
            one = [_ms(client, address) for _ in range(rounds)]
            of_kind += one
            heard.clear()
            client.get(address)
            most = max(most, len(heard))
            print(f"  {p95(one):6.1f} ms  {len(heard):2} statements  {address[:100]}")
        print(f"  {kind}: p50 {statistics.median(of_kind):.1f}, p95 {p95(of_kind):.1f} ms", flush=True)
        spent += of_kind
    return p95(spent), most


def _pages_further_on(client: FlaskClient) -> list[str]:
    """The second page, and one after many."""
    addresses, address = [], "/library?order=newest"
    for number in range(1, 11):
        more = re.search(r'href="([^"]+)" rel="next"', client.get(address).text)
        address = html.unescape(more[1]) if more else ""
        if not address:
            break
        if number in (1, 10):
            addresses.append(address)
    return addresses


def _drift(site: Site) -> float:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=sites.chromium(), args=list(sites.CHROMIUM_FLAGS)
        )
        drift = compare_drift.measure(site, browser)
        browser.close()
    return drift


def _ms(client: FlaskClient, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    spent = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{address} was answered with {answer.status_code}")
    return spent


def _seek(site: Site, client: FlaskClient, rounds: int) -> float:
    """The rights of a recording are asked again at each of its addresses: that must not grow either."""
    with site.session() as session:
        posters = session.scalars(select(Rendition).order_by(Rendition.object_key).limit(rounds * 5)).all()
        addresses = [f"/media/{poster.recording_id}/{poster.id}" for poster in posters]
    spent = []
    for address in addresses:
        began = time.perf_counter()
        client.get(address)
        spent.append((time.perf_counter() - began) * 1000)
    return p95(spent)


if __name__ == "__main__":
    main()
