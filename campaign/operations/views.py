"""Health addresses for load balancers and the supervisor; no page of a person."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from campaign.accounts.gates import public
from campaign.operations import health

bp = Blueprint("operations", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return jsonify(status="alive")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Database, worker heartbeat and mail, with a reason each; 503 when one of them does not work."""
    found = health.readiness()
    ready = not any(f.is_fault for f in found)
    reasons = {f.subject: {"ok": not f.is_fault, "state": f.state} for f in found}
    return jsonify(status="ready" if ready else "not ready", checks=reasons), 200 if ready else 503
