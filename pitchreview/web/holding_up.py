"""The form by which a take is held up: what it shows, and what was typed into it."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from sqlalchemy import or_
from sqlalchemy.orm import joinedload

from pitchreview import db as database
from pitchreview import timecode
from pitchreview.actions import offering, shelving, tagging
from pitchreview.actions.library import NewExemplar
from pitchreview.actions.tagging import NewTag
from pitchreview.errors import InvalidInput
from pitchreview.models import Comment, Exemplar, Pitch, Take
from pitchreview.permissions import Act, exemplars_visible_to, may
from pitchreview.web import find, forms
from pitchreview.web.context import db, viewer

# Moments that are offered as the model of a pair
MOST_MODELS = 40
# Around a remark that has no end of its own
BEFORE_MS, AFTER_MS = 2_000, 18_000


def page(take: Take, exemplar: Exemplar | None, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the form offers, and which tags are ticked in it."""
    scenario = take.pitch.scenario
    offers = offering.offers_for(db(), scenario)
    return {
        "take": take,
        "exemplar": exemplar,
        "collections": find.collections(scenario.team),
        "models": _models(take, exemplar),
        "offers": offers,
        "ticked": _ticked(offers, exemplar, values),
        "zone": viewer().time_zone,
    }


def _ticked(
    offers: offering.Offers, exemplar: Exemplar | None, values: Mapping[str, Any] | None
) -> list[NewTag]:
    """What was chosen when the form comes back, else what it bears; at first its stage."""
    if request.method == "POST":
        return _typed_tags()
    if exemplar is not None:
        return [NewTag(tag.facet, tag.name, tag.level) for tag in exemplar.tags]
    shown = tagging.read_one((values or {}).get("tag", ""))
    return [*offers.situation[:1], *([shown] if shown else [])]


def _models(take: Take, exemplar: Exemplar | None) -> list[Exemplar]:
    """The models that a middling half could stand beside: of the same scenario first, then the newest."""
    query = exemplars_visible_to(viewer()).where(
        Exemplar.team_id == take.pitch.team_id, Exemplar.contrast_to_id.is_(None)
    )
    if exemplar is not None:
        query = query.where(Exemplar.id != exemplar.id)
    is_same = Exemplar.take.has(Take.pitch.has(Pitch.scenario_id == take.pitch.scenario_id))
    chosen = Exemplar.id == (exemplar and exemplar.contrast_to_id)
    query = query.order_by(or_(chosen, is_same).desc(), Exemplar.created_at.desc()).limit(MOST_MODELS)
    return list(db().scalars(query.options(joinedload(Exemplar.take).joinedload(Take.pitch))))


# --- what stands in it -------------------------------------------------------------------------------


def values_of(exemplar: Exemplar) -> dict[str, str]:
    coming = exemplar.published_at if exemplar.is_scheduled else None
    zone = ZoneInfo(viewer().time_zone)
    return {
        "title": exemplar.title,
        "why": exemplar.why,
        "from": _written(exemplar.from_ms),
        "until": _written(exemplar.until_ms),
        "contrast_to": str(exemplar.contrast_to_id or ""),
        "publish_on": coming.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if coming else "",
    }


def values_of_remark(remark: Comment) -> dict[str, str]:
    """As a praised moment fills it: its place, what was said of it, and the level it shows."""
    start = max(0, (remark.at_ms or 0) - (0 if remark.until_ms else BEFORE_MS))
    end = remark.until_ms or (remark.at_ms or 0) + AFTER_MS
    longest = remark.take.recording.duration_ms
    tag = ""
    if remark.criterion is not None and remark.criterion.levels:
        tag = f"Criterion: {remark.criterion.name} {remark.criterion.levels[-1].value}"
    return {
        "why": remark.body,
        "from": _written(start),
        "until": _written(min(end, longest) if longest else end),
        "tag": tag,
    }


def _written(ms: int | None) -> str:
    return "" if ms is None else timecode.format_ms(ms, tenths=True)


# --- what was typed ----------------------------------------------------------------------------------


def typed(exemplar: Exemplar | None = None) -> NewExemplar:
    publish_at = forms.instant("publish_on", viewer().time_zone)
    is_draft = forms.text("act") == "draft"
    if publish_at is not None and not is_draft and publish_at <= database.now():
        raise InvalidInput("That moment is past. Leave it empty to publish at once.", field="publish_on")
    return NewExemplar(
        title=forms.text("title"),
        why=forms.text("why"),
        tags=_typed_tags(),
        from_ms=_end("from", exemplar.from_ms if exemplar else None),
        until_ms=_end("until", exemplar.until_ms if exemplar else None),
        is_draft=is_draft,
        publish_at=publish_at,
        contrast_to=_chosen_model(),
    )


def _end(name: str, before: int | None) -> int | None:
    """Fields show tenths: what was left as it stood stays exact, and nobody is asked again for it."""
    return before if forms.text(name) == _written(before) else forms.moment(name)


def _typed_tags() -> list[NewTag]:
    """What was ticked, and what still stands in the box."""
    ticked = [tagging.read_one(value) for value in request.form.getlist("tag")]
    tags = [tag for tag in ticked if tag is not None] + tagging.read(forms.text("tags"))
    return list({tag.key: tag for tag in tags}.values())


def _chosen_model() -> Exemplar | None:
    model_id = forms.one_id("contrast_to")
    return None if model_id is None else find.exemplar(model_id, Act.CURATE)


def place(exemplar: Exemplar) -> None:
    """Put it on the ticked shelves, and on a new one when a name was typed."""
    team = exemplar.take.pitch.scenario.team
    available = find.collections(team)
    ticked = set(forms.ids("shelf"))
    shelves = [c for c in available if c.id in ticked]
    if forms.text("new_shelf") and may(viewer(), Act.CURATE, team):
        made = shelving.make_collection(db(), team, viewer(), title=forms.text("new_shelf"), description="")
        available, shelves = [*available, made], [*shelves, made]
    shelving.place(db(), exemplar, available, shelves, viewer())
