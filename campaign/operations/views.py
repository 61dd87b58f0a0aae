"""Addresses for load balancers, the supervisor and whoever measures; no page of a person."""

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from campaign.accounts.gates import public
from campaign.core.db import clock_skew
from campaign.core.faults import NotFound
from campaign.operations import alarms, health, metrics

bp = Blueprint("operations", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return jsonify(status="alive")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Database, worker heartbeat and mail, with a reason each; 503 when one of them does not work.

    Alarms that stand are among the reasons; they do not take the site out of service.
    """
    found = health.readiness()
    ready = health.is_ready(found)
    reasons = {f.subject: {"ok": f.is_ok, "state": f.state} for f in found}
    return jsonify(status="ready" if ready else "not ready", checks=reasons), 200 if ready else 503


@bp.get("/metrics")
@public
def measured() -> ResponseReturnValue:
    """Figures for Prometheus, with the token of the settings or from this machine. For others there is no such page."""
    if not _may_measure(current_app.extensions["settings"].metrics_token):
        raise NotFound
    figures, settings = alarms.now(), current_app.extensions["settings"]
    findings = health.everything(settings, lambda: figures)
    text = metrics.text(figures, findings, skew=clock_skew().total_seconds())
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_measure(token: str) -> bool:
    """A proxy on this machine asks from here too, for anybody; it names whom it asks for, or the public host."""
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    is_forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via"))
    host = request.host.rpartition(":")[0] or request.host
    return not is_forwarded and _is_here(request.remote_addr or "") and _is_here(host.strip("[]"))


def _is_here(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
