"""Adds, tries, stops and removes webhooks; tells them what happened. Never commits."""

import base64
import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from flask_babel import lazy_gettext as _

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.core import clock, signatures
from campaign.core.db import database_now, db
from campaign.core.faults import Conflict, Invalid, NotAllowed
from campaign.core.outbound import Outside, Refused
from campaign.events.consequences import Change, Happening
from campaign.journal import service as journal
from campaign.mail import service as mail
from campaign.mail.models import WAITING, Letter, Status
from campaign.mail.office import Office
from campaign.mail.service import Promise
from campaign.organizations import queries as organizations
from campaign.organizations.models import Organization, Role
from campaign.partners import policy, queries
from campaign.partners.models import Webhook
from campaign.partners.queries import CHANNEL, KIND

AT_MOST = 5
# What could not be brought for so long is not brought any more, and a webhook that took nothing for so long is stopped.
PATIENCE = timedelta(days=3)
# A former secret signs beside the new one for so long.
BOTH = timedelta(days=1)
CHOOSABLE = (Change.PUBLISHED, Change.CHANGED, Change.POSTPONED, Change.CANCELLED)
# One thing that it refuses may be our mistake.
ENOUGH = 3


def add(organization: Organization, campaign: Campaign, url: str, *, by: Person, outside: Outside) -> Webhook:
    """Tell this address of the campaign's changes from now on. Raises NotAllowed, Invalid."""
    if not policy.may_add(organization):
        raise NotAllowed(_("A coordinator verifies the organisation first."))
    known = queries.of_organization(organization.id)
    if len(known) >= AT_MOST:
        raise Invalid({"url": _("An organisation has at most %(max)d webhooks.", max=AT_MOST)})
    if any(one.url == url and one.campaign_id == campaign.id for one in known):
        raise Invalid({"url": _("This address is told of this campaign already.")})
    try:
        target = outside.target(url)
    except Refused:
        sentence = _("Enter a public address that begins with https://, without a user name.")
        raise Invalid({"url": sentence}) from None
    webhook = Webhook(
        ref=secrets.token_hex(8),
        organization_id=organization.id,
        campaign_id=campaign.id,
        url=url,
        host=target.site,
        secret=_fresh_secret(),
    )
    db.session.add(webhook)
    _note(webhook, "webhook_added", by)
    return webhook


def _fresh_secret() -> str:
    return signatures.PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def renew_secret(webhook: Webhook, *, by: Person) -> None:
    """Sign with a new secret; the one until now signs beside it for a day, so that no request is refused meanwhile."""
    webhook.former_secret, webhook.former_until = webhook.secret, clock.now() + BOTH
    webhook.secret = _fresh_secret()
    _note(webhook, "webhook_secret_renewed", by)


def prefer(webhook: Webhook, *, changes: Collection[str], country: str, by: Person) -> None:
    """Tell it of these changes in this country only; an empty country means everywhere. Raises Invalid."""
    chosen = [change.value for change in CHOOSABLE if change in changes]
    if not chosen:
        raise Invalid({"changes": _("Choose at least one kind of change.")})
    webhook.changes = [] if len(chosen) == len(CHOOSABLE) else chosen
    webhook.country = country
    _note(webhook, "webhook_told_of", by)


def remove(webhook: Webhook, *, by: Person) -> None:
    """Forget it; what waits for it is called back."""
    mail.call_back("webhook", webhook.id, [KIND])
    _note(webhook, "webhook_removed", by)
    db.session.delete(webhook)


def stop(webhook: Webhook, because: str, *, by: Person | None = None) -> None:
    """Send nothing more; what waits is called back, and the owners hear of it unless one of them did it."""
    if webhook.stopped_at is not None:
        return
    webhook.stopped_at, webhook.stopped_because = clock.now(), because[:300]
    mail.call_back("webhook", webhook.id, [KIND])
    _note(webhook, "webhook_stopped", by, because)
    if by is None:
        mail.promise_all(_letters(webhook))


