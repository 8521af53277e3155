"""The form of a drill: what it begins with, what a drill looks like in it, and what was typed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from pitchreview import timecode
from pitchreview.actions import setting
from pitchreview.actions.setting import Terms
from pitchreview.errors import InvalidInput
from pitchreview.models import Drill, ReviewersFrom, User
from pitchreview.web import forms

# A drill that is set today is due in a week, unless somebody says otherwise.
USUAL_DAYS = 7
SWITCHES = ("self_assessment_first", "hides_reviewers", "hides_presenter")


def first_values(person: User) -> Mapping[str, Any]:
    due_on = setting.today(person) + timedelta(days=USUAL_DAYS)
    return MultiDict(
        {
            "due_on": due_on.isoformat(),
            "who": "team",
            "reviewers_from": ReviewersFrom.POOL.value,
            "reviewers_count": "1",
            "remind_days": "2",
            "practice": "1",
        }
    )


def values(drill: Drill, person: User, watch_first: list[UUID]) -> Mapping[str, Any]:
    """A drill as the form writes it for this person."""
    found: MultiDict[str, str] = MultiDict(
        {
            "due_on": drill.due_on.isoformat(),
            "who": "team" if drill.for_team else "some",
            "criterion": str(drill.focus_criterion_id or ""),
            "focus": _own_focus(drill),
            "note": drill.note,
            "opens_at": _opens_at(drill, person),
            "limit": timecode.format_ms(drill.limit_seconds * 1000) if drill.limit_seconds else "",
            "practice": "1" if drill.practice_allowed else "0",
            "reviewers_from": drill.reviewers_from.value,
            "reviewers_count": str(drill.reviewers_count),
            "remind_days": "" if drill.remind_days is None else str(drill.remind_days),
        }
    )
    for name in SWITCHES:
        if getattr(drill, name):
            found.add(name, "1")
    found.setlist("people", [str(one.user_id) for one in drill.people])
    found.setlist("reviewers", [str(one.user_id) for one in drill.reviewers])
    found.setlist("exemplar", [str(exemplar_id) for exemplar_id in watch_first])
    return found


def _own_focus(drill: Drill) -> str:
    """What was written for it, where that is not the name of the criterion anyway."""
    is_name = drill.focus_criterion is not None and drill.focus == drill.focus_criterion.name
    return "" if is_name else drill.focus


def _opens_at(drill: Drill, person: User) -> str:
    if drill.opens_at is None:
        return ""
    return drill.opens_at.astimezone(ZoneInfo(person.time_zone)).strftime("%Y-%m-%dT%H:%M")


def terms(person: User) -> Terms:
    """What was typed; times are where this person is."""
    return Terms(
        due_on=forms.text("due_on"),
        for_team=forms.text("who") != "some",
        people=forms.ids("people"),
        criterion_id=forms.one_id("criterion"),
        focus=forms.text("focus"),
        note=forms.text("note"),
        opens_at=forms.instant("opens_at", person.time_zone),
        limit=forms.text("limit"),
        practice_allowed=forms.text("practice") != "0",
        self_assessment_first=_is_on("self_assessment_first"),
        reviewers_from=_reviewers_from(),
        reviewers_count=forms.integer("reviewers_count") or 1,
        reviewers=forms.ids("reviewers"),
        hides_reviewers=_is_on("hides_reviewers"),
        hides_presenter=_is_on("hides_presenter"),
        remind_days=forms.integer("remind_days"),
    )


def _is_on(name: str) -> bool:
    return forms.text(name) == "1"


def _reviewers_from() -> ReviewersFrom:
    typed = forms.text("reviewers_from") or ReviewersFrom.POOL
    try:
        return ReviewersFrom(typed)
    except ValueError as error:
        raise InvalidInput("Choose one from the list.", field="reviewers_from") from error
