"""The second yardstick: one SELECT of fifty rows by an index, and a template of Jinja that shows them in 44 kB."""

import os

from flask import Flask, render_template_string
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"])
ROWS = text(
    "SELECT ref, country, city_key, time_zone, starts_local, card FROM listings "
    "WHERE campaign_id = 1 AND starts_on >= :since ORDER BY campaign_id, starts_on, starts_local, id LIMIT 50"
)
PAGE = """<!doctype html><html lang="en"><title>Events</title><main>{% for row in rows %}
<article><h3><a href="/e/{{ row.ref }}">{{ row.ref }}, {{ row.city_key }}</a></h3>
<p>{{ row.starts_local }} ({{ row.time_zone }}) · {{ row.country }}</p><p>{{ row.card }}</p></article>
{% endfor %}</main></html>"""


@app.get("/")
def rows() -> str:
    with engine.connect() as connection:
        found = connection.execute(ROWS, {"since": "1900-01-01"}).all()
    return render_template_string(PAGE, rows=found)
