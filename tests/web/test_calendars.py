"""One's due dates as a calendar, and the switches of letters."""

from collections.abc import Callable
from datetime import date, timedelta

from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import calendars, practising, subscribing
from pitchreview.config import Settings
from pitchreview.models import (
    Assignment,
    AssignmentOrigin,
    Commitment,
    CommitmentState,
    Request,
    User,
)
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]


def feed(client: FlaskClient, token: str) -> dict[str, object]:
    """What is due, by what to do."""
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    events = Calendar.from_ical(answer.get_data(as_text=True)).walk("VEVENT")
    return {str(event["summary"]): event.decoded("dtstart") for event in events}


def test_a_calendar_has_what_is_due_and_nobody_elses_name(
    session: Session, make: Factory, cast: Cast, client_of: ClientOf
) -> None:
    set_for_all = make.drill(make.scenario(cast.team, "Price"), cast.mona)
    done = make.drill(make.scenario(cast.team, "Done"), cast.mona)
    practising.submit(session, make.take(cast.ada, done.scenario, submitted=False))
    theirs = make.take(cast.jonas, make.scenario(cast.team, "Demo"))
    asked = make.take(cast.jonas, make.scenario(cast.team, "Vendor"))
    mine = make.take(cast.ada, make.scenario(cast.team, "Closing"))
    until = db.now().replace(microsecond=0) + timedelta(days=2)
    session.add_all(
        [
            Assignment(
                take=theirs,
                reviewer=cast.ada,
                origin=AssignmentOrigin.SHARED_OUT,
                minutes=4,
                leased_until=until,
            ),
            Request(take=asked, asked_by=cast.jonas, asked=cast.ada, due_at=until),
            Commitment(
                team_id=cast.team.id,
                user=cast.ada,
                take=mine,
                words="Ask before I tell",
                due_on=date(2026, 12, 1),
                state=CommitmentState.AGREED,
                created_at=db.now(),
            ),
        ]
    )
    calendars.renew(cast.ada)
    session.commit()
    token = str(cast.ada.calendar_token)
    nobody = client_of(None)
    assert feed(nobody, token) == {
        "Drill: Price": set_for_all.due_on,
        "Review: Demo": until,
        "Review: Vendor": until,
        "Agreed: Ask before I tell": date(2026, 12, 1),
    }
    words = nobody.get(f"/calendar/{token}.ics").get_data(as_text=True)
    assert not any(person.first_name in words for person in (cast.ada, cast.jonas, cast.mona, cast.cole))


def test_a_new_address_ends_the_old_one(session: Session, cast: Cast, client_of: ClientOf) -> None:
    ada = client_of(cast.ada)
    tokens = []
    for _ in range(2):
        ada.post("/account/calendar")
        session.expire_all()
        tokens.append(cast.ada.calendar_token)
    assert tokens[0] != tokens[1]
    assert client_of(None).get(f"/calendar/{tokens[0]}.ics").status_code == 404
    assert client_of(None).get(f"/calendar/{tokens[1]}.ics").status_code == 200
    assert f"/calendar/{tokens[1]}.ics" in ada.get("/account").get_data(as_text=True)
    cast.ada.deactivated_at = db.now()
    session.commit()
    assert client_of(None).get(f"/calendar/{tokens[1]}.ics").status_code == 404


def test_letters_have_hours_and_each_its_own_switch(
    session: Session, cast: Cast, client_of: ClientOf, settings: Settings
) -> None:
    ada = client_of(cast.ada)
    chosen = {"wants_mail": "1", "wants_digest": "1", "quiet_from": "22:00", "quiet_until": "07:00"}
    ada.post("/account/mail", data=chosen)
    assert 'value="22:00"' in ada.get("/account").get_data(as_text=True)
    answer = ada.post("/account/mail", data=chosen | {"quiet_until": ""})
    assert answer.status_code == 400 and "Give both hours" in answer.get_data(as_text=True)

    token = subscribing.token_of(cast.ada, settings.secret_key.get_secret_value(), subscribing.DIGEST)
    client_of(None).post(f"/mail/off/digest/{token}")
    session.expire_all()
    assert (cast.ada.wants_mail, cast.ada.wants_digest) == (True, False)
