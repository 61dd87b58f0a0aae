"""The campaigns as this process knows them, so that an answer that is kept needs no question to the database.

What a process knows is as old as the last ring of the bell (`core.bell`), and never older than `LASTS`: who published
on this machine sees it with the next request, whichever process answers; another machine sees it within a second.
"""

import time
from dataclasses import dataclass
from threading import Lock

from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import bell
from campaign.core.db import db

LASTS = 1.0
# An installation has a handful of campaigns; names that are none are never kept.
_known: dict[str, "_Known"] = {}
_lock = Lock()
_lasts = LASTS


@dataclass(frozen=True, slots=True)
class _Known:
    campaign: Campaign
    heard: int
    until: float


def state(campaign: Campaign) -> str:
    """What a calendar says now, as a word: its version, and the instant it became that.

    The number alone would come again in a database that was restored or built anew, for other contents.
    """
    return f"{campaign.calendar_version}@{campaign.calendar_changed_at.timestamp():.6f}"


def keep_for(seconds: float) -> None:
    """How long a process may believe what it knows; 0 asks the database every time."""
    global _lasts
    _lasts = seconds
    _known.clear()


def known(slug: str) -> Campaign | None:
    """The campaign if this process knows it and nothing was heard since; asks nobody."""
    found = _known.get(slug)
    return last_known(slug) if found is not None and found.until >= time.monotonic() else None


def last_known(slug: str) -> Campaign | None:
    """The same however long ago the database was asked: for answers while it cannot be."""
    found = _known.get(slug)
    return found.campaign if found is not None and found.heard == bell.PUBLISHED.heard() else None


def campaign(slug: str) -> Campaign:
    """The campaign of an address, detached from any session: read it, never change it. Raises NotFound."""
    found = known(slug)
    if found is not None:
        return found
    # Heard before asking: a ring in between makes what is kept out of date, never the other way round.
    heard = bell.PUBLISHED.heard()
    fresh = campaigns.get_by_slug(slug)
    if _lasts:
        db.session.expunge(fresh)
        with _lock:
            _known[slug] = _Known(fresh, heard, time.monotonic() + _lasts)
    return fresh
