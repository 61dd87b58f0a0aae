"""Reads of pictures."""

from sqlalchemy import select

from campaign.core.db import db
from campaign.core.faults import NotFound
from campaign.media.models import Picture


def find(picture_id: int | None) -> Picture | None:
    """The picture with this id, if there is one."""
    return db.session.get(Picture, picture_id) if picture_id and 0 < picture_id < 2**63 else None


def get(picture_id: int) -> Picture:
    """The picture with this id. Raises NotFound."""
    picture = find(picture_id)
    if picture is None:
        raise NotFound
    return picture


def find_by_name(name: str) -> Picture | None:
    """The picture whose file bears this name, without its ending."""
    return db.session.scalar(select(Picture).where(Picture.name == name)) if name.isalnum() else None
