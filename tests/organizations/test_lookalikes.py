"""Names and domains that could be mistaken for verified ones."""

import json

import pytest

from campaign.organizations.lookalikes import distance, examine, skeleton

VERIFIED = [
    ("Embassy of Azerbaijan in Germany", "berlin.mfa.gov.az"),
    ("Embassy of Azerbaijan in Iran", "tehran.mfa.gov.az"),
    ("Azerbaijan Diaspora Youth Network", ""),
]


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Embassy of Azerbaijan in Germany", "press@gmail.com"),
        ("embassy of  azerbaijan in GERMANY", "press@gmail.com"),
        ("Embassy of Azerbaijan in Gerrnany", "press@gmail.com"),
        ("Еmbаssy оf Аzerbаijаn in Germаny", "press@gmail.com"),  # Cyrillic letters among Latin ones.
        ("ЕΜВΑSSY ΟF AZERBAIJAN IN GERMANY", "press@gmail.com"),  # Cyrillic and Greek capitals.
        ("Ｅｍｂａｓｓｙ of Azerbaijan in Germany", "press@gmail.com"),
        ("Embassy of Azerba\u200bijan in Germany", "press@gmail.com"),
        ("Embasy of Azerbaijan in Germany", "press@gmail.com"),
        ("Embassy of the Republic of Azerbaijan in Germany", "press@gmail.com"),
        ("Germany: Embassy of Azerbaijan", "press@gmail.com"),
        ("Friends of the Embassy of Azerbaijan in Germany", "press@gmail.com"),
        ("Azerbaijan Diaspora Youth Netw0rk", "a@example.org"),
        ("Some Society", "a@berlin.mfa-gov.az"),
        ("Some Society", "a@berlin.mfa.gov.az.example.com"),
        ("Some Society", "a@berlin.mfa.g0v.az"),
        ("Pаypal club", "a@example.org"),
    ],
)
def test_look_alikes_are_flagged(name, email):
    assert examine(name, email, VERIFIED).is_flagged


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Embassy of Azerbaijan in Germany", "press@berlin.mfa.gov.az"),
        ("Embassy of Azerbaijan in Germany", "press@mail.berlin.mfa.gov.az"),
        ("Embassy of Azerbaijan in Iraq", "baghdad@baghdad.mfa.gov.az"),
        ("Embassy of Azerbaijan in Austria", "vienna@vienna.mfa.gov.az"),
        ("Посольство Азербайджана в Германии", "a@example.org"),
        ("Museum of Peace", "a@example.org"),
        ("Azərbaycan Evi Köln", "a@example.org"),
        ("جمعية الصداقة", "a@example.org"),
        ("", ""),
    ],
)
def test_honest_names_pass(name, email):
    assert examine(name, email, VERIFIED).reasons == ()


def test_a_skeleton_is_what_the_eye_sees():
    assert skeleton("Βаku") == skeleton("Baku") == "baku"


def test_edits_are_counted_up_to_a_limit():
    assert [distance("abcd", other, 2) for other in ("abcd", "abdc", "abxx", "wxyz", "abcdefgh")] == [0, 1, 2, 3, 3]


def ask(app, text):
    return app.test_cli_runner().invoke(args=["organizations", "lookalike"], input=text)


def test_the_command_answers_one_line_per_question(app):
    question = {"name": "Museum", "email": "a@example.org", "verified": [["Museum", "museum.example"]]}
    result = ask(app, json.dumps(question) + "\n" + json.dumps({**question, "email": "a@museum.example"}) + "\n")
    flagged, fine = (json.loads(line) for line in result.output.splitlines())
    assert flagged["verdict"] == "flag"
    assert "same-name: Museum" in flagged["reasons"]
    assert fine == {"verdict": "ok", "reasons": []}
    assert len(ask(app, json.dumps(question, indent=2)).output.splitlines()) == 1


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"name": 3}'])
def test_the_command_refuses_what_it_cannot_read(app, text):
    assert ask(app, text).exit_code == 1


def test_the_command_takes_odd_lists(app):
    assert ask(app, '{"name": "A", "email": null, "verified": [[], ["B"], "C", ["D", null]]}').exit_code == 0
