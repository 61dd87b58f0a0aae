"""The blueprint, and what several of its pages show alike."""

from typing import Any

from flask import Blueprint

from campaign.core import languages
from campaign.events import labels
from campaign.events.forms import FIELD_OF
from campaign.events.lifecycle import Status
from campaign.events.models import Event

bp = Blueprint("events", __name__, url_prefix="/my")
# What is public is changed by a proposal, which waits for the desk.
PROPOSABLE = (Status.PUBLISHED, Status.POSTPONED)


def answers(event: Event) -> list[tuple[str, Any, str]]:
    """(id of the box in the form, label, text) of everything that was said."""
    shown = labels.shown(event.details, languages.chosen())
    return [(FIELD_OF.get(name, name), label, text) for name, label, text in shown]
