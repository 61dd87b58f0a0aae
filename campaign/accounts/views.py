"""Account pages: sign in and out, register, confirm, reset, profile."""

import hashlib

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from campaign.accounts import gates, queries, service, sessions
from campaign.accounts.forms import (
    AddressForm,
    ButtonForm,
    NewPasswordForm,
    PasswordForm,
    ProfileForm,
    RegisterForm,
    SignInForm,
)
from campaign.accounts.models import OptionalLetter, Person
from campaign.accounts.redirects import local_path
from campaign.accounts.tokens import Links
from campaign.accounts.wording import LETTERS
from campaign.core import languages
from campaign.core.db import transaction
from campaign.core.faults import Invalid
from campaign.core.security import limiter

bp = Blueprint("accounts", __name__)


def links() -> Links:
    return Links.of(current_app.extensions["settings"])


def _per_address() -> str:
    """A limit per e-mail address, so that many machines cannot guess at one account; the address is not stored."""
    typed = request.form.get("email", "").strip().casefold()
    return "email:" + hashlib.sha256(typed.encode("utf-8", "replace")).hexdigest()[:24]


@bp.route("/account/sign-in", methods=["GET", "POST"])
@limiter.limit("10 per 5 minutes", methods=["POST"])
@limiter.limit("10 per 5 minutes", methods=["POST"], key_func=_per_address)
@gates.public
def sign_in() -> ResponseReturnValue:
    form, kept = SignInForm(), sessions.kept_fields()
    home = url_for("accounts.profile")
    next_path = local_path(request.values.get("next"), home)
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(next_path)
    if form.validate_on_submit():
        try:
            person = service.authenticate(form.email.data or "", form.password.data or "")
            sessions.sign_in(person)
            return sessions.continue_with(kept, home) if kept else redirect(next_path)
        except Invalid as invalid:
            form.take(invalid)
    page = render_template(
        "accounts/sign_in.html", form=form, next_path=next_path, kept=kept, is_lost=False, has_files=False
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/account/sign-out")
@gates.public
def sign_out() -> ResponseReturnValue:
    sessions.sign_out()
    return redirect("/")


@bp.route("/account/register", methods=["GET", "POST"])
@limiter.limit("5 per hour", methods=["POST"])
@gates.public
def register() -> ResponseReturnValue:
    form = RegisterForm()
    if form.validate_on_submit():
        try:
            email = service.normal_email(form.email.data or "")
            secret = service.new_secret(form.password.data or "", email)
            with transaction():
                service.register(
                    email=email,
                    name=form.name.data or "",
                    secret=secret,
                    language=languages.chosen(),
                    links=links(),
                )
            return render_template("accounts/letter_sent.html", email=email, is_reset=False)
        except Invalid as invalid:
            form.take(invalid)
    return render_template("accounts/register.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/v/<token>", methods=["GET", "POST"])
@gates.public
def confirm(token: str) -> ResponseReturnValue:
    """Mail scanners open links; only the button confirms."""
    form = ButtonForm()
    try:
        if form.validate_on_submit():
            with transaction():
                service.confirm(token, links())
            flash(_("Your e-mail address is confirmed."))
            return redirect(url_for("accounts.profile"))
        person = service.unconfirmed(token, links())
    except Invalid as invalid:
        return render_template("accounts/stale_link.html", message=invalid.message, is_reset=False), 422
    return render_template("accounts/confirm.html", form=form, email=person.email, is_done=person.is_confirmed)


@bp.post("/account/resend")
@limiter.limit("5 per hour")
@gates.signed_in
def resend() -> ResponseReturnValue:
    person = gates.actor()
    with transaction():
        service.promise_confirmation(person, links())
    return render_template("accounts/letter_sent.html", email=person.email, is_reset=False)


@bp.route("/account/reset", methods=["GET", "POST"])
@limiter.limit("5 per hour", methods=["POST"])
@limiter.limit("5 per hour", methods=["POST"], key_func=_per_address)
@gates.public
def reset() -> ResponseReturnValue:
    form = AddressForm()
    if form.validate_on_submit():
        try:
            email = service.normal_email(form.email.data or "")
            with transaction():
                service.request_reset(email, links())
            return render_template("accounts/letter_sent.html", email=email, is_reset=True)
        except Invalid as invalid:
            form.take(invalid)
    return render_template("accounts/reset.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/account/reset/<token>", methods=["GET", "POST"])
@limiter.limit("20 per hour", methods=["POST"])
@gates.public
def reset_with(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    try:
        person = service.resetting(token, links())
    except Invalid as invalid:
        return render_template("accounts/stale_link.html", message=invalid.message, is_reset=True), 422
    if form.validate_on_submit():
        try:
            secret = service.new_secret(form.password.data or "", person.email)
            with transaction():
                person = service.reset_password(token, secret, links())
            sessions.sign_in(person)
            flash(_("Your new password is set, and you are signed in."))
            return redirect(url_for("accounts.profile"))
        except Invalid as invalid:
            form.take(invalid)
    page = render_template("accounts/reset_with.html", form=form, email=person.email)
    return page, 422 if form.is_submitted() else 200


def _profile_page(form: ProfileForm, password_form: PasswordForm) -> ResponseReturnValue:
    person = gates.actor()
    page = render_template(
        "accounts/profile.html",
        form=form,
        password_form=password_form,
        person=person,
        letters=LETTERS,
        unwanted=queries.unwanted(person.id),
    )
    is_refused = bool(form.problems() or password_form.problems())
    return page, 422 if is_refused else 200


def _profile_form(person: Person, *, is_sent: bool) -> ProfileForm:
    return ProfileForm(obj=person) if is_sent else ProfileForm(formdata=None, obj=person)


@bp.route("/account/", methods=["GET", "POST"])
@gates.signed_in
def profile() -> ResponseReturnValue:
    person = gates.actor()
    form = _profile_form(person, is_sent=request.method == "POST")
    if form.validate_on_submit():
        with transaction():
            service.update_profile(
                person, name=form.name.data or "", language=form.language.data, time_zone=form.time_zone.data
            )
        flash(_("Your profile is saved."))
        return redirect(url_for("accounts.profile"))
    return _profile_page(form, PasswordForm(formdata=None))


@bp.post("/account/letters")
@gates.signed_in
def letters() -> ResponseReturnValue:
    """What was not on the page stays as it is: not everybody is offered every kind."""
    offered, wanted = (request.form.getlist(name) for name in ("offered", "wanted"))
    with transaction():
        choices = {kind: kind in wanted for kind in OptionalLetter if kind in offered}
        service.choose_letters(gates.actor(), choices)
    flash(_("Your letters are chosen."))
    return redirect(url_for("accounts.profile"), 303)


@bp.post("/account/password")
@limiter.limit("10 per hour")
@gates.signed_in
def password() -> ResponseReturnValue:
    person, form = gates.actor(), PasswordForm()
    if form.validate_on_submit():
        try:
            secret = service.new_secret(form.new.data or "", person.email, field="new")
            with transaction():
                service.change_password(person, form.current.data or "", secret, links())
            sessions.sign_in(queries.get(person.id))
            flash(_("Your new password is set. Every other session has ended."))
            return redirect(url_for("accounts.profile"))
        except Invalid as invalid:
            form.take(invalid)
    return _profile_page(_profile_form(person, is_sent=False), form)
