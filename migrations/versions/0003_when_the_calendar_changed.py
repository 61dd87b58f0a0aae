"""campaigns know when their calendar last changed"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("campaigns") as batch:
        batch.add_column(sa.Column("calendar_changed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE campaigns SET calendar_changed_at = CURRENT_TIMESTAMP")
    with op.batch_alter_table("campaigns") as batch:
        batch.alter_column("calendar_changed_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("campaigns") as batch:
        batch.drop_column("calendar_changed_at")
