"""What every page knows: who looks, at which team, what waits, which media plays."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import Flask, g, request, url_for

from pitchreview import db as database
from pitchreview import permissions
from pitchreview.actions import (
    anchoring,
    clipping,
    focusing,
    naming,
    queueing,
    tallies,
    telling,
    thinking_aloud,
)
from pitchreview.models import (
    Commitment,
    CommitmentState,
    Exemplar,
    Recording,
    Rendition,
    Rubric,
    Take,
    User,
)
from pitchreview.permissions import Act
from pitchreview.web.context import (
    current_role,
    current_team,
    db,
    host_name,
    is_signed_in,
    settings,
    viewer,
)

_LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


def pages_beside(start: int, on_a_page: int, *, has_more: bool) -> dict[str, str | None]:
    """The addresses of the pages before and after one of a list that `after` leafs through."""
    return {
        "newer": _page_from(max(0, start - on_a_page)) if start else None,
        "older": _page_from(start + on_a_page) if has_more else None,
    }


def _page_from(start: int) -> str:
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "after" and value}
    return url_for(str(request.endpoint), **kept, after=start or None)


class NavCounts(Mapping[str, int]):
    """Numbers beside places of the navigation, counted only where it is drawn: most answers are fragments."""

    def __getitem__(self, place: str) -> int:
        if place != "review":
            raise KeyError(place)
        return len(waiting())

    def __iter__(self) -> Iterator[str]:
        return iter(("review",))

    def __len__(self) -> int:
        return 1


def install(app: Flask) -> None:
    app.context_processor(_everywhere)
    app.add_template_global(media)
    app.add_template_global(clipping.file_of, "file_of")
    app.add_template_global(thinking_aloud.shown, "thoughts_of")
    app.add_template_global(poster_url)
    app.add_template_global(anchor_clips)
    app.add_template_global(tallies_of)
    app.add_template_global(unread_count)
    app.add_template_global(called)
    app.add_template_global(presenter_of)
    app.add_template_global(agreed_by_me)


def _everywhere() -> dict[str, Any]:
    site: dict[str, Any] = {
        "now": database.now(),
        "viewer": None,
        "current_team": None,
        "memberships": [],
        "role": None,
        "nav_counts": {},
        "may": _may,
        "is_secure_context": request.is_secure or host_name() in _LOCAL_NAMES,
        "settings_sends_mail": settings().sends_mail,
        "reply_seconds": settings().reply_seconds,
    }
    # An error page must not depend on the database that may be the error.
    if request.endpoint == "static" or g.get("without_database") or not is_signed_in():
        return site
    return site | {
        "viewer": viewer(),
        "current_team": current_team(),
        "memberships": viewer().active_memberships,
        "role": current_role(),
        "nav_counts": NavCounts(),
    }


def _may(act: str, thing: Any = None) -> bool:
    return permissions.may(viewer(), Act(act), thing)


def waiting() -> list[Take]:
    """My review queue in the present team, asked for once a request."""
    if "waiting" not in g:
        team = current_team()
        g.waiting = [] if team is None else queueing.waiting_for(db(), viewer(), team.id)
    queue: list[Take] = g.waiting
    return queue


def naming_of(take: Take) -> naming.Naming:
    """How people are called in what is said about a take; one answer a request."""
    known: dict[UUID, naming.Naming] = g.setdefault("namings", {})
    if take.id not in known:
        known[take.id] = naming.Naming(db(), take, viewer())
    return known[take.id]


def called(person: User, take: Take) -> naming.Called:
    return naming_of(take).of(person)


def presenter_of(take: Take) -> naming.Called:
    return naming_of(take).presenter


def agreed_by_me(team_id: UUID) -> list[Commitment]:
    """What I work on now in that team: my next take opens on it."""
    mine = focusing.open_commitments(db(), viewer().id, team_id)
    return [each for each in mine if each.state is CommitmentState.AGREED]


def unread_count() -> int:
    """How much I have not heard of yet; asked for where the bell is drawn."""
    return telling.unread_count(db(), viewer())


def media(recording: Recording) -> dict[str, Any]:
    """What the player needs; addresses are ours and ask for rights each time."""
    best = recording.progressive
    storyboard = recording.storyboard
    probe = recording.probe or {}
    return {
        "src": _address(recording, best),
        "type": best and best.content_type,
        "hls": _stream(recording),
        "is_growing": best is None,
        "waveform": _address(recording, recording.waveform),
        "poster": poster_url(recording),
        "storyboard": storyboard
        and url_for("media.storyboard", recording_id=recording.id, **_version(recording)),
        "duration_ms": recording.duration_ms or 0,
        "fps": probe.get("fps") or 30.0,
        "width": recording.width,
        "height": recording.height,
        "has_video": bool(recording.has_video),
    }


def anchor_clips(rubric: Rubric) -> dict[UUID, Exemplar]:
    """The moments that show the levels of a rubric, by level; looked up once, however often it is drawn."""
    known: dict[UUID, dict[UUID, Exemplar]] = g.setdefault("anchor_clips", {})
    if rubric.id not in known:
        known[rubric.id] = anchoring.clips_of(db(), viewer(), rubric)
    return known[rubric.id]


def _stream(recording: Recording) -> str | None:
    if recording.rungs:
        return url_for("media.ladder", recording_id=recording.id, **_version(recording))
    if recording.progressive is None and recording.is_playable:
        return url_for("media.growing", recording_id=recording.id)
    return None


def _version(recording: Recording) -> dict[str, Any]:
    """Put together anew it is another film: a browser must not show what it kept of the old one."""
    return {"film": recording.footage.attempt} if recording.footage else {}


def poster_url(recording: Recording) -> str | None:
    return _address(recording, recording.poster)


def _address(recording: Recording, rendition: Rendition | None) -> str | None:
    if rendition is None:
        return None
    return url_for("media.show", recording_id=recording.id, rendition_id=rendition.id)


def tallies_of(takes: Iterable[Take]) -> dict[UUID, tallies.Tally]:
    """How much was said about each of these takes."""
    return tallies.tallies_of(db(), takes)
