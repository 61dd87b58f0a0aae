"""Letters in words: their kinds, what became of them, and nothing that opens a door."""

import re

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaign.mail.models import Status

KIND: dict[str, LazyString] = {
    "confirm_address": _("Confirm an address"),
    "address_known": _("Address registered already"),
    "reset_password": _("New password"),
    "password_changed": _("Password changed"),
    "member_added": _("Member of an organisation"),
    "member_invited": _("Invitation to an organisation"),
    "event_received": _("Event received"),
    "event_question": _("Question about an event"),
    "event_published": _("Event published"),
    "event_refused": _("Event refused"),
    "change_published": _("Change published"),
    "change_declined": _("Change declined"),
    "danger_reported": _("Danger reported"),
    "mistake_resolved": _("Report resolved"),
    "reminder_confirm": _("Confirm a reminder"),
    "reminder_set": _("Reminder set"),
    "reminder": _("Reminder"),
    "reminder_change": _("Change of an event"),
    "follow_coming": _("What is coming"),
    "follow_weekly": _("The week"),
    "follow_day": _("Day of remembrance"),
    "follow_review": _("The year in review"),
    "event_check": _("Please check"),
    "event_report": _("How it went"),
    "event_draft": _("Draft saved"),
    "event_question_again": _("Question still open"),
    "season_hold": _("Hold the date"),
    "season_open": _("Registration is open"),
    "season_deadline": _("Deadline"),
    "season_review": _("The year in review, for organisers"),
    "desk_digest": _("What waits for a desk"),
    "desk_breach": _("A desk is late"),
    "mail_test": _("Test letter"),
    "addresses_stopped": _("Addresses stopped"),
    "webhook": _("News for a webhook"),
    "webhook_stopped": _("Webhook stopped"),
}
STATUS: dict[Status, LazyString] = {
    Status.PENDING: _("waits"),
    Status.SENDING: _("being sent"),
    Status.SENT: _("sent"),
    Status.BOUNCED: _("came back"),
    Status.FAILED: _("failed"),
    Status.CANCELLED: _("called back"),
    Status.EXPIRED: _("too late"),
    Status.SUPPRESSED: _("address stopped"),
    Status.UNCERTAIN: _("not known"),
}
CHANNEL: dict[str, LazyString] = {
    "email": _("Mail"),
    "push": _("Push messages"),
    "webhook": _("Webhooks"),
}
# How a status is coloured; the word says the same.
TONE = {
    Status.SENT: "ok",
    Status.SENDING: "info",
    Status.PENDING: "info",
    Status.BOUNCED: "err",
    Status.FAILED: "err",
    Status.UNCERTAIN: "warn",
    Status.EXPIRED: "warn",
    Status.SUPPRESSED: "warn",
    Status.CANCELLED: "",
}
ACT: dict[str, LazyString] = {"letter_sent_again": _("Sent again")}
# What `accounts.tokens` signs: payload, time, signature.
_TOKEN = re.compile(r"\.?[\w-]{4,}\.[\w-]{4,12}\.[\w-]{20,}")


def kind_of(kind: str) -> str:
    return str(KIND.get(kind, kind))


def masked_address(email: str) -> str:
    """`a…@example.org`: enough to tell two apart, not enough to write to."""
    local, at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}" if at else "…"


def masked(text: str) -> str:
    """A letter without its keys: whoever looks into the log must not be able to use its links."""
    return _TOKEN.sub("…", text)
