"""What went out, translation memory, and released drafts that a newer story overtook."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("draft_id", sa.Integer, sa.ForeignKey("drafts.id"), nullable=False),
        sa.Column("source_id", sa.String(255), nullable=False),
        sa.Column("story_version", sa.Integer, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("item_version", sa.Integer, nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("killed_at", sa.DateTime(timezone=True)),
        sa.Column("is_live", sa.Boolean, nullable=False),
        sa.UniqueConstraint("source_id", "language", "item_version"),
    )
    op.create_index(
        "uq_releases_live",
        "releases",
        ["source_id", "language"],
        unique=True,
        sqlite_where=sa.text("is_live"),
        postgresql_where=sa.text("is_live"),
    )
    op.create_index("ix_releases_draft_id", "releases", ["draft_id"])
    op.create_index("ix_releases_released_at", "releases", ["released_at"])
    op.add_column(
        "drafts", sa.Column("outdated", sa.Boolean, nullable=False, server_default=sa.text("false"))
    )
    op.add_column(
        "segments", sa.Column("source_hash", sa.String(64), nullable=False, server_default="")
    )
    _hash_sources()
    op.create_index("ix_segments_source_hash", "segments", ["source_hash"])


def _hash_sources() -> None:
    """Segments from before the memory existed are found by it too."""
    connection = op.get_bind()
    segments = sa.table(
        "segments",
        sa.column("draft_id", sa.Integer),
        sa.column("position", sa.Integer),
        sa.column("source", sa.Text),
        sa.column("source_hash", sa.String),
    )
    rows = connection.execute(
        sa.select(segments.c.draft_id, segments.c.position, segments.c.source)
    )
    changes = [
        {"d": d, "p": p, "h": hashlib.sha256(source.encode()).hexdigest()} for d, p, source in rows
    ]
    if changes:
        connection.execute(
            segments.update()
            .where(segments.c.draft_id == sa.bindparam("d"))
            .where(segments.c.position == sa.bindparam("p"))
            .values(source_hash=sa.bindparam("h")),
            changes,
        )
