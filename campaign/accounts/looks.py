"""Whose clock the times beside those of events follow."""

from flask import request

from campaign.places import zones


def viewer_zone() -> str:
    """The zone the visitor chose, or the one the browser told; empty where neither is known."""
    chosen = request.cookies.get("tz", "")
    return chosen if zones.is_zone(chosen) else ""
