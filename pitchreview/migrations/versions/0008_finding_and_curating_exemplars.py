"""Tags in facets, the library as it is searched, and what people do with exemplars

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "missed_searches",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("tags", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_missed_searches_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "key", name=op.f("pk_missed_searches")),
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column(
            "facet",
            sa.Enum(
                "stage",
                "objection",
                "persona",
                "product",
                "message",
                "criterion",
                "topic",
                name="facet",
                native_enum=False,
                create_constraint=True,
                length=None,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("level IS NULL OR facet = 'criterion'", name=op.f("ck_tags_level")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_tags_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_tags_team_id_key")),
    )
    op.create_table(
        "collection_teams",
        sa.Column("collection_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name=op.f("fk_collection_teams_collection_id_collections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_collection_teams_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("collection_id", "team_id", name=op.f("pk_collection_teams")),
    )
    op.create_index(op.f("ix_collection_teams_team_id"), "collection_teams", ["team_id"], unique=False)
    op.create_table(
        "packs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("tags", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("warm_up_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_packs_team_id_teams"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_packs_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["warm_up_id"], ["scenarios.id"], name=op.f("fk_packs_warm_up_id_scenarios"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packs")),
    )
    op.create_index(op.f("ix_packs_user_id"), "packs", ["user_id"], unique=False)
    op.create_index(op.f("ix_packs_warm_up_id"), "packs", ["warm_up_id"], unique=False)
    op.create_table(
        "beat_starts",
        sa.Column("take_id", sa.Uuid(), nullable=False),
        sa.Column("beat_id", sa.Uuid(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["beat_id"], ["beats.id"], name=op.f("fk_beat_starts_beat_id_beats"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["users.id"], name=op.f("fk_beat_starts_set_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["take_id"], ["takes.id"], name=op.f("fk_beat_starts_take_id_takes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("take_id", "beat_id", name=op.f("pk_beat_starts")),
    )
    op.create_index(op.f("ix_beat_starts_beat_id"), "beat_starts", ["beat_id"], unique=False)
    op.create_table(
        "commentaries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exemplar_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.Column("thought", sa.Text(), nullable=False),
        sa.Column("unsaid", sa.Text(), nullable=False),
        sa.Column("recording_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_commentaries_author_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["exemplar_id"],
            ["exemplars.id"],
            name=op.f("fk_commentaries_exemplar_id_exemplars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
            name=op.f("fk_commentaries_recording_id_recordings"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commentaries")),
        sa.UniqueConstraint("recording_id", name=op.f("uq_commentaries_recording_id")),
    )
    op.create_index(op.f("ix_commentaries_exemplar_id"), "commentaries", ["exemplar_id"], unique=False)
    op.create_table(
        "drill_exemplars",
        sa.Column("drill_id", sa.Uuid(), nullable=False),
        sa.Column("exemplar_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["drill_id"], ["drills.id"], name=op.f("fk_drill_exemplars_drill_id_drills"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["exemplar_id"],
            ["exemplars.id"],
            name=op.f("fk_drill_exemplars_exemplar_id_exemplars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("drill_id", "exemplar_id", name=op.f("pk_drill_exemplars")),
    )
    op.create_index(op.f("ix_drill_exemplars_exemplar_id"), "drill_exemplars", ["exemplar_id"], unique=False)
    op.create_table(
        "exemplar_shares",
        sa.Column("exemplar_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "consent",
            sa.Enum(
                "asked",
                "given",
                "declined",
                "withdrawn",
                name="consentstate",
                native_enum=False,
                create_constraint=True,
                length=None,
            ),
            nullable=False,
        ),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["users.id"],
            name=op.f("fk_exemplar_shares_asked_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["exemplar_id"],
            ["exemplars.id"],
            name=op.f("fk_exemplar_shares_exemplar_id_exemplars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_exemplar_shares_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("exemplar_id", "team_id", name=op.f("pk_exemplar_shares")),
    )
    op.create_index(op.f("ix_exemplar_shares_team_id"), "exemplar_shares", ["team_id"], unique=False)
    op.create_table(
        "features",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("exemplar_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("chosen_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["users.id"], name=op.f("fk_features_chosen_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["exemplar_id"],
            ["exemplars.id"],
            name=op.f("fk_features_exemplar_id_exemplars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_features_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "week", name=op.f("pk_features")),
    )
    op.create_index(op.f("ix_features_exemplar_id"), "features", ["exemplar_id"], unique=False)
    op.create_table(
        "listings",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("exemplar_id", sa.Uuid(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tag_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exemplar_id"],
            ["exemplars.id"],
            name=op.f("fk_listings_exemplar_id_exemplars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_listings_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("team_id", "exemplar_id", name=op.f("pk_listings")),
    )
    op.create_index(op.f("ix_listings_exemplar_id"), "listings", ["exemplar_id"], unique=False)
    op.create_index("ix_listings_tag_ids", "listings", ["tag_ids"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_listings_team_id_listed_at_exemplar_id",
        "listings",
        ["team_id", "listed_at", "exemplar_id"],
        unique=False,
    )
    op.create_index("ix_listings_words", "listings", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "pack_items",
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("exemplar_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exemplar_id"],
            ["exemplars.id"],
            name=op.f("fk_pack_items_exemplar_id_exemplars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["packs.id"], name=op.f("fk_pack_items_pack_id_packs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pack_id", "exemplar_id", name=op.f("pk_pack_items")),
    )
    op.create_index(op.f("ix_pack_items_exemplar_id"), "pack_items", ["exemplar_id"], unique=False)
    op.create_table(
        "takeaways",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exemplar_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("take_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exemplar_id"],
            ["exemplars.id"],
            name=op.f("fk_takeaways_exemplar_id_exemplars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["take_id"], ["takes.id"], name=op.f("fk_takeaways_take_id_takes"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_takeaways_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takeaways")),
        sa.UniqueConstraint("exemplar_id", "user_id", name=op.f("uq_takeaways_exemplar_id_user_id")),
    )
    op.create_index(op.f("ix_takeaways_take_id"), "takeaways", ["take_id"], unique=False)
    op.create_index(op.f("ix_takeaways_user_id"), "takeaways", ["user_id"], unique=False)
    op.create_table(
        "viewings",
        sa.Column("exemplar_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("furthest_ms", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["exemplar_id"],
            ["exemplars.id"],
            name=op.f("fk_viewings_exemplar_id_exemplars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_viewings_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("exemplar_id", "user_id", name=op.f("pk_viewings")),
    )
    op.create_index(op.f("ix_viewings_user_id"), "viewings", ["user_id"], unique=False)
    op.create_table(
        "passed_over",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_passed_over_by_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name=op.f("fk_passed_over_comment_id_comments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_passed_over")),
    )
    op.create_index(op.f("ix_audit_entries_subject"), "audit_entries", ["subject"], unique=False)
    op.add_column("collections", sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("exemplar_tags", sa.Column("tag_id", sa.Uuid(), nullable=True))
    _make_topics_of_old_tags()
    op.alter_column("exemplar_tags", "tag_id", nullable=False)
    op.drop_constraint(op.f("uq_exemplar_tags_exemplar_id_name"), "exemplar_tags", type_="unique")
    op.create_index(op.f("ix_exemplar_tags_tag_id"), "exemplar_tags", ["tag_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_exemplar_tags_tag_id_tags"), "exemplar_tags", "tags", ["tag_id"], ["id"], ondelete="CASCADE"
    )
    op.drop_column("exemplar_tags", "name")
    op.drop_constraint(op.f("pk_exemplar_tags"), "exemplar_tags", type_="primary")
    op.drop_column("exemplar_tags", "id")
    op.create_primary_key(op.f("pk_exemplar_tags"), "exemplar_tags", ["exemplar_id", "tag_id"])
    op.add_column("exemplars", sa.Column("contrast_to_id", sa.Uuid(), nullable=True))
    op.add_column("exemplars", sa.Column("withdrawal_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("exemplars", sa.Column("leaving_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "exemplars",
        sa.Column("published_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=True),
    )
    # Until now all came out at once.
    op.execute("UPDATE exemplars SET published_at = created_at")
    op.add_column("exemplars", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("exemplars", sa.Column("record_again_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("exemplars", sa.Column("clip_id", sa.Uuid(), nullable=True))
    op.add_column("exemplars", sa.Column("opened_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column("exemplars", sa.Column("finished_count", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_exemplars_asked",
        "exemplars",
        ["team_id", "created_at"],
        unique=False,
        postgresql_where=sa.text("consent = 'asked'"),
    )
    op.drop_index(op.f("ix_exemplars_team_id"), table_name="exemplars")
    op.create_index(
        "ix_exemplars_team_id_created_at_id", "exemplars", ["team_id", "created_at", "id"], unique=False
    )
    op.create_index(op.f("ix_exemplars_contrast_to_id"), "exemplars", ["contrast_to_id"], unique=False)
    op.create_unique_constraint(op.f("uq_exemplars_clip_id"), "exemplars", ["clip_id"])
    op.create_foreign_key(
        op.f("fk_exemplars_clip_id_recordings"),
        "exemplars",
        "recordings",
        ["clip_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_foreign_key(
        op.f("fk_exemplars_contrast_to_id_exemplars"),
        "exemplars",
        "exemplars",
        ["contrast_to_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.add_column("notifications", sa.Column("exemplar_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_notifications_exemplar_id"), "notifications", ["exemplar_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_notifications_exemplar_id_exemplars"),
        "notifications",
        "exemplars",
        ["exemplar_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.drop_constraint("notificationkind", "notifications", type_="check")
    op.create_check_constraint("notificationkind", "notifications", f"kind IN ({KINDS_OF_NEWS})")
    _list_what_is_held_up()


KINDS_OF_NEWS = (
    "'feedback_ready', 'comment', 'reply', 'mention', 'request', 'declined', 'consent', 'withdrawn'"
)


def _make_topics_of_old_tags() -> None:
    op.execute(
        """
        INSERT INTO tags (id, team_id, facet, name, key, created_at)
        SELECT DISTINCT ON (exemplars.team_id, lower(exemplar_tags.name))
            gen_random_uuid(), exemplars.team_id, 'topic', exemplar_tags.name,
            'topic:' || lower(exemplar_tags.name), now()
        FROM exemplar_tags JOIN exemplars ON exemplars.id = exemplar_tags.exemplar_id
        ORDER BY exemplars.team_id, lower(exemplar_tags.name), exemplar_tags.name
        """
    )
    op.execute(
        """
        UPDATE exemplar_tags SET tag_id = tags.id
        FROM exemplars, tags
        WHERE exemplars.id = exemplar_tags.exemplar_id AND tags.team_id = exemplars.team_id
            AND tags.key = 'topic:' || lower(exemplar_tags.name)
        """
    )
    # Two spellings of one tag on one exemplar
    op.execute(
        """
        DELETE FROM exemplar_tags AS twice USING exemplar_tags AS kept
        WHERE twice.exemplar_id = kept.exemplar_id AND twice.tag_id = kept.tag_id AND twice.id > kept.id
        """
    )


def _list_what_is_held_up() -> None:
    op.execute(
        """
        INSERT INTO listings (team_id, exemplar_id, listed_at, tag_ids, words)
        SELECT exemplars.team_id, exemplars.id, exemplars.published_at,
            coalesce(array_agg(tags.id) FILTER (WHERE tags.id IS NOT NULL), '{}'),
            setweight(to_tsvector('english', exemplars.title), 'A')
                || setweight(to_tsvector('english', coalesce(string_agg(tags.name, ' '), '') || ' '
                    || coalesce(min(users.name), min(pitches.presenter_name), '')), 'B')
                || setweight(to_tsvector('english', exemplars.why), 'C')
                || setweight(to_tsvector('english', min(scenarios.title)), 'D')
        FROM exemplars
        JOIN takes ON takes.id = exemplars.take_id
        JOIN pitches ON pitches.id = takes.pitch_id
        JOIN scenarios ON scenarios.id = pitches.scenario_id
        LEFT JOIN users ON users.id = pitches.presenter_id
        LEFT JOIN exemplar_tags ON exemplar_tags.exemplar_id = exemplars.id
        LEFT JOIN tags ON tags.id = exemplar_tags.tag_id
        WHERE exemplars.consent = 'given' AND exemplars.taken_down_at IS NULL
        GROUP BY exemplars.id
        """
    )
