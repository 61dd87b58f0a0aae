"""Founding organisations and managing members, below the pages."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from campaign.accounts.models import Person
from campaign.accounts.tokens import Links
from campaign.core import clock
from campaign.core.db import db
from campaign.core.faults import Invalid, NotAllowed, NotFound
from campaign.journal.queries import history
from campaign.mail.models import Letter
from campaign.organizations import policy, queries, service
from campaign.organizations.models import Kind, Role

LINKS = Links("http://localhost", ("tests-only",))


@pytest.fixture
def make(session):
    def person(name, *, is_confirmed=True):
        made = Person(email=f"{name}@example.org", name=name.title())
        made.email_confirmed_at = clock.now() if is_confirmed else None
        session.add(made)
        session.flush()
        return made

    return person


@pytest.fixture
def owner(make):
    return make("owner")


@pytest.fixture
def embassy(owner):
    return service.found(name="Embassy in Berlin", kind=Kind.EMBASSY, country="DE", city="Berlin", by=owner)


@pytest.fixture
def moved_clock():
    yield clock.set_offset
    clock.set_offset(timedelta())


def data(**changes):
    return {
        "name": "Embassy in Berlin",
        "kind": Kind.EMBASSY,
        "country": "DE",
        "city": "Berlin",
        "website": "",
    } | changes


def invitation_token(session):
    letter = session.scalar(select(Letter).where(Letter.kind == "member_invited"))
    return letter.context["link"].rpartition("/")[2]


def test_the_founder_owns_and_the_journal_knows(embassy, owner):
    assert queries.role_of(owner.id, embassy.id) is Role.OWNER
    assert [e.act for e in history("organizations", embassy.id)] == ["founded"]
    assert (embassy.slug, embassy.search_name, embassy.verified_at) == ("embassy-in-berlin", "embassy in berlin", None)


def test_slugs_are_unique_in_every_script(owner):
    names = ["Dərnək", "Dernek", "Dərnək", "السفارة", "посольство"]
    slugs = [service.found(name=name, kind=Kind.OTHER, by=owner).slug for name in names]
    assert slugs == ["dernek", "dernek-2", "dernek-3", "organisation", "organisation-2"]


@pytest.mark.parametrize(
    "wrong", [{"country": "XX"}, {"website": "javascript:alert(1)"}, {"website": "no host"}, {"website": "http://[x"}]
)
def test_wrong_data_is_refused_at_its_field(owner, wrong):
    with pytest.raises(Invalid) as refused:
        service.found(name="N", kind=Kind.OTHER, by=owner, **wrong)
    assert set(refused.value.problems) == set(wrong)


def test_only_owners_change_the_data(embassy, make):
    editor = make("editor")
    service.join(embassy, editor, Role.EDITOR)
    for outsider in (editor, make("stranger")):
        with pytest.raises(NotAllowed):
            service.change(embassy, **data(), by=outsider)


def test_another_name_ends_the_verification_and_another_city_does_not(embassy, owner):
    embassy.verified_at = clock.now()
    service.change(embassy, **data(city="Potsdam"), by=owner)
    assert embassy.verified_at is not None
    service.change(embassy, **data(name="Embassy in Paris"), by=owner)
    assert embassy.verified_at is None
    assert embassy.search_name == "embassy in paris"


def test_a_confirmed_person_is_added_at_once_and_told(session, embassy, owner, make):
    editor = make("editor")
    arguments = {"email": "Editor@example.org", "role": Role.EDITOR, "by": owner, "links": LINKS}
    assert service.add_member(embassy, **arguments) == "added"
    assert queries.role_of(editor.id, embassy.id) is Role.EDITOR
    assert session.scalar(select(Letter.recipient)) == "editor@example.org"
    with pytest.raises(Invalid):
        service.add_member(embassy, **arguments)


def test_an_unknown_address_is_invited_and_only_it_can_accept(session, embassy, owner, make):
    outcome = service.add_member(embassy, email="new@example.org", role=Role.VIEWER, by=owner, links=LINKS)
    assert outcome == "invited"
    token = invitation_token(session)
    with pytest.raises(Invalid):
        service.accept(token, make("other"), LINKS)
    new = make("new")
    assert service.accept(token, new, LINKS) is embassy
    assert service.accept(token, new, LINKS) is embassy
    assert queries.role_of(new.id, embassy.id) is Role.VIEWER


def test_an_old_invitation_does_not_bring_a_removed_member_back(session, embassy, owner, make):
    service.add_member(embassy, email="new@example.org", role=Role.OWNER, by=owner, links=LINKS)
    new = make("new")
    service.accept(invitation_token(session), new, LINKS)
    service.remove_member(embassy, new.id, by=owner)
    session.flush()
    with pytest.raises(Invalid):
        service.accept(invitation_token(session), new, LINKS)


def test_an_invitation_ends_after_fourteen_days(session, embassy, owner, make, moved_clock):
    service.add_member(embassy, email="new@example.org", role=Role.VIEWER, by=owner, links=LINKS)
    moved_clock(timedelta(days=14, minutes=1))
    with pytest.raises(Invalid):
        service.accept(invitation_token(session), make("new"), LINKS)


def test_the_last_owner_stays(embassy, owner, make):
    with pytest.raises(Invalid):
        service.remove_member(embassy, owner.id, by=owner)
    with pytest.raises(Invalid):
        service.change_role(embassy, owner.id, Role.VIEWER, by=owner)
    second = make("second")
    service.join(embassy, second, Role.OWNER)
    service.remove_member(embassy, owner.id, by=owner)
    db.session.flush()
    assert queries.role_of(owner.id, embassy.id) is None


def test_members_may_leave_but_not_remove_others(embassy, owner, make):
    editor = make("editor")
    service.join(embassy, editor, Role.EDITOR)
    with pytest.raises(NotAllowed):
        service.remove_member(embassy, owner.id, by=editor)
    with pytest.raises(NotAllowed):
        service.change_role(embassy, editor.id, Role.OWNER, by=editor)
    service.remove_member(embassy, editor.id, by=editor)
    with pytest.raises(NotFound):
        service.change_role(embassy, 10**12, Role.OWNER, by=owner)


def test_memberships_come_with_their_organisations_in_one_statement(session, embassy, owner):
    service.found(name="A second one", kind=Kind.OTHER, by=owner)
    session.flush()
    person_id, statements = owner.id, []
    session.expire_all()

    def count(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", count)
    names = [m.organization.name for m in queries.memberships_of(person_id)]
    event.remove(connection, "before_cursor_execute", count)
    assert names == ["A second one", "Embassy in Berlin"]
    assert len(statements) == 1


def test_a_name_is_found_however_it_is_spelled(embassy):
    assert queries.find_by_name("  EMBASSY in Bérlin ") is embassy
    assert queries.find_by_name("Embassy in Berlin", "FR") is None
    assert queries.get_by_slug("embassy-in-berlin") is embassy
    with pytest.raises(NotFound):
        queries.get_by_slug("other")


@pytest.mark.parametrize(
    ("role", "edits", "manages", "sees"),
    [
        (Role.OWNER, True, True, True),
        (Role.EDITOR, True, False, True),
        (Role.VIEWER, False, False, True),
        (None, False, False, False),
    ],
)
def test_what_a_role_may_do(role, edits, manages, sees):
    assert (policy.may_edit_events(role), policy.may_manage(role), policy.may_see(role)) == (edits, manages, sees)
