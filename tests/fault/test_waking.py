"""Who confirms gets the letter that says so at once: it wakes the senders of this machine, whichever kind they are.

No scheduler runs here, so nothing but the bell can be what woke them.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from multiprocessing.process import BaseProcess

import pytest

from campaign.accounts.tokens import Links
from campaign.core import bell, clock
from campaign.core.db import db, transaction
from campaign.events import queries as events
from campaign.mail import service as mail
from campaign.reminders import queries, service, tokens
from tests.fault import roles, seed
from tests.fault.installation import Installation, installed

Sender = Callable[[Installation], BaseProcess]


def _runner(home: Installation) -> BaseProcess:
    """Looks by itself only every ten minutes."""
    return home.start(roles.runner, every=600.0)


def _worker(home: Installation) -> BaseProcess:
    return home.worker(1)


@pytest.fixture(scope="module")
def home(engine: str) -> Iterator[Installation]:
    with installed(engine) as one:
        yield one


def _is_up(home: Installation) -> bool:
    return bool(home.ask("select 1 from heartbeats where part in ('worker', 'runner')"))


def _came(home: Installation, email: str, letters: int) -> bool:
    return home.until(lambda: sum(one.recipient == email for one in home.sink.journal()) == letters, 20)


def _ask(home: Installation, email: str) -> None:
    with home.app.app_context():
        _event, ref = seed.publish("Evening of remembrance", clock.now() + timedelta(days=9))
        with transaction():
            service.ask(service.event_wish(events.get(ref)), email=email, language="en", zone="")
        db.session.remove()


def _end(home: Installation, process: BaseProcess) -> None:
    home.kill(process)
    with home.app.app_context(), transaction():
        db.session.execute(db.text("delete from heartbeats"))


@pytest.mark.servers
@pytest.mark.parametrize("sender", [_runner, _worker])
def test_the_letters_about_a_wish_leave_without_a_tick(home: Installation, sender: Sender) -> None:
    email = f"{sender.__name__.strip('_')}@example.org"
    process = sender(home)
    assert home.until(lambda: _is_up(home), 60), home.log()
    _ask(home, email)
    assert _came(home, email, 1), home.log()
    with home.app.app_context():
        reader = queries.reader_of(email)
        assert reader is not None
        link = f"/v/r/{tokens.manage(reader, Links.of(home.app.extensions['settings']))}"
        db.session.remove()
    assert home.app.test_client().post(link, base_url=home.env["PUBLIC_URL"]).status_code == 200
    assert _came(home, email, 2), home.log()
    _end(home, process)


@pytest.mark.servers
def test_a_worker_hears_again_when_its_broker_was_away(home: Installation) -> None:
    """The embedded broker is a file, which cannot be away."""
    process = home.worker(1)
    assert home.until(lambda: _is_up(home), 60), home.log()
    for redis in filter(None, (home.redis,)):
        redis.stop()
        _ask(home, "meanwhile@example.org")
        redis.start()
        assert _came(home, "meanwhile@example.org", 1), "it looks once when it is connected again"
    _ask(home, "afterwards@example.org")
    assert _came(home, "afterwards@example.org", 1), home.log()
    _end(home, process)


def test_what_is_due_later_wakes_nobody(home: Installation) -> None:
    with home.app.app_context():
        heard = bell.LETTERS.heard()
        with transaction():
            mail.promise("probe:1", "probe", to="a@example.org", language="en", due_at=clock.now() + timedelta(hours=1))
        assert bell.LETTERS.heard() == heard