def start(webhook: Webhook, *, by: Person) -> None:
    """Tell it again, of what happens from now on."""
    webhook.stopped_at, webhook.stopped_because = None, ""
    _note(webhook, "webhook_started", by)


def try_out(webhook: Webhook) -> None:
    """Send something that says nothing. Raises Conflict for one that is stopped."""
    if webhook.stopped_at is not None:
        raise Conflict(_("This webhook is stopped. Start it first."))
    moment = database_now()
    context = {"type": "test", "at": moment.isoformat()}
    mail.promise_all([_promise(webhook, f"test:{moment:%Y%m%dT%H%M%S%f}", context)])


def send_again(webhook: Webhook, letter: Letter) -> None:
    """Bring one delivery once more, under the same id. Raises Conflict for one that still waits."""
    if letter.status in WAITING:
        raise Conflict(_("It still waits; it leaves by itself."))
    if webhook.stopped_at is not None:
        raise Conflict(_("This webhook is stopped. Start it first."))
    mail.resend(letter.id).expires_at = database_now() + PATIENCE


def follow(happening: Happening) -> None:
    """A public listing changed: promise the news to all who listen, in the same transaction."""
    event, change = happening.event, happening.change.value
    context = {"type": f"event.{change}", "event_id": event.id, "at": database_now().isoformat()}
    listening = [one for one in queries.listening(event.campaign_id) if _is_told(one, happening)]
    # The version of the event counts up with every change, so each change has one key.
    mail.promise_all(_promise(one, f"{event.id}:{change}:{event.version}", context) for one in listening)


def _is_told(webhook: Webhook, happening: Happening) -> bool:
    """What moves out of its country is told once more, and what is withdrawn always: it must be removed."""
    countries = {happening.event.country, happening.before.country if happening.before else ""}
    if webhook.country and webhook.country not in countries:
        return False
    return not webhook.changes or happening.change in (*webhook.changes, Change.WITHDRAWN)


def sweep() -> int:
    """Stop those that took nothing for days; answers how many. Safe to run at any time."""
    return sum(_stop_if_deaf(webhook) for webhook in queries.active())


def _stop_if_deaf(webhook: Webhook) -> bool:
    missed, now = 0, database_now()
    for letter in queries.deliveries(webhook):
        if letter.status is Status.SENT:
            break
        missed += letter.status is not Status.CANCELLED and letter.due_at < now - PATIENCE
    if missed < ENOUGH:
        return False
    stop(webhook, "nothing was taken for three days")
    return True


def _promise(webhook: Webhook, name: str, context: Mapping[str, object]) -> Promise:
    return Promise(
        key=f"webhook:{webhook.id}:{name}",
        kind=KIND,
        to=webhook.ref,
        language="en",
        context=context,
        expires_at=database_now() + PATIENCE,
        subject="webhook",
        subject_id=webhook.id,
        channel=CHANNEL,
        host=webhook.host,
    )


def _letters(webhook: Webhook) -> Iterable[Promise]:
    """To every owner, in their language."""
    organization = organizations.find(webhook.organization_id)
    assert organization is not None
    for membership in organizations.members_of(organization.id):
        if membership.role is Role.OWNER:
            yield Promise(
                key=f"webhook_stopped:{webhook.id}:{membership.person_id}:{webhook.stopped_at:%Y%m%dT%H%M}",
                kind="webhook_stopped",
                to=membership.person.email,
                language=membership.person.language,
                context={
                    "organization": organization.name,
                    "host": webhook.host,
                    "reason": webhook.stopped_because,
                    "url": f"{Office.current().public_url}/my/organisation/{organization.slug}/webhooks/{webhook.ref}/",
                },
            )


def _note(webhook: Webhook, act: str, by: Person | None, reason: str = "") -> None:
    journal.record(
        "organization",
        webhook.organization_id,
        act,
        actor_id=by.id if by else None,
        actor_name=by.name if by else "",
        note=reason,
        details={"host": webhook.host, "webhook": webhook.ref},
    )
