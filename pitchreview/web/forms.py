"""Reading forms: what was typed comes back with a sentence beside the field when it does not fit."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from pitchreview import timecode
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.web.context import db


def ask_again_if_wrong(
    act: Callable[[], ResponseReturnValue], template: str, **page: Any
) -> ResponseReturnValue:
    """Do the act; when the input does not fit, show the form again with what was typed (400)."""
    try:
        return act()
    except (InvalidInput, InvalidState) as error:
        db().rollback()
        field = (error.field if isinstance(error, InvalidInput) else None) or ""
        return render_template(template, values=request.form, errors={field: error.message}, **page), 400


def show(template: str, values: Mapping[str, Any] | None = None, **page: Any) -> str:
    """A form as it is first seen."""
    return render_template(template, values=values or {}, errors={}, **page)


def text(name: str) -> str:
    return request.form.get(name, "").strip()


def lines(name: str) -> list[str]:
    return [line.strip() for line in request.form.get(name, "").splitlines() if line.strip()]


def integer(name: str) -> int | None:
    value = text(name)
    if not value:
        return None
    try:
        return int(value)
    except ValueError as error:
        raise InvalidInput("That should be a whole number.", field=name) from error


def ids(name: str) -> list[UUID]:
    try:
        return [UUID(value) for value in request.form.getlist(name)]
    except ValueError as error:
        raise InvalidInput("Choose from the list.", field=name) from error


def is_id(written: str) -> bool:
    try:
        UUID(written)
    except ValueError:
        return False
    return True


def one_id(name: str) -> UUID | None:
    return next(iter(ids(name)), None) if text(name) else None


def moment(name: str) -> int | None:
    """A time such as "1:23.4" in milliseconds; None when the field is empty."""
    value = text(name)
    if not value:
        return None
    ms = timecode.parse_ms(value)
    if ms is None:
        raise InvalidInput("Write a time like 1:23.", field=name)
    return ms


def day(name: str) -> date | None:
    """A date as a form sends it; None when the field is empty."""
    value = text(name)
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise InvalidInput("Choose a day, or leave it open.", field=name) from error


def instant(name: str, zone: str) -> datetime | None:
    """A day and a time as somebody in that zone typed it; None when the field is empty."""
    value = text(name)
    if not value:
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("Choose a day and a time.", field=name) from error


def choice(name: str, kinds: type[Any]) -> Any:
    """One word of an Enum."""
    try:
        return kinds(text(name))
    except ValueError as error:
        raise InvalidInput("Choose one from the list.", field=name) from error


def json_object() -> dict[str, Any]:
    try:
        data = request.get_json(silent=True)
    except RecursionError:
        data = None  # nested deeper than anything we ask for
    if not isinstance(data, dict):
        raise InvalidInput("Send a JSON object.")
    return data
