"""A11: the disk is full, where SQLite, the pictures and the log lie. Nothing breaks, and space is all it needs."""

import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.fault.figures import Outcome, judged
from tests.fault.installation import ROOT, Installation

MEGABYTES = 20
_INSIDE = 'mount -t tmpfs -o size={size}m none "{folder}" && exec "{python}" -m tests.fault.cases.disk "{folder}"'


def full(home: Installation, *, letters: int, submissions: int) -> Outcome:
    """On a disk of 20 MB that only a process of its own can see."""
    folder = home.folder / "small-disk"
    folder.mkdir()
    began = time.monotonic()
    inside = _INSIDE.format(size=MEGABYTES, folder=folder, python=sys.executable)
    env = {**home.env, "DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/small.sqlite"}
    env |= {"REDIS_URL": "", "CLOCK_FILE": "", "LETTERS": str(letters), "SUBMISSIONS": str(submissions)}
    command = ["unshare", "-r", "-m", "sh", "-c", inside]
    ran = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, timeout=300, check=True)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    due = {to: datetime.fromisoformat(at) for to, at in found.pop("due").items()}
    promises = found.pop("promises")
    return judged(home, "disk-full", began, due, figures=found, **promises)


def work(folder: Path, letters: int, submissions: int) -> dict[str, Any]:
    """All of it, inside; the log lies on the same disk."""
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    app, ref, readers, at = _prepared(letters)
    store = Path(app.extensions["settings"].data_dir, "pictures")
    _ask(app, ref, "warm@example.org")
    _fill(folder)
    answers = [_ask(app, ref, f"full{n}@example.org") for n in range(submissions)]
    page = app.test_client().get(
        f"/en/khojaly/e/{ref}", base_url=app.extensions["settings"].public_url, follow_redirects=True
    )
    is_refused, is_idle = _picture_is_refused(app, store), _sends_nothing(app)
    (folder / "ballast").unlink()
    again = _ask(app, ref, "after@example.org")
    sent = _send(app)
    taken = 2 + sum(status == 303 for status, _retry in answers)
    stored, integrity = _stored(app)
    return {
        "due": dict.fromkeys(readers, at.isoformat()),
        "submissions": submissions,
        "put off": sum(status == 503 for status, _retry in answers),
        "integrity": integrity,
        "promises": {
            "answered": all(status in (303, 503) for status, _retry in answers),
            "put_off": any(status == 503 for status, _retry in answers),
            "says_when": all(retry for status, retry in answers if status == 503),
            "all_stored": stored == taken,
            "reads": page.status_code == 200,
            "no_half_picture": is_refused and not [*store.glob("*"), *store.glob(".*")],
            "nothing_leaves_unnoted": is_idle,
            "recovers": again[0] == 303 and sent >= letters,
            "intact": integrity == "ok",
        },
    }


def _prepared(letters: int) -> tuple[Flask, str, list[str], datetime]:
    from flask_migrate import upgrade

    from campaign import create_app
    from campaign.core import clock
    from config import Settings
    from tests.fault import seed

    app = create_app(Settings.from_env(os.environ))
    readers, due_at = [f"small{n}@example.org" for n in range(letters)], clock.now() + timedelta(seconds=2)
    with app.app_context():
        upgrade()
        event_id, ref = seed.publish("Evening of remembrance", due_at)
        seed.follow(event_id, readers)
    time.sleep(2.1)
    return app, ref, readers, due_at


def _fill(folder: Path) -> None:
    """To the last byte."""
    with (folder / "ballast").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _ask(app: Flask, ref: str, email: str) -> tuple[int, str]:
    here, headers = app.extensions["settings"].public_url, {"X-Forwarded-For": f"10.0.0.{hash(email) % 250}"}
    answer = app.test_client().post(f"/e/{ref}/remind", base_url=here, data={"email": email}, headers=headers)
    return answer.status_code, answer.headers.get("Retry-After", "")


def _picture_is_refused(app: Flask, folder: Path) -> bool:
    from campaign.core.faults import Unavailable
    from campaign.media.storage import Store, random_name

    content = BytesIO()
    Image.effect_noise((600, 400), 80).save(content, "WEBP")
    with app.app_context():
        try:
            Store(folder).write(random_name(), content.getvalue())
        except Unavailable:
            return True
    return False


def _send(app: Flask) -> int:
    from campaign.mail import engine
    from campaign.mail.office import Office

    with app.app_context():
        return engine.send_due(Office.current()).sent


def _sends_nothing(app: Flask) -> bool:
    """What cannot be claimed is not sent."""
    try:
        return _send(app) == 0
    except OperationalError:
        return True


def _stored(app: Flask) -> tuple[int, str]:
    from campaign.core.db import db

    with app.app_context():
        wishes = "select count(*) from subscriptions where confirmed_at is null"
        stored = int(db.session.execute(text(wishes)).scalar_one())
        return stored, str(db.session.execute(text("pragma integrity_check")).scalar_one())


if __name__ == "__main__":
    print(json.dumps(work(Path(sys.argv[1]), int(os.environ["LETTERS"]), int(os.environ["SUBMISSIONS"]))))
