"""A verified embassy with an owner, a partner's program on a real port, and somebody signed in."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from campaign.core import clock, signatures
from campaign.core.db import transaction
from campaign.core.outbound import Outside
from campaign.mail import engine
from campaign.mail.office import Office
from campaign.organizations.models import Membership, Organization, Role
from campaign.partners import service
from campaign.partners.models import Webhook
from tests.factories.desk import World
from tests.review.conftest import signed_in, world
from tests.servers import webserver
from tests.servers.webserver import Web

__all__ = ["signed_in", "world"]
ALL = "/my/organisation/embassy/webhooks/"


@pytest.fixture
def web() -> Iterator[Web]:
    with webserver.serve() as server:
        yield server


@pytest.fixture
def embassy(world: World, session: Any) -> Organization:
    made = world.organization("Embassy", "DE")
    made.verified_at = clock.now()
    owner = world.person("Olga")
    session.add(Membership(person_id=owner.id, organization_id=made.id, role=Role.OWNER))
    session.commit()
    return made


@pytest.fixture
def webhook(world: World, embassy: Organization, web: Web) -> Webhook:
    with transaction():
        return service.add(
            embassy,
            world.campaign,
            f"{web.url}/news?k=1",
            by=world.people["Olga"],
            outside=Outside(allows_loopback=True),
        )


@pytest.fixture
def owner(signed_in: Callable[..., FlaskClient], world: World, embassy: Organization) -> FlaskClient:
    return signed_in(world.people["Olga"])


@pytest.fixture
def page(webhook: Webhook) -> str:
    return f"{ALL}{webhook.ref}/"


@pytest.fixture
def send(session: Any) -> Callable[..., Any]:
    """Let the engine bring what is due."""

    def run() -> Any:
        tally = engine.send_due(Office(mail_from="calendar@example.org", public_url="http://localhost"))
        session.expire_all()
        return tally

    return run


def told(web: Web, webhook: Webhook) -> list[dict[str, Any]]:
    """The bodies that came, each with a signature that is right, and with its id."""
    found = []
    for request in web.requests:
        name = signatures.check(webhook.secret, request.headers, request.body, now=clock.now())
        found.append(json.loads(request.body) | {"id": name})
    return found


SOON = timedelta(minutes=2)
