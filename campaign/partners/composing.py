"""What a webhook is told: the change, and the event as the API tells it at the moment it leaves."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app

from campaign.calendar.api import rows, whole
from campaign.calendar.api.schemas.event import EventInFullSchema
from campaign.core import clock, languages, signatures
from campaign.events import queries as events
from campaign.events.lifecycle import PUBLIC
from campaign.events.models import Event
from campaign.mail.composers import Drop, Parcel
from campaign.mail.models import Letter, Status
from campaign.mail.office import Office
from campaign.partners import queries
from campaign.partners.models import Webhook


def compose(letter: Letter) -> Parcel | Drop:
    """The signed request; the address is read anew, so that what was changed or stopped counts at once."""
    webhook = queries.find(letter.recipient)
    if webhook is None or webhook.stopped_at is not None:
        return Drop(Status.CANCELLED, "the webhook is stopped or gone")
    data = _data(webhook, letter.context)
    if data is None:
        return Drop(Status.CANCELLED, "the event is not public any more; that is told by itself")
    told = {"type": letter.context["type"], "timestamp": _utc(letter.context["at"]), "data": data}
    now = clock.now()
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"Campaign-Webhooks (+{Office.current().public_url}/)",
        # The id follows from the promise: a second copy, even after a crash, bears the same.
        **signatures.signed(webhook.secret, _id(letter), now, body, also=webhook.former_secrets(now)),
    }
    return Parcel(address=webhook.url, headers=headers, body=body)


def _id(letter: Letter) -> str:
    return "msg_" + letter.message_id.removeprefix("<r.").partition("@")[0]


def _data(webhook: Webhook, context: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if context["type"] == "test":
        return {"webhook": webhook.ref, "campaign": webhook.campaign.slug}
    event = events.find(context["event_id"])
    if event is None:
        return None
    if context["type"] == "event.withdrawn":
        return {"id": event.ref, "campaign": event.campaign.slug, "status": "withdrawn"}
    return _in_full(event) if event.status in PUBLIC else None


def _in_full(event: Event) -> Mapping[str, Any]:
    """Byte for byte what /api/v1/events/… answers now. Addresses are built as in a request to the canonical host."""
    site = Office.current().public_url
    with current_app.test_request_context(base_url=f"{site}/"), languages.speaking("en"):
        shown = whole.event(event, now=clock.now(), language=languages.DEFAULT)
        dumped: Mapping[str, Any] = EventInFullSchema().dump(shown)
    return dumped


def _utc(moment: str) -> str:
    return rows.utc(datetime.fromisoformat(moment))


COMPOSERS = {queries.KIND: compose}
