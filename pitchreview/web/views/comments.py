"""Remarks pinned to moments; answers are the page's own partials."""

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import naming, reading, reviewing
from pitchreview.errors import InvalidInput, NotFound
from pitchreview.models import Comment, CommentKind, Take
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer, wants_fragment
from pitchreview.web.filters import version
from pitchreview.web.pages import naming_of

bp = Blueprint("comments", __name__)


# So many threads are asked for at once.
MOST_THREADS = 100


@bp.get("/takes/<uuid:take_id>/comments")
@login_required
def index(take_id: UUID) -> ResponseReturnValue:
    """Threads of a take as the page shows them: those that are named (`?id=…&id=…`), else the first ones."""
    take = find.take(take_id)
    named = [_id(text) for text in request.args.getlist("id")]
    ids = (named or [place.id for place in reading.outline_of(db(), take, viewer())])[:MOST_THREADS]
    threads = reading.threads_of(db(), take, viewer(), ids)
    return render_template("comments/_list.html", take=take, threads=threads)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput("There is no such comment.") from error


@bp.get("/takes/<uuid:take_id>/marks")
@login_required
def marks(take_id: UUID) -> ResponseReturnValue:
    """All threads of a take in a few words each; a page then asks for those that changed."""
    take = find.take(take_id)
    names = naming_of(take)
    return {"marks": [_mark(mark, names) for mark in reading.marks_of(db(), take, viewer())]}


def _mark(mark: reading.Mark, names: naming.Naming) -> dict[str, Any]:
    author = names.of_id(mark.author_id, mark.author_name)
    return {
        "id": str(mark.id),
        "at": mark.at_ms,
        "until": mark.until_ms,
        "kind": mark.kind or "",
        "author": author.key,
        "name": author.name,
        "criterion": mark.criterion_id and str(mark.criterion_id),
        "version": version(mark.changed_at),
        "resolved": mark.resolved_at is not None,
        "gone": mark.is_deleted,
    }


@bp.post("/takes/<uuid:take_id>/comments")
@login_required
def create(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.COMMENT)
    at_ms = forms.integer("at_ms")
    if at_ms is None:
        raise InvalidInput("A comment belongs to a moment.", field="at_ms")
    new = reviewing.NewComment(
        body=request.form.get("body", ""),
        at_ms=at_ms,
        until_ms=forms.integer("until_ms"),
        kind=_kind(),
        instead=request.form.get("instead", ""),
        client_key=_client_key(),
        recording_id=forms.one_id("recording_id"),
        drawing=_drawing(),
        is_private=forms.text("is_private") == "1",
        criterion_id=forms.one_id("criterion_id"),
        exemplar_id=forms.one_id("exemplar_id"),
        mention_ids=forms.ids("mention"),
    )
    remark = reviewing.comment(db(), take, viewer(), new)
    db().commit()
    return _thread(take, remark, status=201)


@bp.post("/comments/<uuid:comment_id>/replies")
@login_required
def reply(comment_id: UUID) -> ResponseReturnValue:
    parent = find.comment(comment_id)
    take = find.take(parent.take_id, Act.COMMENT)
    body, recording_id = request.form.get("body", ""), forms.one_id("recording_id")
    mentioned = forms.ids("mention")
    remark = reviewing.reply(db(), parent, viewer(), body, _client_key(), recording_id, mentioned)
    db().commit()
    return _thread(take, remark, status=201)


@bp.post("/comments/<uuid:comment_id>")
@login_required
def update(comment_id: UUID) -> ResponseReturnValue:
    remark = find.comment(comment_id, Act.REWRITE_COMMENT)
    reviewing.rewrite(
        db(),
        remark,
        body=request.form.get("body", ""),
        instead=request.form.get("instead", ""),
        kind=_kind(),
        version=forms.integer("version") or 0,
        mention_ids=forms.ids("mention"),
    )
    db().commit()
    return _thread(remark.take, remark)


@bp.post("/comments/<uuid:comment_id>/deletion")
@login_required
def delete(comment_id: UUID) -> ResponseReturnValue:
    remark = find.comment(comment_id, Act.REWRITE_COMMENT)
    reviewing.delete_comment(db(), remark)
    db().commit()
    return _thread(remark.take, remark)


@bp.post("/comments/<uuid:comment_id>/restoration")
@login_required
def restore(comment_id: UUID) -> ResponseReturnValue:
    remark = find.comment(comment_id, Act.RESTORE_COMMENT)
    reviewing.undelete_comment(db(), remark)
    db().commit()
    return _thread(remark.take, remark)


@bp.post("/comments/<uuid:comment_id>/sharing")
@login_required
def share(comment_id: UUID) -> ResponseReturnValue:
    """Let a draft out before its review, or a private note at all."""
    remark = find.comment(comment_id, Act.REWRITE_COMMENT)
    reviewing.share(db(), remark)
    db().commit()
    return _thread(remark.take, remark)


@bp.post("/comments/<uuid:comment_id>/resolution")
@login_required
def resolve(comment_id: UUID) -> ResponseReturnValue:
    remark = find.comment(comment_id, Act.SETTLE_COMMENT)
    reviewing.resolve(db(), remark, viewer())
    db().commit()
    return _thread(remark.take, remark)


@bp.post("/comments/<uuid:comment_id>/reopening")
@login_required
def reopen(comment_id: UUID) -> ResponseReturnValue:
    remark = find.comment(comment_id, Act.SETTLE_COMMENT)
    reviewing.reopen(db(), remark)
    db().commit()
    return _thread(remark.take, remark)


@bp.get("/comments/<uuid:comment_id>/history")
@login_required
def history(comment_id: UUID) -> ResponseReturnValue:
    """What a comment said before its edits; nobody reads on in one that was deleted."""
    remark = find.comment(comment_id)
    if remark.is_deleted:
        raise NotFound("This comment was deleted.")
    return render_template("comments/_history.html", edits=remark.edits_shown_to(viewer()))


def _thread(take: Take, remark: Comment, status: int = 200) -> ResponseReturnValue:
    """The whole thread of a remark, empty when nothing is left; plain form posts go back to the room."""
    if not wants_fragment():
        return redirect(url_for("takes.show", take_id=take.id, c=remark.id))
    root_id = remark.parent_id or remark.id
    thread = next(iter(reading.threads_of(db(), take, viewer(), [root_id])), None)
    page = "" if thread is None else render_template("comments/_thread.html", take=take, thread=thread)
    return page, status


def _kind() -> CommentKind | None:
    return forms.choice("kind", CommentKind) if forms.text("kind") else None


def _drawing() -> list[Any] | None:
    written = forms.text("drawing")
    try:
        # What a full drawing takes, and twice that.
        return json.loads(written[:200_000]) if written else None
    except (ValueError, RecursionError) as error:
        raise InvalidInput("This drawing cannot be read. Draw it once more.", field="drawing") from error


def _client_key() -> str | None:
    return forms.text("client_key")[:80] or None
