"""Pictures over HTTP."""

import pytest
from flask import Flask

from campaign.media.storage import random_name
from campaign.media.views import store


def test_a_picture_may_be_kept_for_good(app: Flask) -> None:
    name = random_name()
    with app.app_context():
        store().write(name, b"RIFF")
    with app.test_client().get(f"/media/{name}.webp") as answer:
        assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/webp", b"RIFF")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["a" * 32, "nothing", "..%2f..%2fconfig", "%00", "A" * 32, "." + "a" * 32])
def test_other_names_do_not_exist(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/media/{name}.webp").status_code == 404


def test_the_gate_is_named(app: Flask) -> None:
    assert app.view_functions["media.picture"].gate == "public"  # type: ignore[attr-defined]
