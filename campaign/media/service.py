"""Takes pictures in: checked by content, made anew, stripped of everything but the picture."""

from campaign.core.db import db
from campaign.media.models import Picture
from campaign.media.pictures import Remade, remake
from campaign.media.storage import Store, random_name


def store_picture(content: bytes, store: Store, *, uploaded_by: int | None) -> Picture:
    """Make an uploaded file anew as WebP and keep it. Raises Invalid (`picture`) for what is no acceptable picture."""
    return keep(remake(content), store, uploaded_by=uploaded_by)


def keep(remade: Remade, store: Store, *, uploaded_by: int | None) -> Picture:
    """Keep a picture that was made anew, and return its flushed row. Raises Unavailable when the store cannot take it.

    Making it takes a second of a processor: do that before the transaction, which other writers wait for. The file
    comes before the row: a transaction that fails afterwards leaves a file nobody knows, never a row without one.
    """
    name = random_name()
    store.write(name, remade.data)
    size = len(remade.data)
    picture = Picture(name=name, width=remade.width, height=remade.height, size=size, uploaded_by=uploaded_by)
    db.session.add(picture)
    db.session.flush()
    return picture
