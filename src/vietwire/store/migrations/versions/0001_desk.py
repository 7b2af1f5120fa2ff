"""Stories, drafts, people, runs and the append-only audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


#: "VWIR", by which a restore knows our files.
APPLICATION_ID = 0x56574952
APPEND_ONLY = "the audit log is append-only"


def upgrade() -> None:
    op.create_table(
        "stories",
        sa.Column("source_id", sa.String(255), primary_key=True),
        sa.Column("latest_version", sa.Integer, nullable=False),
    )
    op.create_table(
        "story_versions",
        sa.Column(
            "source_id", sa.String(255), sa.ForeignKey("stories.source_id"), primary_key=True
        ),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dated", sa.Date),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("keywords", sa.JSON, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("bureau", sa.Text, nullable=False),
        sa.Column("byline", sa.Text, nullable=False),
        sa.Column("dateline", sa.Text, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("embargo", sa.DateTime(timezone=True)),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("media_kind", sa.String(16), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("blocks", sa.JSON, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
    )
    op.create_index(
        "ix_story_versions_urgency_received_at", "story_versions", ["urgency", "received_at"]
    )
    op.create_index("ix_story_versions_received_at", "story_versions", ["received_at"])
    op.create_index("ix_story_versions_slug", "story_versions", ["slug"])
    op.create_index("ix_story_versions_event", "story_versions", ["event"])
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source_id", sa.String(255), nullable=False),
        sa.Column("story_version", sa.Integer, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("source_headline", sa.Text, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("media_kind", sa.String(16), nullable=False),
        sa.Column("embargo", sa.DateTime(timezone=True)),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(64)),
        sa.Column("approved_by", sa.String(64)),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("override_reason", sa.Text),
        sa.Column("returned", sa.Boolean, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("segment_count", sa.Integer, nullable=False),
        sa.Column("edited_count", sa.Integer, nullable=False),
        sa.Column("term_count", sa.Integer, nullable=False),
        sa.Column("missed_count", sa.Integer, nullable=False),
        sa.Column("block_count", sa.Integer, nullable=False),
        sa.Column("warn_count", sa.Integer, nullable=False),
        sa.Column("note_count", sa.Integer, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id", "story_version"], ["story_versions.source_id", "story_versions.version"]
        ),
        sa.UniqueConstraint("source_id", "story_version", "language", "number"),
    )
    op.create_index(
        "uq_drafts_current",
        "drafts",
        ["source_id", "story_version", "language"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_index("ix_drafts_language_status", "drafts", ["language", "status"])
    op.create_index(
        "ix_drafts_status_urgency_received_at", "drafts", ["status", "urgency", "received_at"]
    )
    op.create_index("ix_drafts_claimed_by", "drafts", ["claimed_by"])
    op.create_index("ix_drafts_slug", "drafts", ["slug"])
    op.create_index("ix_drafts_event", "drafts", ["event"])
    op.create_index("ix_drafts_received_at", "drafts", ["received_at"])
    op.create_index("ix_drafts_updated_at", "drafts", ["updated_at"])
    op.create_table(
        "segments",
        sa.Column("draft_id", sa.Integer, sa.ForeignKey("drafts.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("block", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("separator", sa.Text, nullable=False),
        sa.Column("machine_text", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("terms", sa.JSON, nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("draft_id", sa.Integer),
        sa.Column("source_id", sa.String(255)),
        sa.Column("segment", sa.Integer),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.Column("note", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_draft_id", "audit", ["draft_id"])
    op.create_index("ix_audit_source_id", "audit", ["source_id"])
    op.create_index("ix_audit_actor", "audit", ["actor"])
    op.create_table(
        "refusals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("source_id", sa.String(255), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("kept_as", sa.Text, nullable=False),
    )
    op.create_index("ix_refusals_at", "refusals", ["at"])
    op.create_table(
        "users",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("ui_language", sa.String(8), nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("success", sa.Boolean, nullable=False),
    )
    op.create_index("ix_login_attempts_name_at", "login_attempts", ["name", "at"])
    op.create_index("ix_login_attempts_address_at", "login_attempts", ["address", "at"])
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("user_name", sa.String(64), sa.ForeignKey("users.name"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_desk_sessions_user_name", "desk_sessions", ["user_name"])
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("report", sa.JSON),
    )
    op.create_index("ix_runs_started_at", "runs", ["started_at"])
    if op.get_context().dialect.name == "sqlite":
        op.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
        )
