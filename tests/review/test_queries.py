"""The queue shows what is in scope, in order, in one statement, page by page."""

from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event as listening

from campaign.campaigns.queries import scopes_of
from campaign.core import clock
from campaign.core.db import db
from campaign.events import service as events
from campaign.review import policy, queries
from tests.factories.desk import details


def refs(world, name, **more):
    return [item.event.ref for item in queries.awaiting(scopes_of(world.people[name].id), **more).rows]


@contextmanager
def counted():
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    engine = db.session.get_bind().engine
    listening.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        listening.remove(engine, "before_cursor_execute", note)


def test_each_desk_sees_its_countries_and_the_lead_sees_all(world):
    nigar = world.people["Nigar"]
    berlin = world.event(nigar)
    boston = world.event(nigar, country="US", city="Boston", time_zone="America/New_York")
    assert refs(world, "Lena") == [berlin.ref]
    assert refs(world, "Ana") == [boston.ref]
    assert set(refs(world, "Rashad")) == {berlin.ref, boston.ref}
    assert refs(world, "Nigar") == []


def test_an_online_event_belongs_to_the_desk_of_its_organisation(world):
    nigar = world.people["Nigar"]
    french = world.online(nigar, world.organization("Mission", "FR"))
    homeless = world.online(nigar, None)
    assert refs(world, "Lena") == [french.ref]
    assert refs(world, "Ana") == []
    assert set(refs(world, "Rashad")) == {french.ref, homeless.ref}


def test_the_statement_and_the_rule_agree(world):
    nigar = world.people["Nigar"]
    made = [
        world.event(nigar),
        world.event(nigar, country="US", city="Boston"),
        world.online(nigar, world.organization("Mission", "US")),
        world.online(nigar, None),
    ]
    for name in ("Lena", "Ana", "Rashad", "Nigar"):
        scopes = scopes_of(world.people[name].id)
        assert set(refs(world, name)) == {e.ref for e in made if policy.is_in_scope(scopes, e)}


def test_changes_of_published_events_wait_too_and_drafts_do_not(world, session):
    nigar = world.people["Nigar"]
    world.published(nigar)
    changed = world.published(nigar)
    events.propose(changed, details(title="Another title"), by=nigar)
    events.draft(details(), campaign=world.campaign, by=nigar, organization_id=None)
    session.flush()
    assert refs(world, "Lena") == [changed.ref]
    found = queries.counts(scopes_of(world.people["Lena"].id))
    assert (found.waiting, found.changes, found.overdue) == (1, 1, 0)


def test_soonest_first_and_every_row_once_over_the_pages(world):
    nigar, late = world.people["Nigar"], details().starts + timedelta(days=3)
    made = [world.event(nigar) for _ in range(3)]
    last = world.event(nigar, starts=late, ends=late)
    made += [world.event(nigar) for _ in range(2)]
    scopes, key, seen = scopes_of(world.people["Lena"].id), None, []
    for _ in range(3):
        page = queries.awaiting(scopes, after=key, limit=2)
        seen += [item.event.ref for item in page.rows]
        key = page.next_key
    assert key is None
    assert seen[-1] == last.ref
    assert seen == [e.ref for e in made if e is not last] + [last.ref]
    assert refs(world, "Lena", after="not a key") == seen


def test_whoever_waits_too_long_stands_before_what_starts_sooner(world, session):
    nigar, late = world.people["Nigar"], details().starts + timedelta(days=3)
    soon, waiting = world.event(nigar), world.event(nigar, starts=late, ends=late)
    waiting.submitted_at = clock.now() - queries.OVERDUE - timedelta(minutes=1)
    session.flush()
    scopes = scopes_of(world.people["Lena"].id)
    first = queries.awaiting(scopes, limit=1)
    assert [item.event.ref for item in first.rows] == [waiting.ref]
    assert [item.event.ref for item in queries.awaiting(scopes, after=first.next_key).rows] == [soon.ref]


def test_alike_is_what_stands_in_the_same_city_at_the_same_hours(world):
    nigar, at = world.people["Nigar"], details().starts
    event = world.event(nigar)
    near = world.event(nigar, city="BERLIN", starts=at + timedelta(hours=2), ends=None)
    world.event(nigar, starts=at + timedelta(hours=4), ends=None)
    world.event(nigar, city="Hamburg")
    assert [other.ref for other in queries.alike(event)] == [near.ref]


def test_public_events_of_an_organisation_are_counted_without_the_one_asked_about(world):
    embassy = world.organization("Embassy", "DE")
    nigar = world.people["Nigar"]
    public, waiting = world.published(nigar, organization=embassy), world.event(nigar, organization=embassy)
    assert queries.count_published(embassy.id, besides=waiting.id) == 1
    assert queries.count_published(embassy.id, besides=public.id) == 0


def test_the_queue_is_one_statement(world, session):
    for _ in range(3):
        world.event(world.people["Nigar"], organization=None)
    world.event(world.people["Nigar"], organization=world.organization("Embassy", "DE"))
    scopes = scopes_of(world.people["Lena"].id)
    session.flush()
    session.expunge_all()
    with counted() as statements:
        rows = queries.awaiting(scopes).rows
        assert [r.event.organization.name for r in rows if r.event.organization] == ["Embassy"]
        assert {r.event.campaign.slug for r in rows} == {"khojaly"}
    assert len(statements) == 1
