"""The letters of accounts and organisations can be written with what the services promise."""

import pytest

from campaign.mail.rendering import render

KINDS = {
    "confirm_address": {"name": "Aysel", "link": "http://localhost/v/t"},
    "address_known": {"name": "Aysel", "link": "http://localhost/x", "reset_link": "http://localhost/r"},
    "reset_password": {"name": "Aysel", "link": "http://localhost/account/reset/t"},
    "password_changed": {"name": "Aysel", "link": "http://localhost/account/reset"},
    "member_added": {"name": "A", "by": "B", "organization": "O", "link": "http://localhost/my/organisation/o/"},
    "member_invited": {"by": "B & C", "organization": "O", "link": "http://localhost/my/organisation/join/t"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_has_a_subject_and_its_link_in_both_bodies(app, kind):
    with app.app_context():
        message = render(kind, "en", KINDS[kind])
    assert message.subject
    assert KINDS[kind]["link"] in message.text
    assert f'href="{KINDS[kind]["link"]}"' in message.html
    assert "&amp;" not in message.text
