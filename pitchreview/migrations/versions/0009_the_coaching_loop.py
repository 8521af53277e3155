"""The coaching loop: standards, drills for people, assignments, commitments and what comes back

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


OLD_KINDS = "'feedback_ready', 'comment', 'reply', 'mention', 'request', 'declined', 'consent', 'withdrawn'"
KINDS_OF_NEWS = (
    f"{OLD_KINDS}, 'drill', 'drill_moved', 'drill_due', 'assigned', 'review_due', 'review_withdrawn', 'disputed',"
    " 'dispute_answered', 'flagged', 'flag_settled', 'proved', 'handed_on', 'card_due'"
)
STATES_OF_REVIEWS = "'draft', 'published', 'withdrawn', 'checked'"


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_absences_days")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_absences_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_user_id"), "absences", ["user_id"], unique=False)
    op.create_table(
        "conflicts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_conflicts_order")),
        sa.ForeignKeyConstraint(
            ["one_id"], ["users.id"], name=op.f("fk_conflicts_one_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["users.id"], name=op.f("fk_conflicts_other_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_conflicts_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
        sa.UniqueConstraint(
            "team_id", "one_id", "other_id", name=op.f("uq_conflicts_team_id_one_id_other_id")
        ),
    )
    op.create_index(op.f("ix_conflicts_one_id"), "conflicts", ["one_id"], unique=False)
    op.create_index(op.f("ix_conflicts_other_id"), "conflicts", ["other_id"], unique=False)
    op.create_table(
        "nudges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_nudges_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudges")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_nudges_user_id_key")),
    )
    op.create_index(op.f("ix_nudges_due_at"), "nudges", ["due_at"], unique=False)
    op.create_table(
        "series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_series_created_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_series_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_team_id"), "series", ["team_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "value",
                "differentiator",
                "insight",
                "question",
                "objection",
                name="messagekind",
                native_enum=False,
                create_constraint=True,
                length=None,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("must_say", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("avoid", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("tag_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("fk_messages_owner_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_messages_tag_id_tags"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_messages_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_owner_id"), "messages", ["owner_id"], unique=False)
    op.create_index(op.f("ix_messages_tag_id"), "messages", ["tag_id"], unique=False)
    op.create_index(op.f("ix_messages_team_id"), "messages", ["team_id"], unique=False)
    op.create_table(
        "focuses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_met", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["criteria.id"],
            name=op.f("fk_focuses_criterion_id_criteria"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["users.id"], name=op.f("fk_focuses_set_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_focuses_team_id_teams"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_focuses_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focuses")),
    )
    op.create_index(op.f("ix_focuses_criterion_id"), "focuses", ["criterion_id"], unique=False)
    op.create_index(op.f("ix_focuses_team_id"), "focuses", ["team_id"], unique=False)
    op.create_index(
        "uq_focuses_now",
        "focuses",
        ["user_id", "team_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "message_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("must_say", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("avoid", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_message_versions_message_id_messages"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["users.id"],
            name=op.f("fk_message_versions_written_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_versions")),
        sa.UniqueConstraint("message_id", "version", name=op.f("uq_message_versions_message_id_version")),
    )
    op.create_table(
        "scenario_messages",
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_scenario_messages_message_id_messages"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"],
            ["scenarios.id"],
            name=op.f("fk_scenario_messages_scenario_id_scenarios"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scenario_id", "message_id", name=op.f("pk_scenario_messages")),
    )
    op.create_index(
        op.f("ix_scenario_messages_message_id"), "scenario_messages", ["message_id"], unique=False
    )
    op.create_table(
        "warm_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        sa.Column("card", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["criteria.id"],
            name=op.f("fk_warm_ups_criterion_id_criteria"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"],
            ["scenarios.id"],
            name=op.f("fk_warm_ups_scenario_id_scenarios"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_warm_ups_team_id_teams"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_warm_ups_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warm_ups")),
        sa.UniqueConstraint(
            "user_id", "team_id", "line_id", name=op.f("uq_warm_ups_user_id_team_id_line_id")
        ),
    )
    op.create_index(op.f("ix_warm_ups_criterion_id"), "warm_ups", ["criterion_id"], unique=False)
    op.create_index(op.f("ix_warm_ups_scenario_id"), "warm_ups", ["scenario_id"], unique=False)
    op.create_index(op.f("ix_warm_ups_team_id"), "warm_ups", ["team_id"], unique=False)
    op.create_index("ix_warm_ups_user_id_due_at", "warm_ups", ["user_id", "due_at"], unique=False)
    op.create_table(
        "drill_people",
        sa.Column("drill_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["drill_id"], ["drills.id"], name=op.f("fk_drill_people_drill_id_drills"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_drill_people_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("drill_id", "user_id", name=op.f("pk_drill_people")),
    )
    op.create_index(op.f("ix_drill_people_user_id"), "drill_people", ["user_id"], unique=False)
    op.create_table(
        "drill_reviewers",
        sa.Column("drill_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["drill_id"], ["drills.id"], name=op.f("fk_drill_reviewers_drill_id_drills"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_drill_reviewers_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("drill_id", "user_id", name=op.f("pk_drill_reviewers")),
    )
    op.create_index(op.f("ix_drill_reviewers_user_id"), "drill_reviewers", ["user_id"], unique=False)
    op.create_table(
        "self_assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("take_id", sa.Uuid(), nullable=False),
        sa.Column("rubric_id", sa.Uuid(), nullable=True),
        sa.Column("strength", sa.Text(), nullable=False),
        sa.Column("strength_ms", sa.Integer(), nullable=True),
        sa.Column("to_try", sa.Text(), nullable=False),
        sa.Column("to_try_ms", sa.Integer(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("question_ms", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["rubric_id"],
            ["rubrics.id"],
            name=op.f("fk_self_assessments_rubric_id_rubrics"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["take_id"], ["takes.id"], name=op.f("fk_self_assessments_take_id_takes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_assessments")),
        sa.UniqueConstraint("take_id", name=op.f("uq_self_assessments_take_id")),
    )
    op.create_index(op.f("ix_self_assessments_rubric_id"), "self_assessments", ["rubric_id"], unique=False)
    op.create_table(
        "standards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("take_id", sa.Uuid(), nullable=False),
        sa.Column("rubric_id", sa.Uuid(), nullable=False),
        sa.Column("is_check", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["rubric_id"], ["rubrics.id"], name=op.f("fk_standards_rubric_id_rubrics"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["users.id"], name=op.f("fk_standards_set_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["take_id"], ["takes.id"], name=op.f("fk_standards_take_id_takes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_standards_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standards")),
        sa.UniqueConstraint("take_id", "rubric_id", name=op.f("uq_standards_take_id_rubric_id")),
    )
    op.create_index(op.f("ix_standards_rubric_id"), "standards", ["rubric_id"], unique=False)
    op.create_index(op.f("ix_standards_team_id"), "standards", ["team_id"], unique=False)
    op.create_table(
        "warm_up_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("warm_up_id", sa.Uuid(), nullable=False),
        sa.Column("take_id", sa.Uuid(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["take_id"], ["takes.id"], name=op.f("fk_warm_up_runs_take_id_takes"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["warm_up_id"],
            ["warm_ups.id"],
            name=op.f("fk_warm_up_runs_warm_up_id_warm_ups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warm_up_runs")),
    )
    op.create_index(op.f("ix_warm_up_runs_take_id"), "warm_up_runs", ["take_id"], unique=False)
    op.create_index(op.f("ix_warm_up_runs_warm_up_id"), "warm_up_runs", ["warm_up_id"], unique=False)
    op.create_table(
        "anchor_clips",
        sa.Column("level_id", sa.Uuid(), nullable=False),
        sa.Column("exemplar_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exemplar_id"],
            ["exemplars.id"],
            name=op.f("fk_anchor_clips_exemplar_id_exemplars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["levels.id"], name=op.f("fk_anchor_clips_level_id_levels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("level_id", name=op.f("pk_anchor_clips")),
    )
    op.create_index(op.f("ix_anchor_clips_exemplar_id"), "anchor_clips", ["exemplar_id"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("take_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("drill_id", sa.Uuid(), nullable=True),
        sa.Column("standard_id", sa.Uuid(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(
                "shared_out",
                "picked",
                "spread",
                "check",
                name="assignmentorigin",
                native_enum=False,
                create_constraint=True,
                length=None,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "handed_on",
                "given_back",
                "dropped",
                name="assignmentstate",
                native_enum=False,
                create_constraint=True,
                length=None,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["drill_id"], ["drills.id"], name=op.f("fk_assignments_drill_id_drills"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["users.id"], name=op.f("fk_assignments_reviewer_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"],
            ["standards.id"],
            name=op.f("fk_assignments_standard_id_standards"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["take_id"], ["takes.id"], name=op.f("fk_assignments_take_id_takes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_drill_id"), "assignments", ["drill_id"], unique=False)
    op.create_index("ix_assignments_reviewer_id_state", "assignments", ["reviewer_id", "state"], unique=False)
    op.create_index(op.f("ix_assignments_standard_id"), "assignments", ["standard_id"], unique=False)
    op.create_index(op.f("ix_assignments_take_id"), "assignments", ["take_id"], unique=False)
    op.create_index(
        "uq_assignments_open",
        "assignments",
        ["take_id", "reviewer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "calibrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("is_silent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("distance", sa.Double(), nullable=True),
        sa.Column("bias", sa.Double(), nullable=True),
        sa.Column("widest", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["standard_id"],
            ["standards.id"],
            name=op.f("fk_calibrations_standard_id_standards"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_calibrations_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
        sa.UniqueConstraint(
            "standard_id", "user_id", "attempt", name=op.f("uq_calibrations_standard_id_user_id_attempt")
        ),
    )
    op.create_index(op.f("ix_calibrations_user_id"), "calibrations", ["user_id"], unique=False)
    op.create_table(
        "disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("raised_by_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("was_level_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["users.id"],
            name=op.f("fk_disputes_answered_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["criteria.id"],
            name=op.f("fk_disputes_criterion_id_criteria"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["users.id"], name=op.f("fk_disputes_raised_by_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_disputes_review_id_reviews"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["was_level_id"], ["levels.id"], name=op.f("fk_disputes_was_level_id_levels"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("review_id", "criterion_id", name=op.f("uq_disputes_review_id_criterion_id")),
    )
    op.create_index(op.f("ix_disputes_criterion_id"), "disputes", ["criterion_id"], unique=False)
    op.create_index(op.f("ix_disputes_raised_by_id"), "disputes", ["raised_by_id"], unique=False)
    op.create_index(op.f("ix_disputes_was_level_id"), "disputes", ["was_level_id"], unique=False)
    op.create_table(
        "scenario_examples",
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        sa.Column("exemplar_id", sa.Uuid(), nullable=False),
        sa.Column("is_shown_after", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["exemplar_id"],
            ["exemplars.id"],
            name=op.f("fk_scenario_examples_exemplar_id_exemplars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"],
            ["scenarios.id"],
            name=op.f("fk_scenario_examples_scenario_id_scenarios"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scenario_id", name=op.f("pk_scenario_examples")),
    )
    op.create_index(
        op.f("ix_scenario_examples_exemplar_id"), "scenario_examples", ["exemplar_id"], unique=False
    )
    op.create_table(
        "self_scores",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("level_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["self_assessments.id"],
            name=op.f("fk_self_scores_assessment_id_self_assessments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["criteria.id"],
            name=op.f("fk_self_scores_criterion_id_criteria"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["levels.id"], name=op.f("fk_self_scores_level_id_levels"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "criterion_id", name=op.f("pk_self_scores")),
    )
    op.create_index(op.f("ix_self_scores_criterion_id"), "self_scores", ["criterion_id"], unique=False)
    op.create_index(op.f("ix_self_scores_level_id"), "self_scores", ["level_id"], unique=False)
    op.create_table(
        "standard_scores",
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("level_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["criteria.id"],
            name=op.f("fk_standard_scores_criterion_id_criteria"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["levels.id"], name=op.f("fk_standard_scores_level_id_levels"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"],
            ["standards.id"],
            name=op.f("fk_standard_scores_standard_id_standards"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("standard_id", "criterion_id", name=op.f("pk_standard_scores")),
    )
    op.create_index(
        op.f("ix_standard_scores_criterion_id"), "standard_scores", ["criterion_id"], unique=False
    )
    op.create_index(op.f("ix_standard_scores_level_id"), "standard_scores", ["level_id"], unique=False)
    op.create_table(
        "calibration_scores",
        sa.Column("calibration_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("level_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["calibrations.id"],
            name=op.f("fk_calibration_scores_calibration_id_calibrations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["criteria.id"],
            name=op.f("fk_calibration_scores_criterion_id_criteria"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["level_id"],
            ["levels.id"],
            name=op.f("fk_calibration_scores_level_id_levels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("calibration_id", "criterion_id", name=op.f("pk_calibration_scores")),
    )
    op.create_index(
        op.f("ix_calibration_scores_criterion_id"), "calibration_scores", ["criterion_id"], unique=False
    )
    op.create_index(op.f("ix_calibration_scores_level_id"), "calibration_scores", ["level_id"], unique=False)
    op.create_table(
        "commitments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("take_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("at_ms", sa.Integer(), nullable=True),
        sa.Column("until_ms", sa.Integer(), nullable=True),
        sa.Column("criterion_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "parked",
                "declined",
                "fixed",
                "dropped",
                name="commitmentstate",
                native_enum=False,
                create_constraint=True,
                length=None,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name=op.f("fk_commitments_comment_id_comments"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["criteria.id"],
            name=op.f("fk_commitments_criterion_id_criteria"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["users.id"],
            name=op.f("fk_commitments_proposed_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_commitments_review_id_reviews"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["take_id"], ["takes.id"], name=op.f("fk_commitments_take_id_takes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_commitments_team_id_teams"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_commitments_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index(op.f("ix_commitments_comment_id"), "commitments", ["comment_id"], unique=False)
    op.create_index(op.f("ix_commitments_criterion_id"), "commitments", ["criterion_id"], unique=False)
    op.create_index(op.f("ix_commitments_review_id"), "commitments", ["review_id"], unique=False)
    op.create_index(op.f("ix_commitments_take_id"), "commitments", ["take_id"], unique=False)
    op.create_index(op.f("ix_commitments_team_id"), "commitments", ["team_id"], unique=False)
    op.create_index(
        "ix_commitments_user_id_team_id_state", "commitments", ["user_id", "team_id", "state"], unique=False
    )
    op.create_table(
        "flags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("raised_by_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("hides", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_flags_comment_id_comments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["users.id"], name=op.f("fk_flags_raised_by_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["users.id"], name=op.f("fk_flags_settled_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
        sa.UniqueConstraint("comment_id", "raised_by_id", name=op.f("uq_flags_comment_id_raised_by_id")),
    )
    op.create_index(op.f("ix_flags_raised_by_id"), "flags", ["raised_by_id"], unique=False)
    op.create_table(
        "proofs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("take_id", sa.Uuid(), nullable=False),
        sa.Column("judged_by_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "fixed",
                "closer",
                "not_yet",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=None,
            ),
            nullable=False,
        ),
        sa.Column("at_ms", sa.Integer(), nullable=True),
        sa.Column("until_ms", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until_ms IS NULL OR until_ms > at_ms", name=op.f("ck_proofs_range")),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitments.id"],
            name=op.f("fk_proofs_commitment_id_commitments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["judged_by_id"], ["users.id"], name=op.f("fk_proofs_judged_by_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_proofs_review_id_reviews"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["take_id"], ["takes.id"], name=op.f("fk_proofs_take_id_takes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
        sa.UniqueConstraint(
            "commitment_id",
            "take_id",
            "judged_by_id",
            name=op.f("uq_proofs_commitment_id_take_id_judged_by_id"),
        ),
    )
    op.create_index(op.f("ix_proofs_judged_by_id"), "proofs", ["judged_by_id"], unique=False)
    op.create_index(op.f("ix_proofs_review_id"), "proofs", ["review_id"], unique=False)
    op.create_index(op.f("ix_proofs_take_id"), "proofs", ["take_id"], unique=False)
    op.add_column(
        "criteria",
        sa.Column("line_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.add_column("criteria", sa.Column("weight", sa.Integer(), server_default="1", nullable=False))
    op.create_index(op.f("ix_criteria_line_id"), "criteria", ["line_id"], unique=False)
    op.add_column("drills", sa.Column("rubric_id", sa.Uuid(), nullable=True))
    op.add_column("drills", sa.Column("focus_criterion_id", sa.Uuid(), nullable=True))
    op.add_column(
        "drills", sa.Column("practice_allowed", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column(
        "drills",
        sa.Column(
            "reviewers_from",
            sa.Enum(
                "coaches",
                "peers",
                "named",
                "managers",
                "pool",
                name="reviewersfrom",
                native_enum=False,
                create_constraint=True,
                length=None,
            ),
            server_default="pool",
            nullable=False,
        ),
    )
    op.add_column("drills", sa.Column("reviewers_count", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "drills", sa.Column("hides_reviewers", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "drills", sa.Column("hides_presenter", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "drills", sa.Column("for_team", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column("drills", sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("drills", sa.Column("due_on", sa.Date(), nullable=True))
    # The day as the one who set it read it.
    op.execute("""
        UPDATE drills SET due_on = (drills.due_at AT TIME ZONE coalesce(
            (SELECT users.time_zone FROM users WHERE users.id = drills.created_by_id), 'UTC'))::date
    """)
    op.alter_column("drills", "due_on", nullable=False)
    # A live drill keeps the yardstick that its scenario has now.
    op.execute("""
        UPDATE drills SET rubric_id = scenarios.rubric_id FROM scenarios WHERE scenarios.id = drills.scenario_id
    """)
    op.add_column("drills", sa.Column("remind_days", sa.Integer(), server_default="2", nullable=True))
    op.add_column("drills", sa.Column("series_id", sa.Uuid(), nullable=True))
    op.add_column("drills", sa.Column("part", sa.Integer(), nullable=True))
    op.add_column("drills", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_drills_focus_criterion_id"), "drills", ["focus_criterion_id"], unique=False)
    op.create_index(op.f("ix_drills_rubric_id"), "drills", ["rubric_id"], unique=False)
    op.create_index(op.f("ix_drills_series_id"), "drills", ["series_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_drills_focus_criterion_id_criteria"),
        "drills",
        "criteria",
        ["focus_criterion_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_foreign_key(
        op.f("fk_drills_series_id_series"), "drills", "series", ["series_id"], ["id"], ondelete="SET NULL"
    )
    op.create_foreign_key(
        op.f("fk_drills_rubric_id_rubrics"), "drills", "rubrics", ["rubric_id"], ["id"], ondelete="SET NULL"
    )
    op.add_column(
        "memberships", sa.Column("weekly_minutes", sa.Integer(), server_default="60", nullable=False)
    )
    op.add_column("notifications", sa.Column("drill_id", sa.Uuid(), nullable=True))
    op.alter_column("notifications", "take_id", existing_type=sa.UUID(), nullable=True)
    op.create_index(op.f("ix_notifications_drill_id"), "notifications", ["drill_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_notifications_drill_id_drills"),
        "notifications",
        "drills",
        ["drill_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.add_column("notifications", sa.Column("message_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_notifications_message_id"), "notifications", ["message_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_notifications_message_id_messages"),
        "notifications",
        "messages",
        ["message_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.add_column("reviews", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reviews", sa.Column("withdrawal_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("rubrics", sa.Column("replaces_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_rubrics_replaces_id"), "rubrics", ["replaces_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_rubrics_replaces_id_rubrics"),
        "rubrics",
        "rubrics",
        ["replaces_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.add_column("scenarios", sa.Column("prompt_recording_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_scenarios_prompt_recording_id"), "scenarios", ["prompt_recording_id"]
    )
    op.create_foreign_key(
        op.f("fk_scenarios_prompt_recording_id_recordings"),
        "scenarios",
        "recordings",
        ["prompt_recording_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.add_column("takes", sa.Column("drill_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_takes_drill_id"), "takes", ["drill_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_takes_drill_id_drills"), "takes", "drills", ["drill_id"], ["id"], ondelete="SET NULL"
    )
    # What was submitted while a drill of its scenario ran was submitted for it.
    op.execute("""
        UPDATE takes SET drill_id = (
            SELECT drills.id FROM drills WHERE drills.scenario_id = pitches.scenario_id
            AND drills.created_at <= takes.submitted_at
            AND (drills.closed_at IS NULL OR drills.closed_at > takes.submitted_at)
            ORDER BY drills.due_at, drills.id LIMIT 1)
        FROM pitches WHERE pitches.id = takes.pitch_id
        AND takes.submitted_at IS NOT NULL AND pitches.presenter_id IS NOT NULL
    """)
    op.add_column(
        "teams", sa.Column("asks_calibration", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("teams", sa.Column("check_percent", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "users", sa.Column("wants_digest", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column("users", sa.Column("quiet_from", sa.Time(), nullable=True))
    op.add_column("users", sa.Column("quiet_until", sa.Time(), nullable=True))
    op.add_column("users", sa.Column("calendar_token", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("uq_users_calendar_token"), "users", ["calendar_token"])
    op.create_check_constraint(
        op.f("ck_notifications_about"), "notifications", "num_nonnulls(take_id, drill_id, message_id) > 0"
    )
    op.drop_constraint("notificationkind", "notifications", type_="check")
    op.create_check_constraint("notificationkind", "notifications", f"kind IN ({KINDS_OF_NEWS})")
    op.drop_constraint("reviewstate", "reviews", type_="check")
    op.create_check_constraint("reviewstate", "reviews", f"state IN ({STATES_OF_REVIEWS})")


def downgrade() -> None:
    op.execute(f"DELETE FROM notifications WHERE kind NOT IN ({OLD_KINDS})")
    op.drop_constraint("notificationkind", "notifications", type_="check")
    op.create_check_constraint("notificationkind", "notifications", f"kind IN ({OLD_KINDS})")
    op.drop_constraint(op.f("ck_notifications_about"), "notifications", type_="check")
    # What was taken back or was a check stays its reviewer's own.
    op.execute("UPDATE reviews SET state = 'draft' WHERE state NOT IN ('draft', 'published')")
    op.drop_constraint("reviewstate", "reviews", type_="check")
    op.create_check_constraint("reviewstate", "reviews", "state IN ('draft', 'published')")
    op.drop_constraint(op.f("uq_users_calendar_token"), "users", type_="unique")
    op.drop_column("users", "calendar_token")
    op.drop_column("users", "quiet_until")
    op.drop_column("users", "quiet_from")
    op.drop_column("users", "wants_digest")
    op.drop_column("teams", "check_percent")
    op.drop_column("teams", "asks_calibration")
    op.drop_constraint(op.f("fk_takes_drill_id_drills"), "takes", type_="foreignkey")
    op.drop_index(op.f("ix_takes_drill_id"), table_name="takes")
    op.drop_column("takes", "drill_id")
    op.drop_constraint(op.f("fk_scenarios_prompt_recording_id_recordings"), "scenarios", type_="foreignkey")
    op.drop_constraint(op.f("uq_scenarios_prompt_recording_id"), "scenarios", type_="unique")
    op.drop_column("scenarios", "prompt_recording_id")
    op.drop_constraint(op.f("fk_rubrics_replaces_id_rubrics"), "rubrics", type_="foreignkey")
    op.drop_index(op.f("ix_rubrics_replaces_id"), table_name="rubrics")
    op.drop_column("rubrics", "replaces_id")
    op.drop_column("reviews", "withdrawal_reason")
    op.drop_column("reviews", "withdrawn_at")
    op.drop_constraint(op.f("fk_notifications_message_id_messages"), "notifications", type_="foreignkey")
    op.drop_index(op.f("ix_notifications_message_id"), table_name="notifications")
    op.drop_column("notifications", "message_id")
    op.drop_constraint(op.f("fk_notifications_drill_id_drills"), "notifications", type_="foreignkey")
    op.drop_index(op.f("ix_notifications_drill_id"), table_name="notifications")
    op.alter_column("notifications", "take_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("notifications", "drill_id")
    op.drop_column("memberships", "weekly_minutes")
    op.drop_constraint(op.f("fk_drills_rubric_id_rubrics"), "drills", type_="foreignkey")
    op.drop_constraint(op.f("fk_drills_series_id_series"), "drills", type_="foreignkey")
    op.drop_constraint(op.f("fk_drills_focus_criterion_id_criteria"), "drills", type_="foreignkey")
    op.drop_index(op.f("ix_drills_series_id"), table_name="drills")
    op.drop_index(op.f("ix_drills_rubric_id"), table_name="drills")
    op.drop_index(op.f("ix_drills_focus_criterion_id"), table_name="drills")
    op.drop_column("drills", "edited_at")
    op.drop_column("drills", "part")
    op.drop_column("drills", "series_id")
    op.drop_column("drills", "remind_days")
    op.drop_column("drills", "due_on")
    op.drop_column("drills", "opens_at")
    op.drop_column("drills", "for_team")
    op.drop_column("drills", "hides_presenter")
    op.drop_column("drills", "hides_reviewers")
    op.drop_column("drills", "reviewers_count")
    op.drop_column("drills", "reviewers_from")
    op.drop_column("drills", "practice_allowed")
    op.drop_column("drills", "focus_criterion_id")
    op.drop_column("drills", "rubric_id")
    op.drop_index(op.f("ix_criteria_line_id"), table_name="criteria")
    op.drop_column("criteria", "weight")
    op.drop_column("criteria", "line_id")
    op.drop_index(op.f("ix_proofs_take_id"), table_name="proofs")
    op.drop_index(op.f("ix_proofs_review_id"), table_name="proofs")
    op.drop_index(op.f("ix_proofs_judged_by_id"), table_name="proofs")
    op.drop_table("proofs")
    op.drop_index(op.f("ix_flags_raised_by_id"), table_name="flags")
    op.drop_table("flags")
    op.drop_index("ix_commitments_user_id_team_id_state", table_name="commitments")
    op.drop_index(op.f("ix_commitments_team_id"), table_name="commitments")
    op.drop_index(op.f("ix_commitments_take_id"), table_name="commitments")
    op.drop_index(op.f("ix_commitments_review_id"), table_name="commitments")
    op.drop_index(op.f("ix_commitments_criterion_id"), table_name="commitments")
    op.drop_index(op.f("ix_commitments_comment_id"), table_name="commitments")
    op.drop_table("commitments")
    op.drop_index(op.f("ix_calibration_scores_level_id"), table_name="calibration_scores")
    op.drop_index(op.f("ix_calibration_scores_criterion_id"), table_name="calibration_scores")
    op.drop_table("calibration_scores")
    op.drop_index(op.f("ix_standard_scores_level_id"), table_name="standard_scores")
    op.drop_index(op.f("ix_standard_scores_criterion_id"), table_name="standard_scores")
    op.drop_table("standard_scores")
    op.drop_index(op.f("ix_self_scores_level_id"), table_name="self_scores")
    op.drop_index(op.f("ix_self_scores_criterion_id"), table_name="self_scores")
    op.drop_table("self_scores")
    op.drop_index(op.f("ix_scenario_examples_exemplar_id"), table_name="scenario_examples")
    op.drop_table("scenario_examples")
    op.drop_index(op.f("ix_disputes_was_level_id"), table_name="disputes")
    op.drop_index(op.f("ix_disputes_raised_by_id"), table_name="disputes")
    op.drop_index(op.f("ix_disputes_criterion_id"), table_name="disputes")
    op.drop_table("disputes")
    op.drop_index(op.f("ix_calibrations_user_id"), table_name="calibrations")
    op.drop_table("calibrations")
    op.drop_index("uq_assignments_open", table_name="assignments", postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f("ix_assignments_take_id"), table_name="assignments")
    op.drop_index(op.f("ix_assignments_standard_id"), table_name="assignments")
    op.drop_index("ix_assignments_reviewer_id_state", table_name="assignments")
    op.drop_index(op.f("ix_assignments_drill_id"), table_name="assignments")
    op.drop_table("assignments")
    op.drop_index(op.f("ix_anchor_clips_exemplar_id"), table_name="anchor_clips")
    op.drop_table("anchor_clips")
    op.drop_index(op.f("ix_warm_up_runs_warm_up_id"), table_name="warm_up_runs")
    op.drop_index(op.f("ix_warm_up_runs_take_id"), table_name="warm_up_runs")
    op.drop_table("warm_up_runs")
    op.drop_index(op.f("ix_standards_team_id"), table_name="standards")
    op.drop_index(op.f("ix_standards_rubric_id"), table_name="standards")
    op.drop_table("standards")
    op.drop_index(op.f("ix_self_assessments_rubric_id"), table_name="self_assessments")
    op.drop_table("self_assessments")
    op.drop_index(op.f("ix_drill_reviewers_user_id"), table_name="drill_reviewers")
    op.drop_table("drill_reviewers")
    op.drop_index(op.f("ix_drill_people_user_id"), table_name="drill_people")
    op.drop_table("drill_people")
    op.drop_index("ix_warm_ups_user_id_due_at", table_name="warm_ups")
    op.drop_index(op.f("ix_warm_ups_team_id"), table_name="warm_ups")
    op.drop_index(op.f("ix_warm_ups_scenario_id"), table_name="warm_ups")
    op.drop_index(op.f("ix_warm_ups_criterion_id"), table_name="warm_ups")
    op.drop_table("warm_ups")
    op.drop_index(op.f("ix_scenario_messages_message_id"), table_name="scenario_messages")
    op.drop_table("scenario_messages")
    op.drop_table("message_versions")
    op.drop_index("uq_focuses_now", table_name="focuses", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index(op.f("ix_focuses_team_id"), table_name="focuses")
    op.drop_index(op.f("ix_focuses_criterion_id"), table_name="focuses")
    op.drop_table("focuses")
    op.drop_index(op.f("ix_messages_team_id"), table_name="messages")
    op.drop_index(op.f("ix_messages_tag_id"), table_name="messages")
    op.drop_index(op.f("ix_messages_owner_id"), table_name="messages")
    op.drop_table("messages")
    op.drop_index(op.f("ix_series_team_id"), table_name="series")
    op.drop_table("series")
    op.drop_index(op.f("ix_nudges_due_at"), table_name="nudges")
    op.drop_table("nudges")
    op.drop_index(op.f("ix_conflicts_other_id"), table_name="conflicts")
    op.drop_index(op.f("ix_conflicts_one_id"), table_name="conflicts")
    op.drop_table("conflicts")
    op.drop_index(op.f("ix_absences_user_id"), table_name="absences")
    op.drop_table("absences")
