"""The first yardstick: Flask and nothing else, answering as many bytes as asked for."""

from functools import cache

from flask import Flask

app = Flask(__name__)


@cache
def _bytes(number: int) -> bytes:
    return b"x" * number


@app.get("/<int:number>")
def hello(number: int) -> bytes:
    return _bytes(number)
