"""Settings that cannot work stop the start with a sentence; those that can are taken as they are."""

import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

import config
from config import ROOT, Settings, SettingsError

WORKING = {
    "DATABASE_URL": ["sqlite:////srv/campaign.sqlite", "postgresql+psycopg://u:p%40ss@db.example.org:5432/campaign"],
    "REDIS_URL": ["", "redis://127.0.0.1:6379/0", "rediss://:secret@redis.example.org", "unix:///run/redis.sock"],
    "SMTP_URL": ["", "smtp://mail", "smtp://u:p%2F@mail.example.org:587?tls=starttls", "smtps://u:p@[::1]:465?tls=ssl"],
    "MAIL_FROM": ["calendar@example.org", "Calendar, Europe desk <europe@example.org>", "Təqvim <a@example.org>"],
    "MAIL_REPLY_TO": ["", "Europe desk <europe@example.org>"],
    "PUBLIC_URL": ["https://calendar.example.org", "http://127.0.0.1:8000/", "http://localhost", "http://[::1]:8000"],
    "PROXIES": ["0", "1", "10"],
    "PORT": ["1", "8103", "65535"],
    "LOG_LEVEL": ["debug", "INFO", "Warning"],
    "MAP_TILE_URL": ["", "https://tiles.example.org/{z}/{x}/{y}.png?key=a-b", "/tiles/{z}/{x}/{y}.webp"],
}
USELESS = {
    "DATABASE_URL": [
        "campaign",
        "mysql://u@h/d",
        "postgres://u:hidden@h/d",
        "postgresql://u:hidden@h/d",
        "postgresql+psycopg://u:hidden@h",
        "postgresql+psycopg://u:hidden@h:port/d",
        "sqlite://",
        "sqlite:///:memory:",
    ],
    "REDIS_URL": ["127.0.0.1:6379", "http://redis", "redis://", "redis://h/first", "redis://h:99999", "unix://"],
    "SMTP_URL": [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail:587?tls=yes",
        "smtp://mail:587?tls=",
        "smtp://mail:587?ssl=1",
        "smtp://mail:post",
        "smtp://user@mail",
        "smtp://ma il",
    ],
    "MAIL_FROM": ["calendar", "Calendar <calendar>", "a@b.org <", "a@b.org, c@d.org", "A <a@b.org> x", "A\n <a@b.org>"],
    "MAIL_REPLY_TO": ["desk", "a@b.org, c@d.org"],
    "PUBLIC_URL": [
        "calendar.example.org",
        "ftp://calendar.example.org",
        "https://",
        "https://example.org/calendar",
        "https://u:p@example.org",
        "https://example.org?x=1",
        "https://exa mple.org",
        "https://example.org:0",
    ],
    "UPLOADS": ["s3://bucket/prefix", "https://example.org/", str(ROOT / "config.py")],
    "PROXIES": ["-1", "two", "1.5", "11", "٢"],
    "PORT": ["0", "65536", "http"],
    "LOG_LEVEL": ["loud"],
    "MAP_TILE_URL": [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/",
        "https://tiles.example.org; script-src */{z}/{x}/{y}",
        "//tiles.example.org/{z}/{x}/{y}",
        "tiles/{z}/{x}/{y}",
    ],
}


def pem(key, encryption=None):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def cases(settings: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in settings.items() for value in values]


@pytest.fixture(autouse=True)
def without_a_file(monkeypatch, tmp_path):
    """A developer's `.env` says nothing here."""
    monkeypatch.setattr(config, "ROOT", tmp_path)


@pytest.mark.parametrize(("name", "value"), cases(WORKING))
def test_what_works_is_taken(name, value):
    Settings.from_env({name: value})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"", "no private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "neither RSA nor Ed25519"),
        (pem(ed25519.Ed25519PrivateKey.generate(), BestAvailableEncryption(b"hidden")), "locked"),
    ],
)
def test_a_key_that_cannot_sign_letters_stops_the_start(tmp_path, content, said):
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=rf"^MAIL_DKIM_KEY .*{said}"):
        Settings.from_env({"MAIL_DKIM_KEY": str(file), "MAIL_DKIM_SELECTOR": "calendar2027"})


def test_a_key_that_signs_letters_is_taken(tmp_path):
    file = tmp_path / "key.pem"
    file.write_bytes(pem(ed25519.Ed25519PrivateKey.generate()))
    Settings.from_env({"MAIL_DKIM_KEY": str(file), "MAIL_DKIM_SELECTOR": "calendar2027"})
    with pytest.raises(SettingsError, match="belong together"):
        Settings.from_env({"MAIL_DKIM_KEY": str(file)})


@pytest.mark.parametrize(("name", "value"), cases(USELESS))
def test_what_cannot_work_stops_the_start(name, value):
    with pytest.raises(SettingsError) as stopped:
        Settings.from_env({name: value})
    sentence = str(stopped.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "hidden" not in sentence


def test_everything_wrong_is_said_at_once():
    with pytest.raises(SettingsError, match=r"REDIS_URL.*SMTP_URL.*MAIL_FROM"):
        Settings.from_env({"REDIS_URL": "here", "SMTP_URL": "there", "MAIL_FROM": "everywhere"})


def test_a_relative_folder_becomes_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert Settings.from_env({"UPLOADS": "pictures"}).uploads == str(tmp_path / "pictures")


def test_production_needs_more_than_defaults():
    with pytest.raises(SettingsError, match=r"SECRET_KEY.*SMTP_URL.*PUBLIC_URL"):
        Settings.from_env({"ENVIRONMENT": "production"})
    with pytest.raises(SettingsError, match="ENVIRONMENT"):
        Settings.from_env({"ENVIRONMENT": "prod"})
    whole = {"SECRET_KEY": "x" * 32, "SMTP_URL": "smtp://mail", "PUBLIC_URL": "https://calendar.example.org"}
    assert Settings.from_env({"ENVIRONMENT": "production", **whole}).is_production


@pytest.mark.servers
def test_a_command_ends_with_the_sentence_and_without_a_traceback(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "doctor"],
        cwd=ROOT,
        env={"SMTP_URL": "smtp://mail?tls=maybe", "DATA_DIR": str(tmp_path), "PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == "Settings: SMTP_URL: tls must be starttls, ssl or none."
