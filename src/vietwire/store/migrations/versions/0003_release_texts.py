"""The text of what went out is kept with its record, so that its files can be made again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty for what went out before: its files are left as they are.
    op.add_column("releases", sa.Column("texts", sa.JSON, nullable=False, server_default="{}"))
