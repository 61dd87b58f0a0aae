"""Addresses are built once, and are still those that Flask builds."""

import pytest
from flask import Flask, url_for

ASKED = [
    ("calendar.home", {"language": "en", "campaign": "x"}),
    (".home", {"language": "en", "campaign": "x"}),
    ("calendar.events", {"language": "az", "campaign": "x", "spoken": ["az", "en"], "q": "Xocalı"}),
    ("calendar.events", {"language": "az", "campaign": "x", "free": 1}),
    ("calendar.events", {"language": "az", "campaign": "x", "free": True}),
    ("calendar.events", {"language": "az", "campaign": "x", "free": None}),
    ("calendar.home", {"language": "en", "campaign": "x", "_external": True}),
    ("calendar.home", {"language": "en", "campaign": "x", "_anchor": "find"}),
]


@pytest.mark.parametrize("root", ["", "/below"])
def test_the_same_as_flask_builds(app: Flask, root: str) -> None:
    with app.test_request_context("/en/x/", base_url=f"http://localhost{root}"):
        for endpoint, values in [*ASKED, *ASKED]:
            assert url_for(endpoint, **values) == Flask.url_for(app, endpoint, **values)


def test_an_endpoint_of_the_same_blueprint_is_not_that_of_another(app: Flask) -> None:
    found = []
    for path in ("/en/x/map/", "/en/x/now/"):
        with app.test_request_context(path):
            found.append(url_for(".page", language="en", campaign="x"))
    assert found == ["/en/x/map/", "/en/x/now/"]
