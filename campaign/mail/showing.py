"""A letter as it would be written at this moment, for those who look into the log."""

import structlog

from campaign.core.db import DATABASE_AWAY
from campaign.mail import composers, rendering
from campaign.mail.composers import Drop, Filled, Message, Parcel
from campaign.mail.models import Letter

log = structlog.get_logger(__name__)


def written(letter: Letter) -> Message | Parcel | Drop | None:
    """The words, or why there are none; None where the letter cannot be written at all.

    Composers read what the letter is about as it is now, so that a letter that left earlier may have said otherwise.
    """
    compose = composers.find(letter.kind) or composers.OneByOne(rendering.from_context)
    try:
        (composed,) = compose([letter])
        return composed.message() if isinstance(composed, Filled) else composed
    except DATABASE_AWAY:
        raise
    except Exception as error:
        log.warning("a letter could not be shown", letter=letter.id, kind=letter.kind, exc_info=error)
        return None
