"""The checks of a server's settings: silent when all is right, and a sentence for each mistake."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from reviewsite.operations.checks import documented

RIGHT = {
    "WINNOW_HTTPS": "1",
    "WINNOW_HOSTS": "reviews.example.org",
    "WINNOW_ORIGINS": "https://reviews.example.org",
    "WINNOW_SECRET_KEY": "x1" * 30 + "yz!",
    "WINNOW_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "WINNOW_FROM_EMAIL": "winnow@example.org",
    # Named only: the checks open no connection.
    "DATABASE_URL": "postgres://winnow@127.0.0.1:1/winnow",
}


def check(tmp_path, **changed: str) -> str:
    (tmp_path / "backups").mkdir(exist_ok=True)
    # Neither what the person at the keyboard has set, nor what browser tests set for themselves.
    not_a_servers = ("WINNOW_", "DATABASE_", "DJANGO_")
    own = {name: value for name, value in os.environ.items() if not name.startswith(not_a_servers)}
    folders = {"WINNOW_DATA_DIR": str(tmp_path), "WINNOW_BACKUP_DIR": str(tmp_path / "backups")}
    environment = {**own, **folders, **RIGHT, **changed}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={name: value for name, value in environment.items() if value},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    return "" if done.returncode == 0 else done.stderr


def test_a_server_with_the_right_settings_passes_the_deployment_check(tmp_path):
    assert check(tmp_path) == ""


def test_every_mistake_is_told_with_its_variable(tmp_path):
    told = check(
        tmp_path,
        WINNOW_HTTPS="",
        WINNOW_HOSTS="https://reviews.example.org/",
        WINNOW_ORIGINS="http://reviews.example.org",
        WINNOW_SECRET_KEY="",
        WINNOW_EMAIL_BACKEND="",
        WINNOW_FROM_EMAIL="",
        DATABASE_URL="",
        WINNOW_BACKUP_DIR=str(tmp_path / "no-such-folder"),
        WINNOW_SIGNUP="closed",
        WINNOW_DEBUG="yes",
        WINNOW_OIDC_URL="http://uni.example.org",
        WINNOW_METRICS_TOKEN="short",
        WINNOW_HOST="misspelt",
    )

    ids = set(re.findall(r"winnow\.\w+", told))
    expected = "E001 E003 E004 E005 W001 W002 W003 W004 E006 E007 E008 E009 E010 E011 W006"
    assert ids >= {f"winnow.{each}" for each in expected.split()}
    assert "WINNOW_HOST is no setting of Winnow" in told


@pytest.mark.parametrize("name", ["WINNOW_UPLOAD_MAX_MB", "WINNOW_EMAIL_PORT", "WINNOW_BACKUP_KEEP"])
def test_a_number_that_is_none_is_told_with_its_name(tmp_path, name):
    assert f"{name} must be a whole number; it is 'ten'." in check(tmp_path, **{name: "ten"})


def test_every_variable_that_is_read_is_documented():
    folders = ("reviewsite", "screening", "extraction", "analysis")
    read = set()
    for folder in folders:
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            found = re.findall(
                r"(?:environ(?:\.get)?[\[(]|number\()\"(WINNOW_\w+)\"", path.read_text("utf-8")
            )
            read.update(found)

    assert len(read) > 20
    assert read - documented() == set()
