"""Operators' commands where the database is not there, or not ready."""

import pytest

from campaign import create_app
from config import Settings


@pytest.mark.parametrize(
    "command", [["places", "load"], ["reminders", "run", "--once"], ["data", "export", "a@b.example"]]
)
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sqlite:///{folder}/empty.sqlite", "no such table"),
        ("sqlite:///{folder}/missing/x.sqlite", "unable to open"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", "Connection refused"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path, command, address, said):
    settings = Settings.for_tests(database_url=address.format(folder=tmp_path), data_dir=tmp_path)
    result = create_app(settings).test_cli_runner().invoke(args=command)
    assert result.exit_code == 1
    assert said in result.output
    assert "flask --app wsgi db upgrade" in result.output
    assert "Traceback" not in result.output
