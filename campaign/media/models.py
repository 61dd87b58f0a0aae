"""Pictures that were uploaded and made anew."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.clock import now
from campaign.core.db import Model


class Picture(Model, kw_only=True):
    """A re-encoded picture. `name` is random and is the file's name in the store; sizes in pixels and bytes."""

    __tablename__ = "pictures"

    name: Mapped[str] = mapped_column(unique=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    uploaded_by: Mapped[int | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=now)
