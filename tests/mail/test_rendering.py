"""Letters are written from their templates, in the reader's language, inside one layout."""

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

from campaign.mail.rendering import render

TEMPLATES = {
    "emails/plain/subject.txt": "Hello\n {{ name }}\n",
    "emails/plain/body.txt": "Dear {{ name }},\n",
    "emails/plain/body.html": "<p>Dear {{ name }},</p>\n",
    "emails/extending/subject.txt": "Hello",
    "emails/extending/body.txt": "{% extends 'emails/layout.txt' %}{% block body %}Dear {{ name }}{% endblock %}",
    "emails/extending/body.html": "{% extends 'emails/layout.html' %}{% block body %}Dear {{ name }}{% endblock %}",
}


@pytest.fixture(autouse=True)
def templates(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader]))


@pytest.mark.parametrize("kind", ["plain", "extending"])
def test_bodies_stand_in_the_layout_once(app: Flask, kind: str) -> None:
    with app.app_context():
        message = render(kind, "en", {"name": "A & <b>", "preferences_url": "https://x.example/m/1", "reason": "Why."})
    assert message.html.count("<html") == 1
    assert message.html.count("Dear A &amp; &lt;b&gt;") == 1
    assert message.text.startswith("Dear A & <b>")
    for body in (message.text, message.html):
        assert body.count("https://x.example/m/1") == 1
        assert "Why." in body


def test_the_subject_is_one_line(app: Flask) -> None:
    with app.app_context():
        assert render("plain", "en", {"name": "B"}).subject == "Hello B"


@pytest.mark.parametrize(("language", "lang", "run"), [("az", "az", "ltr"), ("ar", "ar", "rtl"), ("xx", "en", "ltr")])
def test_language_and_direction_are_marked(app: Flask, language: str, lang: str, run: str) -> None:
    with app.app_context():
        assert f'<html lang="{lang}" dir="{run}">' in render("plain", language, {"name": "C"}).html


def test_a_missing_name_is_an_error_and_not_a_hole(app: Flask) -> None:
    with app.app_context(), pytest.raises(UndefinedError):
        render("plain", "en", {})
