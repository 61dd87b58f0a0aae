"""One place commits, and what follows a commit never undoes it."""

import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from campaign import create_app
from campaign.core.db import Model, db, on_commit, transaction
from campaign.mail.models import Suppression
from config import Settings


def test_it_does_not_nest(session: Session) -> None:
    with pytest.raises(RuntimeError, match="nest"), transaction(), transaction():
        pass


def test_changes_outside_are_refused(session: Session) -> None:
    session.add(Suppression(email="a@example.org", reason="test"))
    with pytest.raises(RuntimeError, match="outside"), transaction():
        pass


def test_what_follows_runs_after_and_may_fail(session: Session) -> None:
    done: list[str] = []
    with transaction():
        session.add(Suppression(email="a@example.org", reason="test"))
        on_commit(lambda: 1 // 0)
        on_commit(lambda: done.append("second"))
        assert not done
    assert done == ["second"]
    assert session.scalar(select(Suppression.email)) == "a@example.org"


def test_an_error_takes_everything_back(session: Session) -> None:
    def fail() -> None:
        with transaction():
            session.add(Suppression(email="b@example.org", reason="test"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert session.scalar(select(Suppression.email)) is None


def test_many_writers_wait_for_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'writers.sqlite'}"
    app: Flask = create_app(Settings.for_tests(database_url=url, data_dir=tmp_path))
    with app.app_context():
        Model.metadata.create_all(db.engine)
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for number in range(20):
                with app.app_context(), transaction():
                    db.session.scalars(select(Suppression)).all()
                    db.session.add(Suppression(email=f"{writer}.{number}@example.org", reason="test"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert not failures
        assert len(db.session.scalars(select(Suppression)).all()) == 120
        db.session.remove()
        db.engine.dispose()


def test_what_was_written_stands_in_no_error(session: Session) -> None:
    """Errors go into the log."""
    with pytest.raises(DBAPIError) as refused:
        session.execute(text("select nothing_of_ours(:secret)"), {"secret": "tell-nobody"})
    assert "nothing_of_ours" in str(refused.value)
    assert "tell-nobody" not in str(refused.value)
