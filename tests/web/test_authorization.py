"""Who may do what: every endpoint, on things of every kind, asked by everybody.

A row is an endpoint, the thing, what is sent, and what each person is answered: `ok` (it works),
`in` (the way leads to the sign-in page, or 401 for our scripts), else the status.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from pitchreview import db
from pitchreview.config import Settings
from pitchreview.db import make_session_factory
from tests.conftest import empty_tables
from tests.web.world import (
    CRITERION_ID,
    LEVEL_ID,
    PASSWORD,
    REVIEW_ID,
    SIGNED_OUT,
    UNDISPUTED_ID,
    UNDISPUTED_LEVEL_ID,
    Builder,
    World,
)

PEOPLE = (SIGNED_OUT, "zoe", "ada", "jonas", "cole", "mona", "olga")

# What people are to a thing of Ada's team, in the order of PEOPLE.
EVERYBODY = "ok ok ok ok ok ok ok"
SIGNED_IN = "in ok ok ok ok ok ok"
IN_A_TEAM = "in ok ok ok ok ok 404"
MANAGERS = "in ok 403 403 403 ok 404"  # Zoe manages her own team
TEAM = "in 404 ok ok ok ok 404"
TEAMS_MANAGER = "in 404 403 403 403 ok 404"
OPERATOR = "in 403 403 403 403 403 ok"
NOBODY = "in 404 404 404 404 404 404"


@dataclass(frozen=True)
class Row:
    endpoint: str
    thing: str
    answers: str
    sent: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.endpoint}({self.thing})"


def row(endpoint: str, thing: str, answers: str, *, json: Any = None, **form: Any) -> Row:
    sent = {"json": json} if json is not None else {"data": form} if form else {}
    return Row(endpoint, thing, answers, sent)


# endpoint -> what its addresses name
MEDIA_THINGS = {
    "media.ladder": "recording",
    "media.storyboard": "recording",
    "media.growing": "recording",
    "media.show": "rung",
    "media.rung": "rung",
    "media.live_segment": "segment",
}

#                                                              out zoe ada jonas cole mona olga
TAKES = [
    row("takes.index", "", IN_A_TEAM),
    row("takes.team", "", "in ok 403 403 ok ok 404"),
    *(
        row(endpoint, thing, answers)
        for endpoint in ("takes.show", "takes.stage", "takes.brief", "comments.index", "comments.marks")
        for thing, answers in (
            ("submitted", "in 404 ok 404 ok ok 404"),
            ("practice", "in 404 ok 404 404 404 404"),
            ("shared", "in 404 ok ok ok ok 404"),
            ("broken", "in 404 ok 404 404 404 404"),
            ("deleted", NOBODY),
            ("guest's", "in 404 404 404 ok ok 404"),
            ("uploaded for ada", "in 404 ok 404 ok ok 404"),
            ("practice uploaded for ada", "in 404 ok 404 404 ok 404"),
            ("on its way for ada", "in 404 ok 404 404 ok 404"),
            ("taken back take", "in 404 ok 404 404 404 404"),
        )
    ),
    row("visits.update", "submitted", "in 404 ok 404 ok ok 404", json={"watched": [[0, 1000]]}),
    row("visits.update", "practice", "in 404 ok 404 404 404 404", json={}),
    row("takes.submit", "practice", "in 404 ok 404 404 404 404"),
    row("takes.submit", "practice uploaded for ada", "in 404 ok 404 404 ok 404"),
    row("takes.take_back", "submitted", "in 404 ok 404 403 403 404"),
    row("takes.take_back", "guest's", "in 404 404 404 403 ok 404"),
    row("takes.share", "submitted", "in 404 ok 404 403 403 404", shared="1"),
    row("takes.share", "shared", "in 404 ok 403 403 403 404", shared="0"),
    row("beats.update", "submitted", "in 404 ok 404 ok ok 404"),
    row("beats.update", "practice", "in 404 ok 404 404 404 404"),
    row("beats.update", "shared", "in 404 ok 403 ok ok 404"),
    row("beats.update", "deleted", NOBODY),
    row("takes.retry", "broken", "in 404 ok 404 404 404 404"),
    row("takes.retry", "submitted", "in 404 409 404 403 403 404"),
    row("takes.trim", "practice", "in 404 ok 404 404 404 404", from_ms="0", until_ms="5000"),
    row("takes.trim", "submitted", "in 404 409 404 403 403 404", from_ms="0", until_ms="5000"),
    row("takes.trim", "shared", "in 404 409 403 403 403 404", from_ms="0", until_ms="5000"),
    row("takes.trim", "deleted", NOBODY, from_ms="0", until_ms="5000"),
    row("takes.arrange", "practice with a screen", "in 404 ok 404 404 404 404", layout="screen"),
    row("takes.arrange", "practice", "in 404 409 404 404 404 404", layout="screen"),
    row("takes.arrange", "submitted", "in 404 409 404 403 403 404", layout="screen"),
    row("files.show", "submitted", "in 404 ok 404 403 403 404"),
    row("files.show", "practice", "in 404 ok 404 404 404 404"),
    row("files.show", "uploaded for ada", "in 404 ok 404 403 ok 404"),
    row("files.cancel", "in work", "in 404 ok 404 403 403 404"),
    row("files.cancel", "submitted", "in 404 409 404 403 403 404"),
    row("files.redo", "rung of a file, submitted", "in 404 ok 404 403 403 404"),
    row("files.redo", "rung of a file, practice", "in 404 ok 404 404 404 404"),
    row("files.redo", "rung of a file, deleted", NOBODY),
    row("files.download", "submitted", "in 404 ok 404 403 403 404"),
    row("files.download", "practice", "in 404 ok 404 404 404 404"),
    row("files.download", "shared", "in 404 ok 403 403 403 404"),
    row("files.download", "deleted", NOBODY),
    row("files.download_source", "file as sent, submitted", "in 404 ok 404 403 403 404"),
    row("files.download_source", "file as sent, practice", "in 404 ok 404 404 404 404"),
    row("files.download_source", "file as sent, shared", "in 404 ok 403 403 403 404"),
    row("files.download_source", "file as sent, deleted", NOBODY),
    row("takes.delete", "practice", "in 404 ok 404 404 404 404"),
    row("takes.delete", "submitted", "in 404 ok 404 403 403 404"),
    row("takes.delete", "shared", "in 404 ok 403 403 403 404"),
    row("takes.delete", "deleted", NOBODY),
    row("takes.restore", "deleted", "in 404 ok 404 404 404 404"),
    row("takes.restore", "submitted", NOBODY),
    row("pitches.show", "pitch, submitted", "in 404 ok 404 ok ok 404"),
    row("pitches.show", "pitch, practice", "in 404 ok 404 404 404 404"),
    row("pitches.show", "pitch, shared", "in 404 ok ok ok ok 404"),
    row("pitches.show", "pitch, guest's", "in 404 404 404 ok ok 404"),
]
MEDIA_ROWS = [
    *(
        row(endpoint, f"{kind}, {thing}", answers)
        for endpoint, kind in MEDIA_THINGS.items()
        for thing, answers in (
            ("submitted", "in 404 ok 404 ok ok 404"),
            ("practice", "in 404 ok 404 404 404 404"),
            ("shared", "in 404 ok ok ok ok 404"),
            ("deleted", NOBODY),
            ("given take", "in 404 ok ok ok ok 404"),
            ("asked take", "in 404 ok 404 ok ok 404"),
            ("withdrawn take", "in 404 ok 404 ok ok 404"),
            ("taken down take", "in 404 ok 404 ok ok 404"),
            ("held up and deleted take", NOBODY),
            ("taken back take", "in 404 ok 404 404 404 404"),
            ("cole's unposted reply", NOBODY),
            ("cole's posted reply", "in 404 ok 404 ok ok 404"),
            ("cole's deleted reply", NOBODY),
        )
    ),
    row("live.stream", "live, submitted", "in 404 ok 404 ok ok 404"),
    row("live.stream", "live, practice", "in 404 ok 404 404 404 404"),
    row("live.stream", "live, shared", "in 404 ok ok ok ok 404"),
    row("live.stream", "live, deleted", NOBODY),
]
COMMENTS = [
    row("comments.create", "submitted", "in 404 ok 404 ok ok 404", body="Ask.", at_ms="0"),
    row("comments.create", "practice", "in 404 403 404 404 404 404", body="Ask.", at_ms="0"),
    row("comments.create", "shared", "in 404 ok ok ok ok 404", body="Ask.", at_ms="0"),
    row("comments.create", "deleted", NOBODY, body="Ask.", at_ms="0"),
    row("comments.reply", "cole's comment", "in 404 ok 404 ok ok 404", body="I will."),
    row("comments.reply", "jonas's comment", "in 404 ok ok ok ok 404", body="I will."),
    row("comments.update", "cole's comment", "in 404 403 404 ok 403 404", body="Wait.", version="1"),
    row("comments.update", "ada's comment", "in 404 ok 404 403 403 404", body="Wait.", version="1"),
    row("comments.update", "jonas's comment", "in 404 403 ok 403 403 404", body="Wait.", version="1"),
    row("comments.update", "cole's deleted comment", "in 404 403 404 403 403 404", body="Wait.", version="1"),
    row("comments.delete", "cole's comment", "in 404 403 404 ok 403 404"),
    row("comments.delete", "jonas's comment", "in 404 403 ok 403 403 404"),
    row("comments.restore", "cole's deleted comment", "in 404 403 404 ok 403 404"),
    row("comments.share", "cole's comment", "in 404 403 404 ok 403 404"),
    row("comments.share", "cole's draft", "in 404 404 404 ok 404 404"),
    row("comments.resolve", "cole's comment", "in 404 ok 404 ok ok 404"),
    row("comments.resolve", "jonas's comment", "in 404 ok ok ok ok 404"),
    row("comments.reopen", "cole's comment", "in 404 ok 404 ok ok 404"),
    row("comments.history", "cole's comment", "in 404 ok 404 ok ok 404"),
    row("comments.history", "cole's draft", "in 404 404 404 ok 404 404"),
    row("comments.history", "cole's deleted comment", "in 404 404 404 404 404 404"),
    *(
        row(f"attaching.{what}", thing, answers)
        for what in ("people", "criteria", "exemplars")
        for thing, answers in (
            ("submitted", "in 404 ok 404 ok ok 404"),
            ("practice", "in 404 403 404 404 404 404"),
            ("shared", "in 404 ok ok ok ok 404"),
            ("deleted", NOBODY),
        )
    ),
    row("comparing.hear", "cole's comment", "in 404 ok 404 ok ok 404"),
    row("comparing.hear", "jonas's comment", "in 404 ok ok ok ok 404"),
    row("comparing.hear", "cole's draft", "in 404 404 404 ok 404 404"),
    row("comparing.hear", "cole's deleted comment", NOBODY),
    row("attaching.clip", "given exemplar", TEAM),
    row("attaching.clip", "asked exemplar", NOBODY),
    row("attaching.clip", "exemplar of a taken back take", "in 404 ok 404 404 404 404"),
    row("phrases.index", "", SIGNED_IN),
    row("phrases.create", "", SIGNED_IN, body="Ask first."),
    row("phrases.use", "cole's phrase", "in 404 404 404 ok 404 404"),
    row("phrases.delete", "cole's phrase", "in 404 404 404 ok 404 404"),
    row("drafts.index", "submitted", "in 404 ok 404 ok ok 404"),
    row("drafts.index", "practice", "in 404 ok 404 404 404 404"),
    row("drafts.keep", "draft, submitted", "in 404 ok 404 ok ok 404", json={"body": "Ask."}),
    row("drafts.keep", "draft, practice", "in 404 403 404 404 404 404", json={"body": "Ask."}),
    row("drafts.drop", "draft, submitted", "in 404 ok 404 ok ok 404"),
    row("drafts.drop", "draft, practice", "in 404 ok 404 404 404 404"),
]
LEVEL = {"criterion_id": str(CRITERION_ID), "level_id": str(LEVEL_ID)}
DISPUTED = {"score": f"{REVIEW_ID}:{UNDISPUTED_ID}", "reason": "I do ask."}
REVIEWS = [
    row("reviews.index", "", SIGNED_IN),
    row("reviews.go_on", "", SIGNED_IN),
    row("reviews.publish", "submitted", "in 404 403 404 ok ok 404", one_thing="Ask one question."),
    row("reviews.publish", "shared", "in 404 403 403 ok ok 404", one_thing="Ask one question."),
    row("reviews.publish", "practice", "in 404 403 404 404 404 404", one_thing="Ask one question."),
    row("reviews.of_take", "submitted", "in 404 ok 404 ok ok 404"),
    row("reviews.of_take", "shared", "in 404 ok ok ok ok 404"),
    row("reviews.finish", "submitted", "in 404 403 404 ok ok 404"),
    row("reviews.finish", "shared", "in 404 403 403 ok ok 404"),
    row("reviews.scores", "submitted", "in 404 ok 404 ok ok 404"),
    row("reviews.scores", "shared", "in 404 ok 403 ok ok 404"),
    row("reviews.scores", "practice", "in 404 ok 404 404 404 404"),
    row("reviews.score", "submitted", "in 404 403 404 ok ok 404", **LEVEL),
    row("reviews.score", "shared", "in 404 403 403 400 400 404"),
    row("reviews.walk", "submitted", "in 404 ok 404 403 403 404"),
    row("reviews.walk", "uploaded for ada", "in 404 ok 404 403 403 404"),
    row("reviews.walk", "guest's", "in 404 404 404 403 403 404"),
    row("reactions.toggle", "cole's comment", "in 404 ok 404 403 ok 404", kind="thanks"),
    row("reactions.toggle", "cole's comment", "in 404 ok 404 403 403 404", kind="helpful"),
    row("reactions.toggle", "jonas's comment", "in 404 ok 403 ok ok 404", kind="agree"),
    row("reactions.toggle", "cole's deleted comment", "in 404 409 404 409 409 404", kind="agree"),
    row("reactions.toggle", "cole's draft comment", "in 404 404 404 409 404 404", kind="agree"),
]
WAIT = {"words": "Wait."}
AGREEING = [
    *(
        row(f"self_assessments.{act}", thing, answers)
        for act in ("show", "save", "finish")
        for thing, answers in (
            ("submitted", "in 404 ok 404 403 403 404"),
            ("shared", "in 404 ok 403 403 403 404"),
            ("guest's", "in 404 404 404 403 403 404"),
        )
    ),
    row("self_assessments.save", "practice", "in 404 409 404 404 404 404"),
    row("commitments.index", "", IN_A_TEAM),
    row("commitments.new", "reviewed", "in 404 ok 404 403 403 404"),
    row("commitments.new", "practice", "in 404 403 404 404 404 404"),
    row("commitments.create", "reviewed", "in 404 ok 404 403 403 404", **WAIT),
    row("commitments.create", "shared", "in 404 ok 403 403 403 404", **WAIT),
    row("commitments.create", "practice", "in 404 403 404 404 404 404", **WAIT),
    row("commitments.agree", "cole's proposal", "in 404 ok 404 403 403 404"),
    row("commitments.decline", "cole's proposal", "in 404 ok 404 403 403 404"),
    row("commitments.drop", "ada's commitment", "in 404 ok 404 403 403 404"),
    row("commitments.drop", "cole's proposal", "in 404 409 404 403 403 404"),
    row("commitments.own_clips", "ada's commitment", "in 404 ok 404 ok ok 404"),
    row("commitments.clips", "ada's commitment in her later take", "in 404 ok 404 ok ok 404"),
    row(
        "commitments.prove",
        "ada's commitment in her later take",
        "in 404 403 404 ok ok 404",
        verdict="fixed",
        at="0:03",
    ),
    row("focuses.choose_for", "ada", "in 404 403 403 ok ok 404", criterion_id=str(CRITERION_ID)),
    row("focuses.change", "", "in 404 ok ok ok ok 404", criterion_id=str(CRITERION_ID)),
    row("disputes.create", "reviewed", "in 404 ok 404 403 403 404", **DISPUTED),
    row("disputes.answer", "ada's dispute", "in 404 403 404 ok ok 404", answer="It stays."),
    row("reviews.ask_why", "cole's review", "in 404 403 404 ok 403 404"),
    row("reviews.withdraw", "cole's review", "in 404 403 404 ok 403 404", reason="Too quick."),
    row("reviews.begin_again", "cole's review", "in 404 403 404 409 403 404"),
    row("reviews.begin_again", "cole's review that he took back", "in 404 404 404 ok 404 404"),
    row("flags.index", "", MANAGERS),
    row("flags.new", "cole's comment", "in 404 ok 404 403 ok 404"),
    row("flags.create", "cole's comment", "in 404 ok 404 403 ok 404"),
    row("flags.create", "cole's draft comment", "in 404 404 404 403 404 404"),
    row("flags.create", "jonas's comment", "in 404 ok 403 ok ok 404"),
    row("flags.settle", "ada's flag", "in 404 404 404 404 ok 404", words="We talked."),
]
ASKING = [
    row("requests.new", "practice", "in 404 ok 404 404 404 404"),
    row("requests.new", "submitted", "in 404 ok 404 403 403 404"),
    row("requests.new", "shared", "in 404 ok 403 403 403 404"),
    row("requests.new", "guest's", "in 404 404 404 403 ok 404"),
    row("requests.new", "uploaded for ada", "in 404 ok 404 403 403 404"),
    # Nobody is chosen: who may ask is told so.
    row("requests.create", "practice", "in 404 400 404 404 404 404"),
    row("requests.create", "submitted", "in 404 400 404 403 403 404"),
    row("requests.create", "shared", "in 404 400 403 403 403 404"),
    row("requests.ask_why", "request to jonas", "in 404 403 ok 404 404 404"),
    row("requests.decline", "request to jonas", "in 404 403 ok 404 404 404", reason="Away."),
    row("requests.decline", "request to cole", "in 404 403 404 ok 404 404"),
    row("requests.withdraw", "request to jonas", "in 404 ok 403 404 404 404"),
    row("requests.withdraw", "request to cole", "in 404 ok 404 403 404 404"),
    *(
        row(endpoint, "asked about", "in 404 ok ok ok ok 404")
        for endpoint in ("takes.show", "comments.index", "notifications.read_of_take", "exports.report")
    ),
    row("reviews.publish", "asked about", "in 404 403 ok ok ok 404", one_thing="Ask one question."),
    row("notifications.index", "", SIGNED_IN),
    row("notifications.count", "", SIGNED_IN),
    row("notifications.read_all", "", SIGNED_IN),
    row("notifications.read", "what jonas hears", "in 404 404 ok 404 404 404"),
    row("notifications.read", "what cole hears", "in 404 404 404 ok 404 404"),
    row("notifications.read_of_take", "practice", "in 404 ok 404 404 404 404"),
    row("accounts.choose_mail", "", SIGNED_IN, wants_mail="1"),
    row("notifications.ask_no_more", "link in a letter to jonas", EVERYBODY),
    row("notifications.no_more", "link in a letter to jonas", EVERYBODY),
    row("notifications.ask_no_digest", "link in a weekly letter to jonas", EVERYBODY),
    row("notifications.no_digest", "link in a weekly letter to jonas", EVERYBODY),
    row("notifications.no_digest", "link in a letter to jonas", " ".join(["404"] * 7)),
    row("live.stream", "live, jonas", "in 404 404 ok 404 404 404"),
]
EXPORTS = [
    row(endpoint, name.format(thing), answers)
    for endpoint, name in (
        ("exports.index", "{}"),
        ("exports.report", "{}"),
        ("exports.download", "vtt of {}"),
        ("exports.download", "csv of {}"),
        ("exports.download", "jsonld of {}"),
        ("exports.download", "edl of {}"),
    )
    for thing, answers in (
        ("submitted", "in 404 ok 404 ok ok 404"),
        ("practice", "in 404 ok 404 404 404 404"),
        ("shared", "in 404 ok ok ok ok 404"),
        ("guest's", "in 404 404 404 ok ok 404"),
        ("deleted", NOBODY),
    )
]
LINE = str(uuid4())
SCENARIO = {"title": "A", "stage": "objection", "prompt": "B", "target": "1:30"}
DUE_ON = (db.now() + timedelta(days=3)).date().isoformat()
SCENARIOS = [
    row("scenarios.index", "", IN_A_TEAM),
    row("scenarios.new", "", MANAGERS),
    row("scenarios.create", "", MANAGERS, **SCENARIO),
    row("scenarios.show", "scenario", TEAM),
    row("scenarios.studio", "scenario", TEAM),
    row("scenarios.edit", "scenario", TEAMS_MANAGER),
    row("scenarios.update", "scenario", TEAMS_MANAGER, **SCENARIO),
    row("scenarios.archive", "scenario", TEAMS_MANAGER),
    row("scenarios.check", "scenario", TEAMS_MANAGER),
]
DRILLS = [
    row("drills.index", "", IN_A_TEAM),
    row("drills.new", "", MANAGERS),
    row("drills.create", "scenario", TEAMS_MANAGER, due_on=DUE_ON),
    row("drills.show", "drill", TEAM),
    row("drills.show", "drill for ada", "in 404 ok 404 ok ok 404"),
    row("drills.show", "drill that opens later", "in 404 404 404 ok ok 404"),
    *(
        row(endpoint, drill, answers, **sent)
        for endpoint, sent in (
            ("drills.edit", {}),
            ("drills.update", {"due_on": DUE_ON}),
            ("drills.close", {}),
            ("drills.open_again", {}),
        )
        for drill, answers in (
            ("drill", TEAMS_MANAGER),
            ("drill for ada", "in 404 403 404 403 ok 404"),
            ("drill that opens later", "in 404 404 404 403 ok 404"),
        )
    ),
    row("series.new", "", MANAGERS),
    row("series.create", "", "in 400 403 403 403 400 404", name="Price talk"),
    row("series.show", "series", "in 404 404 404 ok ok 404"),
    row("digests.show", "", IN_A_TEAM),
    row("warm_ups.show", "", IN_A_TEAM),
    row("warm_ups.rate", "ada's warm-up", "in 404 ok 404 404 404 404", rating="3"),
    row("calendars.show", "ada's calendar", EVERYBODY),
    row("calendars.show", "a calendar of nobody", " ".join(["404"] * 7)),
    row("calendars.renew", "", SIGNED_IN),
    row("calendars.end", "", SIGNED_IN),
]
MESSAGE = {"kind": "value", "name": "A", "body": "B", "seen": "1", "why": "C"}
RUBRIC = {
    "name": "A",
    "level-1": "Not yet",
    "level-2": "Nearly",
    "level-3": "Yes",
    "criterion": LINE,
    f"name-{LINE}": "Opening",
} | {f"anchor-{LINE}-{number}": "Asks." for number in (1, 2, 3)}
STANDARDS = [
    row("messages.index", "", IN_A_TEAM),
    row("messages.new", "", MANAGERS),
    row("messages.create", "", MANAGERS, **MESSAGE),
    row("messages.show", "message", TEAM),
    row("messages.edit", "message", TEAMS_MANAGER),
    row("messages.update", "message", TEAMS_MANAGER, **MESSAGE),
    row("messages.still_right", "message", TEAMS_MANAGER),
    row("messages.still_right", "message that cole keeps", "in 404 403 403 ok ok 404"),
    row("messages.retire", "message", TEAMS_MANAGER),
    row("rubrics.index", "", IN_A_TEAM),
    row("rubrics.new", "", MANAGERS),
    row("rubrics.create", "", MANAGERS, **RUBRIC),
    row("rubrics.preview", "", MANAGERS, **RUBRIC),
    row("rubrics.show", "rubric", TEAM),
    row("rubrics.edit", "rubric", TEAMS_MANAGER),
    row("rubrics.update", "rubric", TEAMS_MANAGER, do="add", **RUBRIC),
    row("rubrics.retire", "rubric", TEAMS_MANAGER),
    row("rubrics.pin", "rubric", "in 404 403 403 403 400 404", level=str(LEVEL_ID)),
    row("uploads.create_prompt", "", MANAGERS, json={"file_name": "prompt.webm"}),
]
EXEMPLAR = {"title": "A", "why": "B"}
THOUGHT = {"at": "0:01", "thought": "Now be quiet."}
LIBRARY = [
    row("library.index", "", IN_A_TEAM),
    row("library.suggest", "", IN_A_TEAM),
    *(
        row("watching.look", exemplar, answers, json={"into_ms": 0, "begins": True})
        for exemplar, answers in (
            ("given exemplar", TEAM),
            ("asked exemplar", "in 404 ok 404 404 ok 404"),
            ("draft exemplar", "in 404 404 404 404 ok 404"),
            ("taken down exemplar", NOBODY),
            ("exemplar with partners given", "in ok ok ok ok ok 404"),
        )
    ),
    *(
        row("watching.take_over", exemplar, answers, words="Her silence.")
        for exemplar, answers in (
            ("given exemplar", TEAM),
            ("asked exemplar", "in 404 409 404 404 409 404"),
            ("withdrawn exemplar", "in 404 409 404 404 409 404"),
            ("taken down exemplar", NOBODY),
            ("exemplar with partners given", "in ok ok ok ok ok 404"),
        )
    ),
    row("exemplars.new", "submitted", "in 404 403 404 403 ok 404"),
    row("exemplars.new", "practice", "in 404 403 404 404 404 404"),
    row("exemplars.create", "submitted", "in 404 403 404 403 ok 404", **EXEMPLAR),
    row("exemplars.create", "practice", "in 404 403 404 404 404 404", **EXEMPLAR),
    row("exemplars.show", "given exemplar", TEAM),
    *(
        row("exemplars.show", f"{state} exemplar", "in 404 ok 404 404 ok 404")
        for state in ("asked", "declined", "withdrawn")
    ),
    row("exemplars.show", "taken down exemplar", NOBODY),
    row("exemplars.show", "exemplar of a deleted take", NOBODY),
    row("exemplars.show", "exemplar of a taken back take", "in 404 ok 404 404 404 404"),
    row("exemplars.edit", "given exemplar", TEAMS_MANAGER),
    row("exemplars.edit", "withdrawn exemplar", "in 404 403 404 404 ok 404"),
    row("exemplars.update", "given exemplar", TEAMS_MANAGER, **EXEMPLAR),
    row("exemplars.take_down", "given exemplar", TEAMS_MANAGER),
    row("consents.answer", "asked exemplar", "in 404 ok 404 404 403 404", answer="given"),
    row("consents.answer", "given exemplar", "in 404 ok 403 403 403 404", answer="withdrawn"),
    row("consents.answer", "withdrawn exemplar", "in 404 ok 404 404 403 404", answer="given"),
    row("exemplars.show", "draft exemplar", "in 404 404 404 404 ok 404"),
    row("exemplars.show", "scheduled exemplar", "in 404 ok 404 404 ok 404"),
    row("exemplars.show", "lapsed exemplar", "in 404 ok 404 404 ok 404"),
    row("exemplars.show", "exemplar with partners asked", TEAM),
    row("exemplars.show", "exemplar with partners given", "in ok ok ok ok ok 404"),
    row("exemplars.edit", "exemplar with partners given", "in 403 403 403 403 ok 404"),
    row("consents.answer", "exemplar with partners given", "in 403 ok 403 403 403 404", answer="withdrawn"),
    row("consents.answer", "lapsed exemplar", "in 404 ok 404 404 403 404", answer="given"),
    row("consents.answer_team", "partners asked", "in 404 ok 403 403 403 404", answer="given"),
    row("consents.answer_team", "partners given", "in 403 ok 403 403 403 404", answer="withdrawn"),
    row("consents.viewers", "given exemplar", "in 404 ok 403 403 403 404"),
    row("consents.viewers", "exemplar with partners given", "in 403 ok 403 403 403 404"),
    row("consents.index", "", SIGNED_IN),
    row("commentary.create", "given exemplar", "in 404 ok 403 403 403 404", **THOUGHT),
    row("commentary.create", "asked exemplar", "in 404 ok 404 404 403 404", **THOUGHT),
    row("commentary.create", "exemplar with partners given", "in 403 ok 403 403 403 404", **THOUGHT),
    row("commentary.update", "thought on the given exemplar", "in 404 ok 403 403 403 404", **THOUGHT),
    row("commentary.update", "thought on the asked exemplar", "in 404 ok 404 404 403 404", **THOUGHT),
    row("commentary.delete", "thought on the given exemplar", "in 404 ok 403 403 403 404"),
    row("commentary.delete", "thought on the withdrawn exemplar", "in 404 ok 404 404 403 404"),
    *(
        row("media.show", f"rung, {what}", answers)
        for what, answers in (
            ("clip of the given exemplar", TEAM),
            ("clip of the asked exemplar", NOBODY),
            ("clip of the declined exemplar", NOBODY),
            ("clip of the withdrawn exemplar", NOBODY),
            ("spoken over the given exemplar", TEAM),
            ("spoken over the asked exemplar", "in 404 ok 404 404 ok 404"),
            ("spoken over the withdrawn exemplar", "in 404 ok 404 404 ok 404"),
        )
    ),
    row("curating.desk", "", MANAGERS),
    row("curating.list_again", "", MANAGERS),
    row("curating.act", "", "in 400 403 403 403 400 404", act="tag", tags="Price"),
    row("curating.pass_over", "cole's comment", "in 404 403 404 403 ok 404"),
    row("curating.pass_over", "cole's draft comment", "in 404 404 404 403 404 404"),
    row("curating.exemplar_history", "given exemplar", TEAMS_MANAGER),
    row("curating.exemplar_history", "draft exemplar", "in 404 404 404 404 ok 404"),
    row("curating.exemplar_history", "exemplar with partners given", "in 403 403 403 403 ok 404"),
    row("curating.collection_history", "collection", TEAMS_MANAGER),
    row("features.index", "", MANAGERS),
    row("features.choose", "", "in 400 403 403 403 400 404", week="2026-01-05"),
    row("features.cancel", "a week", MANAGERS),
    row("tags.index", "", MANAGERS),
    row("tags.rename", "tag", TEAMS_MANAGER, name="Finance"),
    row("tags.mark_changed", "tag", TEAMS_MANAGER),
    row("tags.retire", "tag", TEAMS_MANAGER),
    row("figures.show", "", MANAGERS),
    row("figures.settle", "", TEAMS_MANAGER, key="price", how="recorded"),
    row("figures.uses", "given exemplar", TEAMS_MANAGER),
    row("collections.move", "collection", "in 404 403 403 403 400 404"),
    row("collections.remove", "moment on a shelf", TEAMS_MANAGER),
    row("collections.pin", "collection", TEAMS_MANAGER),
    row("collections.delete", "collection", TEAMS_MANAGER),
    row("collections.share", "collection", "in 404 403 403 403 400 404"),
    row("collections.unshare", "collection for partners", "in 403 403 403 403 ok 404"),
    row("collections.show", "shared collection", "in ok ok ok ok ok 404"),
    row("collections.update", "shared collection", "in 403 403 403 403 ok 404", title="Ours"),
    row("packs.new", "", IN_A_TEAM),
    row("packs.create", "", IN_A_TEAM),
    row("packs.show", "ada's pack", "in 404 ok 404 404 404 404"),
    row("packs.state", "ada's pack", "in 404 ok 404 404 404 404"),
    row("packs.state", "ada's pack that is over", NOBODY),
    row("packs.delete", "ada's pack", "in 404 ok 404 404 404 404"),
    row("packs.over", "", SIGNED_IN),
    row("packs.worker", "", EVERYBODY),
    row("clips.download", "given exemplar", TEAM),
    row("clips.download", "asked exemplar", NOBODY),
    row("clips.download", "withdrawn exemplar", NOBODY),
    row("clips.download", "exemplar with partners asked", TEAM),
    row("clips.download", "exemplar with partners given", "in ok ok ok ok ok 404"),
    row("clips.create", "given exemplar", TEAMS_MANAGER),
    row("clips.create", "asked exemplar", "in 404 403 404 404 409 404"),
    row("clips.create", "exemplar with partners given", "in 403 403 403 403 ok 404"),
    *(
        row("media.show", f"rung, {name}", answers)
        for name, answers in (
            ("draft exemplar's take", "in 404 ok 404 ok ok 404"),
            ("scheduled exemplar's take", "in 404 ok 404 ok ok 404"),
            ("lapsed exemplar's take", "in 404 ok 404 ok ok 404"),
            ("take with partners asked", "in 404 ok ok ok ok 404"),
            ("take with partners given", "in ok ok ok ok ok 404"),
        )
    ),
    row("collections.show", "collection", TEAM),
    row("collections.create", "", MANAGERS, title="Openings"),
    row("collections.update", "collection", TEAMS_MANAGER, title="Openings"),
]
COACHING = [
    row("coaching.index", "", MANAGERS),
    row("coaching.commitments", "", MANAGERS),
    row("coaching.overdue", "", MANAGERS),
    row("coaching.drills_of", "ada", "in 404 403 403 403 ok 404"),
    row("coaching.results", "drill", TEAMS_MANAGER),
    row("coaching.results_table", "drill", TEAMS_MANAGER),
    row("progress.mine", "", IN_A_TEAM),
    row("progress.of", "ada", "in 404 ok 403 ok ok 404"),
]

COMPARING = [
    *(
        row("comparing.show", f"{thing} beside the shared take", answers)
        for thing, answers in (
            ("submitted take", "in 404 ok 404 ok ok 404"),
            ("practice take", "in 404 ok 404 404 404 404"),
            ("shared take", TEAM),
            ("deleted take", NOBODY),
            ("given exemplar", TEAM),
            *(
                (f"{state} exemplar", "in 404 ok 404 404 ok 404")
                for state in ("asked", "declined", "withdrawn")
            ),
            ("taken down exemplar", NOBODY),
            ("exemplar of a deleted take", NOBODY),
            ("exemplar of a taken back take", "in 404 ok 404 404 404 404"),
        )
    ),
    *(
        row("comparing.choose", thing, answers)
        for thing, answers in (
            ("submitted", "in 404 ok 404 ok ok 404"),
            ("practice", "in 404 ok 404 404 404 404"),
            ("shared", TEAM),
            ("deleted", NOBODY),
        )
    ),
]
FILE = {"file_name": "pitch.mp4", "size_bytes": 10}
SPOKEN = {"file_name": "reply.webm"}
GUEST = FILE | {"presenter_name": "Grace Hall", "consent_note": "By e-mail on 3 May"}
SCREEN = {"file_name": "screen.webm", "role": "screen"}
UPLOADS = [
    row("uploads.create", "scenario", TEAM, json=FILE),
    row("uploads.create", "scenario", TEAMS_MANAGER, json=GUEST),
    row("uploads.create_open", "scenario", TEAM, json={"file_name": "pitch.webm"}),
    row("uploads.add_source", "take of a growing upload", "in 404 ok 404 404 404 404", json=SCREEN),
    row("uploads.add_source", "on its way for ada", "in 404 403 404 404 ok 404", json=SCREEN),
    row("uploads.add_source", "submitted", "in 404 409 404 403 403 404", json=SCREEN),
    row("uploads.show", "open upload", "in 404 ok 404 404 404 404"),
    row("uploads.show", "growing upload", "in 404 ok 404 404 404 404"),
    row("uploads.sign", "open upload", "in 404 ok 404 404 404 404", json={"numbers": [1]}),
    row("uploads.sign", "growing upload", "in 404 ok 404 404 404 404", json={"numbers": [2]}),
    row("uploads.complete", "whole upload", "in 404 ok 404 404 404 404", json={}),
    row("uploads.complete", "growing upload", "in 404 400 404 404 404 404", json={}),
    row("uploads.complete", "grown upload", "in 404 ok 404 404 404 404", json={"size_bytes": 10}),
    row("uploads.destroy", "dropped upload", "in 404 ok 404 404 404 404"),
    row("uploads.create_reply", "submitted", "in 404 ok 404 ok ok 404", json=SPOKEN),
    row("uploads.create_reply", "practice", "in 404 403 404 404 404 404", json=SPOKEN),
    row("uploads.create_reply", "shared", "in 404 ok ok ok ok 404", json=SPOKEN),
    row("uploads.create_reply", "deleted", NOBODY, json=SPOKEN),
    *(
        row("uploads.show", f"upload of cole's {kind} reply", "in 404 404 404 ok 404 404")
        for kind in ("unposted", "posted", "deleted")
    ),
    row("uploads.destroy", "upload of cole's unposted reply", "in 404 404 404 ok 404 404"),
    row("uploads.destroy", "upload of cole's posted reply", "in 404 404 404 409 404 404"),
]
NINA = {"name": "Nina Sand", "password": PASSWORD}
PASSWORDS = {"old": PASSWORD, "password": "another-long-password"}
ACCOUNTS = [
    row("home.show", "", SIGNED_IN),
    row("accounts.show", "", SIGNED_IN),
    row("accounts.update", "", SIGNED_IN, name="Somebody", time_zone="Europe/Berlin"),
    row("accounts.keep_habits", "", SIGNED_IN, json={"speed": 1.5}),
    row("accounts.change_password", "", SIGNED_IN, **PASSWORDS),
    row("accounts.revoke_session", "ada's other session", "in 404 ok 404 404 404 404"),
    row("accounts.revoke_others", "", SIGNED_IN),
]
TEAMS = [
    row("teams.show", "", IN_A_TEAM),
    row("teams.switch", "team", TEAM),
    row("teams.change_role", "jonas's membership", TEAMS_MANAGER, role="coach"),
    row("teams.end_membership", "jonas's membership", TEAMS_MANAGER),
    row("teams.resume_membership", "former membership", TEAMS_MANAGER),
    row("teams.leave", "", "in 409 ok ok ok 409 404"),  # a team keeps its last manager
    row("invitations.new", "", MANAGERS),
    row("invitations.create", "", MANAGERS, emails="otto@example.com", role="rep"),
    row("invitations.revoke", "invitation", TEAMS_MANAGER),
    row("invitations.show", "invitation link", EVERYBODY),
    # For Nina's address alone: somebody new may be Nina, those who are signed in are not.
    row(
        "invitations.accept", "invitation link", "ok 400 400 400 400 400 400", name="Nina", password=PASSWORD
    ),
]
SITE = [
    row("operator.show", "", OPERATOR),
    row("operator.make_reset_link", "jonas", OPERATOR),
    row("operator.close", "jonas", OPERATOR),
    row("operator.reopen", "jonas", OPERATOR),
    row("operator.create_team", "", OPERATOR, name="New", manager="otto@example.com"),
]
DOORS = [
    row("sessions.new", "", EVERYBODY),
    row("sessions.create", "", EVERYBODY, email="ada@example.com", password=PASSWORD),
    row("sessions.destroy", "", "in in in in in in in"),
    row("resets.new", "", EVERYBODY),
    row("resets.create", "", EVERYBODY, email="ada@example.com"),
    row("resets.edit", "reset link", EVERYBODY),
    row("resets.update", "reset link", "in in in in in in in", password="another-long-password"),
    row("welcome.show", "welcome link", "404 404 404 404 404 404 404"),
    row("welcome.create", "welcome link", "404 404 404 404 404 404 404"),
    row("health.healthz", "", EVERYBODY),
    row("health.readyz", "", EVERYBODY),
]
TAKES_MANAGER = "in 404 403 404 403 ok 404"
EYES_LEVEL = {
    f"level-{CRITERION_ID}": str(LEVEL_ID),
    f"reason-{CRITERION_ID}": "See 0:12.",
    f"level-{UNDISPUTED_ID}": str(UNDISPUTED_LEVEL_ID),
    f"reason-{UNDISPUTED_ID}": "See 0:40.",
}
QUEUES = [
    row("assignments.create", "submitted", "in 404 403 404 ok ok 404"),
    row("assignments.create", "shared", "in 404 403 403 ok ok 404"),
    row("assignments.create", "practice", "in 404 403 404 404 404 404"),
    *(
        row(endpoint, thing, answers)
        for endpoint in ("assignments.ask_why", "assignments.give_back")
        for thing, answers in (
            ("cole's assignment", "in 404 404 404 ok 403 404"),
            ("jonas's assignment", "in 404 404 ok 404 403 404"),
            ("cole's check", "in 404 404 404 ok 404 404"),
        )
    ),
    row("takes.show", "take of jonas's assignment", "in 404 ok ok ok ok 404"),
    row("takes.show", "take of cole's assignment", "in 404 ok 404 ok ok 404"),
    row("availability.mine", "", IN_A_TEAM),
    row("availability.set_minutes", "", IN_A_TEAM, weekly_minutes="30"),
    row("availability.add_absence", "", IN_A_TEAM, from_on="2026-03-02"),
    row("availability.drop_absence", "ada's day off", SIGNED_IN),
    row("availability.team", "", MANAGERS),
    row("availability.set_rules", "", MANAGERS, check_percent="5"),
    row("availability.set_minutes_of", "jonas's membership", TEAMS_MANAGER, weekly_minutes="30"),
    row("availability.add_conflict", "", "in 400 403 403 403 400 404"),
    row("availability.drop_conflict", "conflict", MANAGERS),
    row("calibrations.index", "", "in ok 403 403 ok ok 404"),
    row("calibrations.show", "standard", "in 404 404 404 ok ok 404"),
    row("calibrations.show", "check standard", "in 404 404 404 404 409 404"),
    row("calibrations.create", "standard", "in 404 404 404 ok ok 404", **EYES_LEVEL),
    row("calibrations.create", "check standard", "in 404 404 404 404 409 404", **EYES_LEVEL),
    row("calibrations.result", "cole's try of the standard", "in 404 404 404 ok 404 404"),
    row("calibrations.result", "cole's try of the check standard", "in 404 404 404 ok 404 404"),
    row("calibrations.of_check", "checked take", "in 404 403 404 ok 404 404"),
    row("standards.index", "", MANAGERS),
    row("standards.choose", "", MANAGERS),
    row("standards.edit", "submitted", TAKES_MANAGER),
    row("standards.update", "submitted", TAKES_MANAGER, **EYES_LEVEL),
    *(
        row(endpoint, thing, answers)
        for endpoint in ("standards.retire", "standards.bring_back")
        for thing, answers in (
            ("standard", "in 404 404 404 403 ok 404"),
            ("check standard", "in 404 404 404 404 ok 404"),
        )
    ),
]
TABLE = [
    *QUEUES,
    *DRILLS,
    *(TAKES + MEDIA_ROWS + COMMENTS + REVIEWS + AGREEING + ASKING + EXPORTS + SCENARIOS + STANDARDS),
    *(LIBRARY + COACHING + COMPARING + UPLOADS + ACCOUNTS + TEAMS + SITE + DOORS),
]


@pytest.fixture(scope="module")
def world(app: Flask, engine: Engine, settings: Settings) -> Iterator[World]:
    empty_tables(engine)
    with make_session_factory(engine)() as session:
        yield Builder(app, session, settings).build()


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_everybody_is_answered_as_the_table_says(world: World, row: Row) -> None:
    answers = {who: _outcome(world.ask(who, row.endpoint, row.thing, **row.sent)) for who in PEOPLE}
    assert answers == dict(zip(PEOPLE, row.answers.split(), strict=True))


def _outcome(response: TestResponse) -> str:
    if response.status_code == 401 or response.headers.get("Location", "").startswith("/sign-in"):
        return "in"
    return "ok" if response.status_code < 400 else str(response.status_code)


def test_every_route_has_a_row(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - {"static"} == {row.endpoint for row in TABLE}


def test_an_endpoint_answers_to_one_method_so_that_its_rows_cover_it(app: Flask) -> None:
    methods = {
        rule.endpoint: (rule.methods or set()) - {"HEAD", "OPTIONS"} for rule in app.url_map.iter_rules()
    }
    assert {endpoint: found for endpoint, found in methods.items() if len(found) != 1} == {}
