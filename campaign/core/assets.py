"""Serves the built front end: compressed copies made at build time, names that carry their content."""

from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise


def init_app(app: Flask) -> None:
    """Answer `/static/build/…` before the application is asked; a name never changes its content."""
    folder = Path(str(app.static_folder), "build")
    if not folder.is_dir():  # Commands run before the front end is built, too.
        return
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix="static/build/",
        max_age=31536000,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=_headers,
    )


def _headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
