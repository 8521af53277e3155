"""Nouns and their rules: no Flask, no boto3. Importing this module maps them all, parents first."""

from pitchreview.models.assignment import Absence, Assignment, AssignmentOrigin, AssignmentState, Conflict
from pitchreview.models.audit import AuditEntry
from pitchreview.models.beat_start import BeatStart
from pitchreview.models.collection import Collection, CollectionItem, CollectionTeam, Feature
from pitchreview.models.comment import Comment, CommentEdit, CommentKind, Mention, Reaction, ReactionKind
from pitchreview.models.commitment import Commitment, CommitmentState, Focus, Proof, Verdict
from pitchreview.models.draft import Draft
from pitchreview.models.drill import Drill, DrillPerson, DrillReviewer, ReviewersFrom, Series
from pitchreview.models.example import AnchorClip, ScenarioExample
from pitchreview.models.exemplar import Commentary, ConsentState, Exemplar, ExemplarShare, ExemplarTag
from pitchreview.models.learning import DrillExemplar, MissedSearch, Pack, PackItem, Takeaway, Viewing
from pitchreview.models.listing import Listing
from pitchreview.models.message import Message, MessageKind, MessageVersion
from pitchreview.models.notification import Notification, NotificationKind
from pitchreview.models.objection import Dispute, Flag
from pitchreview.models.phrase import Phrase
from pitchreview.models.pitch import Pitch
from pitchreview.models.rate import Rate
from pitchreview.models.recording import (
    PLAYED_KINDS,
    Layout,
    LiveSegment,
    Recording,
    RecordingState,
    Rendition,
    RenditionKind,
    Source,
    SourceRole,
    Step,
    StepName,
    StepState,
)
from pitchreview.models.request import Request
from pitchreview.models.review import Review, ReviewState, Score
from pitchreview.models.rhythm import Nudge, WarmUp, WarmUpRun
from pitchreview.models.rubric import Criterion, Level, Rubric
from pitchreview.models.scenario import Beat, KeyMessage, Scenario, ScenarioMessage, Stage
from pitchreview.models.self_assessment import SelfAssessment, SelfScore
from pitchreview.models.standard import Calibration, CalibrationScore, Standard, StandardScore
from pitchreview.models.suggestion import PassedOver
from pitchreview.models.tag import Facet, Tag
from pitchreview.models.take import Take
from pitchreview.models.team import Invitation, Membership, Role, Team
from pitchreview.models.user import PasswordReset, User, UserSession
from pitchreview.models.visit import Visit

__all__ = [
    "StandardScore",
    "Standard",
    "CalibrationScore",
    "Calibration",
    "SelfScore",
    "SelfAssessment",
    "ScenarioMessage",
    "WarmUpRun",
    "WarmUp",
    "Nudge",
    "Flag",
    "Dispute",
    "MessageVersion",
    "MessageKind",
    "Message",
    "ScenarioExample",
    "AnchorClip",
    "Series",
    "ReviewersFrom",
    "DrillReviewer",
    "DrillPerson",
    "Verdict",
    "Proof",
    "Focus",
    "CommitmentState",
    "Commitment",
    "Conflict",
    "AssignmentState",
    "AssignmentOrigin",
    "Assignment",
    "Absence",
    "PLAYED_KINDS",
    "AuditEntry",
    "Beat",
    "BeatStart",
    "Collection",
    "CollectionItem",
    "CollectionTeam",
    "Comment",
    "CommentEdit",
    "CommentKind",
    "Commentary",
    "ConsentState",
    "Criterion",
    "Draft",
    "Drill",
    "DrillExemplar",
    "Exemplar",
    "ExemplarShare",
    "ExemplarTag",
    "Facet",
    "Feature",
    "Invitation",
    "KeyMessage",
    "Layout",
    "Level",
    "Listing",
    "LiveSegment",
    "Membership",
    "Mention",
    "MissedSearch",
    "Notification",
    "NotificationKind",
    "Pack",
    "PackItem",
    "PassedOver",
    "PasswordReset",
    "Phrase",
    "Pitch",
    "Rate",
    "Reaction",
    "ReactionKind",
    "Recording",
    "RecordingState",
    "Rendition",
    "RenditionKind",
    "Request",
    "Review",
    "ReviewState",
    "Role",
    "Rubric",
    "Scenario",
    "Score",
    "Source",
    "SourceRole",
    "Stage",
    "Step",
    "StepName",
    "StepState",
    "Tag",
    "Take",
    "Takeaway",
    "Team",
    "User",
    "UserSession",
    "Viewing",
    "Visit",
]
