"""Rules about the code itself. Each failure names the place."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from campaign import schedule
from config import ROOT

LONGEST_FILE, LONGEST_FUNCTION = 300, 40
# Templates whose forms carry no token, with the reason in DECISIONS: cached for everybody, or proved by a signed link.
TOKENLESS = {"templates/components/footer.html", "templates/components/event.html", "templates/calendar/follow.html"}
# What the domain may take from the web framework, and why: sentences are lazy, Flask-Login reads `is_active`, and the
# office asks the running application for its settings.
WEB_IN_DOMAIN = {"flask_babel", "campaign/accounts/models.py:flask_login"}


def _files(*endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if name.endswith(endings) and (ROOT / name).exists()]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in _files(".py"):
        if "migrations/versions" not in _name(path):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


@pytest.fixture
def engine() -> str:
    return "sqlite"


def test_every_view_names_its_gate(app: Flask) -> None:
    open_views = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "gate")
    ]
    assert open_views == []


def test_addresses_are_kebab_case(app: Flask) -> None:
    fixed = [re.sub(r"<[^>]+>", "", rule.rule) for rule in app.url_map.iter_rules()]
    assert [rule for rule in fixed if not re.fullmatch(r"[a-z0-9/.-]*", rule)] == []


def test_every_template_compiles(app: Flask) -> None:
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def test_files_stay_short() -> None:
    long = [
        f"{_name(path)}: {lines}"
        for path in _files(".py", ".html", ".css", ".js", ".mjs")
        if "migrations/versions" not in _name(path)
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    assert long == []


def test_functions_stay_short() -> None:
    long = [
        f"{_name(path)}:{node.lineno} {node.name}"
        for path, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and not _name(path).startswith("tests/")
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_only_one_place_commits() -> None:
    committing = [
        f"{_name(path)}:{node.lineno}"
        for path, tree in _modules()
        if _name(path).startswith("campaign/") and _name(path) != "campaign/core/db.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert committing == []


def test_the_domain_never_sees_the_web() -> None:
    seen = []
    domain = {"service", "queries", "policy", "models", "lifecycle", "tasks"}
    for path, tree in _modules():
        if not _name(path).startswith("campaign/") or path.stem not in domain:
            continue
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                root = name.partition(".")[0]
                is_web = root.startswith(("flask", "wtforms"))
                if is_web and not {root, f"{_name(path)}:{root}"} & WEB_IN_DOMAIN:
                    seen.append(f"{_name(path)}:{node.lineno} {name}")
    assert seen == []


def test_forms_that_change_something_carry_a_token() -> None:
    without = []
    for path in _files(".html"):
        if not _name(path).startswith("templates/") or _name(path) in TOKENLESS:
            continue
        text = path.read_text(encoding="utf-8")
        forms = re.finditer(r'<form[^>]*method="post".*?</form>', text, re.DOTALL)
        without += [f"{_name(path)}: {form.group(0)[:80]}" for form in forms if "csrf" not in form.group(0)]
    assert without == []


def test_templates_carry_no_inline_style_or_script() -> None:
    inline = re.compile(r"<style|\sstyle=\"|\son[a-z]+=\"|<script>", re.IGNORECASE)
    found = [
        f"{_name(path)}:{number}"
        for path in _files(".html")
        if _name(path).startswith("templates/") and "/emails/" not in _name(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if inline.search(line)
    ]
    assert found == []


def test_every_scheduled_task_exists(app: Flask) -> None:
    celery = app.extensions["celery"]
    celery.loader.import_default_modules()
    assert [entry["task"] for entry in schedule.ENTRIES.values() if entry["task"] not in celery.tasks] == []


def test_every_letter_has_its_three_files() -> None:
    folders = [path for path in (ROOT / "templates" / "emails").iterdir() if path.is_dir()]
    files = ("subject.txt", "body.txt", "body.html")
    assert [f"{f.name}/{n}" for f in folders for n in files if not (f / n).exists()] == []
    assert len(folders) > 10


def test_every_room_has_tests() -> None:
    rooms = {path.parent.name for path in (ROOT / "campaign").glob("*/__init__.py")}
    missing = {room for room in rooms if not list((ROOT / "tests" / room).glob("test_*.py"))}
    assert missing == set()


def test_nothing_names_a_machine_or_a_registry() -> None:
    hosts = ("registry." + "npmjs", "pypi" + ".org", "python" + "hosted", "/work/" + "main")
    found = [
        f"{_name(path)}: {word}"
        for path in _files("")
        if path.suffix not in (".csv", ".png", ".webp")
        for word in hosts
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
