"""`/my/organisation/…/webhooks/`: an organisation's webhooks; `/desk/webhooks/`: all of them, for operators."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts import gates
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.db import transaction
from campaign.core.faults import Invalid, NotFound
from campaign.core.security import limiter
from campaign.mail.office import Office
from campaign.mail.posting import outside
from campaign.operations.letters import wording
from campaign.organizations import queries as organizations
from campaign.organizations.models import Organization
from campaign.partners import policy, queries, service
from campaign.partners.forms import NewsForm, WebhookForm
from campaign.partners.models import Webhook
from campaign.partners.service import CHOOSABLE
from campaign.partners.wording import TYPES
from campaign.places import countries
from campaign.review.wording import ago

bp = Blueprint("webhooks", __name__)
OF_ONE = "/my/organisation/<slug>/webhooks/"


def _organization(slug: str) -> Organization:
    """The organisation, for those who may manage its webhooks; for others it does not exist."""
    person, found = gates.actor(), organizations.find_by_slug(slug)
    role = organizations.role_of(person.id, found.id) if found else None
    if found is None or not policy.may_manage(role, is_admin=person.is_admin):
        raise NotFound
    return found


def _webhook(slug: str, ref: str) -> Webhook:
    return queries.get(ref, organization_id=_organization(slug).id)


@bp.get("/desk/webhooks/")
@gates.administrator
def everybodys() -> ResponseReturnValue:
    return render_template(
        "partners/everybodys.html", webhooks=queries.everybodys(), types=TYPES, country_in=countries.name
    )


@bp.get(OF_ONE)
@gates.confirmed
def mine(slug: str) -> ResponseReturnValue:
    return _page(_organization(slug), WebhookForm(formdata=None))


def _page(organization: Organization, form: WebhookForm, code: int = 200) -> ResponseReturnValue:
    page = render_template(
        "partners/mine.html",
        organization=organization,
        webhooks=queries.of_organization(organization.id),
        form=form.offer(),
        may_add=policy.may_add(organization),
        types=TYPES,
        country_in=countries.name,
    )
    return page, code


@bp.post(OF_ONE)
@gates.confirmed
@limiter.limit("30 per hour")
def add(slug: str) -> ResponseReturnValue:
    organization, form = _organization(slug), WebhookForm()
    if not form.validate_on_submit():
        return _page(organization, form, 422)
    try:
        with transaction():
            webhook = service.add(
                organization,
                _campaign(form),
                form.url.data or "",
                by=gates.actor(),
                outside=outside(Office.current()),
            )
    except Invalid as invalid:
        form.take(invalid)
        return _page(organization, form, 422)
    flash(_("The webhook is added. Send it something to try it."))
    return redirect(url_for(".show", slug=slug, ref=webhook.ref), 303)


def _campaign(form: WebhookForm) -> Campaign:
    found = campaigns.find_by_slug(form.campaign.data or "")
    if found is None:
        raise Invalid({"campaign": _("Choose a campaign.")})
    return found


@bp.get(f"{OF_ONE}<ref>/")
@gates.confirmed
def show(slug: str, ref: str) -> ResponseReturnValue:
    webhook = _webhook(slug, ref)
    return _page_of(webhook, NewsForm(formdata=None, changes=webhook.changes or CHOOSABLE, country=webhook.country))


def _page_of(webhook: Webhook, form: NewsForm, code: int = 200) -> ResponseReturnValue:
    page = render_template(
        "partners/webhook.html",
        form=form,
        is_renewed=bool(webhook.former_secrets(clock.now())),
        webhook=webhook,
        organization=webhook.organization,
        deliveries=queries.deliveries(webhook),
        types=TYPES,
        statuses=wording.STATUS,
        tones=wording.TONE,
        ago=ago,
    )
    return page, code


@bp.post(f"{OF_ONE}<ref>/news")
@gates.confirmed
def prefer(slug: str, ref: str) -> ResponseReturnValue:
    webhook, form = _webhook(slug, ref), NewsForm()
    if not form.validate_on_submit():
        return _page_of(webhook, form, 422)
    try:
        with transaction():
            service.prefer(
                _webhook(slug, ref), changes=form.changes.data or (), country=form.country.data or "", by=gates.actor()
            )
    except Invalid as invalid:
        form.take(invalid)
        return _page_of(_webhook(slug, ref), form, 422)
    flash(_("Saved. It counts for what happens from now on."))
    return redirect(url_for(".show", slug=slug, ref=ref), 303)


@bp.post(f"{OF_ONE}<ref>/secret")
@gates.confirmed
@limiter.limit("10 per hour")
def renew_secret(slug: str, ref: str) -> ResponseReturnValue:
    with transaction():
        service.renew_secret(_webhook(slug, ref), by=gates.actor())
    flash(_("There is a new secret. The former one signs beside it for 24 hours."))
    return redirect(url_for(".show", slug=slug, ref=ref), 303)


@bp.post(f"{OF_ONE}<ref>/try")
@gates.confirmed
@limiter.limit("30 per hour")
def try_out(slug: str, ref: str) -> ResponseReturnValue:
    with transaction():
        service.try_out(_webhook(slug, ref))
    flash(_("Something to try it is on its way; below stands what becomes of it."))
    return redirect(url_for(".show", slug=slug, ref=ref), 303)


@bp.post(f"{OF_ONE}<ref>/again/<int:letter_id>")
@gates.confirmed
@limiter.limit("60 per hour")
def send_again(slug: str, ref: str, letter_id: int) -> ResponseReturnValue:
    with transaction():
        webhook = _webhook(slug, ref)
        service.send_again(webhook, queries.delivery(webhook, letter_id))
    flash(_("It waits again and leaves within a minute."))
    return redirect(url_for(".show", slug=slug, ref=ref), 303)


@bp.post(f"{OF_ONE}<ref>/stop")
@gates.confirmed
def stop(slug: str, ref: str) -> ResponseReturnValue:
    with transaction():
        service.stop(_webhook(slug, ref), "", by=gates.actor())
    flash(_("Nothing is sent to it any more."))
    return redirect(url_for(".show", slug=slug, ref=ref), 303)


@bp.post(f"{OF_ONE}<ref>/start")
@gates.confirmed
def start(slug: str, ref: str) -> ResponseReturnValue:
    with transaction():
        service.start(_webhook(slug, ref), by=gates.actor())
    flash(_("It is told of what happens from now on."))
    return redirect(url_for(".show", slug=slug, ref=ref), 303)


@bp.post(f"{OF_ONE}<ref>/remove")
@gates.confirmed
def remove(slug: str, ref: str) -> ResponseReturnValue:
    with transaction():
        service.remove(_webhook(slug, ref), by=gates.actor())
    flash(_("The webhook is removed."))
    return redirect(url_for(".mine", slug=slug), 303)
