"""The tables, as the newest migration leaves them. A test holds the two against each other."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

#: The number of the newest migration. Opening a database that has it costs one query.
SCHEMA_VERSION = "0003"
#: Written into every SQLite file, so that a restore can tell ours from others ("VWIR").
APPLICATION_ID = 0x56574952


class UTCDateTime(TypeDecorator[datetime]):
    """An aware time, in UTC both ways, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without time zone cannot be stored: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def to_json(value: Any) -> str:
    """JSON as it is stored: letters of all languages as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: One row a source id. Its lock serialises everything that adds versions or drafts to a story.
stories = Table(
    "stories",
    metadata,
    Column("source_id", String(255), primary_key=True),
    Column("latest_version", Integer, nullable=False),
)

story_versions = Table(
    "story_versions",
    metadata,
    Column("source_id", String(255), ForeignKey("stories.source_id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("added_at", UTCDateTime, nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("dated", Date),
    Column("origin", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("keywords", JSON, nullable=False),
    Column("event", Text, nullable=False),
    Column("bureau", Text, nullable=False),
    Column("byline", Text, nullable=False),
    Column("dateline", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("embargo", UTCDateTime),
    Column("channel", String(16), nullable=False),
    Column("media_kind", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("blocks", JSON, nullable=False),
    Column("search_text", Text, nullable=False),
    Index("ix_story_versions_urgency_received_at", "urgency", "received_at"),
    Index("ix_story_versions_received_at", "received_at"),
    Index("ix_story_versions_slug", "slug"),
    Index("ix_story_versions_event", "event"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", String(255), nullable=False),
    Column("story_version", Integer, nullable=False),
    Column("language", String(8), nullable=False),
    Column("number", Integer, nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("status", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("signature", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("source_headline", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("media_kind", String(16), nullable=False),
    Column("embargo", UTCDateTime),
    Column("received_at", UTCDateTime, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("claimed_by", String(64)),
    Column("approved_by", String(64)),
    Column("approved_at", UTCDateTime),
    Column("override_reason", Text),
    Column("returned", Boolean, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("findings", JSON, nullable=False),
    Column("segment_count", Integer, nullable=False),
    Column("edited_count", Integer, nullable=False),
    Column("term_count", Integer, nullable=False),
    Column("missed_count", Integer, nullable=False),
    Column("block_count", Integer, nullable=False),
    Column("warn_count", Integer, nullable=False),
    Column("note_count", Integer, nullable=False),
    Column("search_text", Text, nullable=False),
    Column("outdated", Boolean, nullable=False, server_default=text("false")),
    ForeignKeyConstraint(
        ["source_id", "story_version"], ["story_versions.source_id", "story_versions.version"]
    ),
    UniqueConstraint("source_id", "story_version", "language", "number"),
    # A run that is killed and started again can never leave two drafts that count.
    Index(
        "uq_drafts_current",
        "source_id",
        "story_version",
        "language",
        unique=True,
        sqlite_where=text("is_current"),
        postgresql_where=text("is_current"),
    ),
    Index("ix_drafts_language_status", "language", "status"),
    Index("ix_drafts_status_urgency_received_at", "status", "urgency", "received_at"),
    Index("ix_drafts_claimed_by", "claimed_by"),
    Index("ix_drafts_slug", "slug"),
    Index("ix_drafts_event", "event"),
    Index("ix_drafts_received_at", "received_at"),
    Index("ix_drafts_updated_at", "updated_at"),
)

segments = Table(
    "segments",
    metadata,
    Column("draft_id", Integer, ForeignKey("drafts.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("block", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("separator", Text, nullable=False),
    Column("machine_text", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("score", Float),
    Column("terms", JSON, nullable=False),
    Column("findings", JSON, nullable=False),
    Column("source_hash", String(64), nullable=False, server_default=""),
    Index("ix_segments_source_hash", "source_hash"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("draft_id", Integer),
    Column("source_id", String(255)),
    Column("segment", Integer),
    Column("before", Text),
    Column("after", Text),
    Column("note", Text, nullable=False),
    Index("ix_audit_draft_id", "draft_id"),
    Index("ix_audit_source_id", "source_id"),
    Index("ix_audit_actor", "actor"),
    sqlite_autoincrement=True,
)

refusals = Table(
    "refusals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("message", Text, nullable=False),
    Column("source_id", String(255), nullable=False),
    Column("origin", Text, nullable=False),
    Column("kept_as", Text, nullable=False),
    Index("ix_refusals_at", "at"),
)

users = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("languages", JSON, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("ui_language", String(8), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("success", Boolean, nullable=False),
    Index("ix_login_attempts_name_at", "name", "at"),
    Index("ix_login_attempts_address_at", "address", "at"),
)

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_name", String(64), ForeignKey("users.name"), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Index("ix_desk_sessions_user_name", "user_name"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("finished_at", UTCDateTime),
    Column("report", JSON),
    Index("ix_runs_started_at", "started_at"),
)

releases = Table(
    "releases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("draft_id", Integer, ForeignKey("drafts.id"), nullable=False),
    Column("source_id", String(255), nullable=False),
    Column("story_version", Integer, nullable=False),
    Column("language", String(8), nullable=False),
    Column("item_version", Integer, nullable=False),
    Column("released_at", UTCDateTime, nullable=False),
    Column("files", JSON, nullable=False),
    Column("texts", JSON, nullable=False, server_default="{}"),
    Column("killed_at", UTCDateTime),
    Column("is_live", Boolean, nullable=False),
    UniqueConstraint("source_id", "language", "item_version"),
    Index(
        "uq_releases_live",
        "source_id",
        "language",
        unique=True,
        sqlite_where=text("is_live"),
        postgresql_where=text("is_live"),
    ),
    Index("ix_releases_draft_id", "draft_id"),
    Index("ix_releases_released_at", "released_at"),
)
