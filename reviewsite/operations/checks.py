"""`manage.py check --deploy`: what is wrong with the settings of a server, each with what to do about it."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

PAGE = settings.BASE_DIR / "docs" / "settings.md"
SHORTEST_TOKEN = 16


@register(Tags.security, deploy=True)
def server_settings(**kwargs: object) -> list[CheckMessage]:
    """Everything that a server needs and a laptop does not."""
    return [*_addresses(), *_mail(), *_database(), *_folders(), *_words(), *_sign_in(), *_unknown()]


def _addresses() -> Iterator[CheckMessage]:
    if not settings.HTTPS:
        yield Error(
            "WINNOW_HTTPS is not 1: passwords and sessions would go over the network in the open.",
            hint="Put a proxy that speaks TLS before the site (docs/deploy) and set WINNOW_HTTPS=1.",
            id="winnow.E001",
        )
    if "WINNOW_HOSTS" not in os.environ or "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "WINNOW_HOSTS does not name the site.",
            hint="Set it to the host names that people type, such as reviews.example.org; never to *.",
            id="winnow.E002",
        )
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if not origin.startswith("https://"):
            yield Error(f"WINNOW_ORIGINS: {origin} does not begin with https://.", id="winnow.E003")
    if any("/" in host or host != host.strip() for host in settings.ALLOWED_HOSTS):
        yield Error(
            "WINNOW_HOSTS holds an address or a blank.",
            hint="Host names alone, divided by commas: reviews.example.org,reviews.example.com",
            id="winnow.E004",
        )


def _mail() -> Iterator[CheckMessage]:
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        yield Error(
            "Mails are printed and not sent: nobody can confirm an address or set a new password.",
            hint="WINNOW_EMAIL_BACKEND=django.core.mail.backends.smtp.EmailBackend, and WINNOW_EMAIL_HOST.",
            id="winnow.E005",
        )
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield Warning(
            "Mails come from winnow@localhost, which mail servers refuse.",
            hint="Set WINNOW_FROM_EMAIL to an address of the site's domain.",
            id="winnow.W001",
        )
    if settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
        yield Warning(
            "Addresses are not confirmed: anybody can make an account with the address of another.",
            hint="Leave WINNOW_EMAIL_VERIFICATION out, or set it to mandatory.",
            id="winnow.W002",
        )


def _database() -> Iterator[CheckMessage]:
    if connection.vendor == "sqlite":
        yield Warning(
            "The database is SQLite: good for one machine and a small group, not for several machines.",
            hint="Set DATABASE_URL=postgres://... and move the rows with `manage.py move_site`.",
            id="winnow.W003",
        )
    if "WINNOW_SECRET_KEY" not in os.environ:
        yield Warning(
            "The secret key is in the data folder: a second machine would make another, and sign people out.",
            hint="Set WINNOW_SECRET_KEY, the same on every machine; keep it apart from the backups.",
            id="winnow.W004",
        )


def _folders() -> Iterator[CheckMessage]:
    folders = [("WINNOW_DATA_DIR", settings.DATA_DIR)]
    if settings.BACKUP_DIR:
        folders.append(("WINNOW_BACKUP_DIR", Path(settings.BACKUP_DIR)))
    else:
        yield Warning(
            "No backups are made by the site.",
            hint="Set WINNOW_BACKUP_DIR to a folder on another disk, or let a timer run `manage.py backup`.",
            id="winnow.W005",
        )
    for name, folder in folders:
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            yield Error(f"{name}: nothing can be written into {folder} ({error.strerror}).", id="winnow.E006")

    if os.environ.get("WINNOW_FILES") == "s3" and not settings.S3["bucket_name"]:
        yield Error("WINNOW_FILES is s3 and WINNOW_S3_BUCKET names no bucket.", id="winnow.E012")


def _words() -> Iterator[CheckMessage]:
    for name, allowed in (
        ("WINNOW_EMAIL_VERIFICATION", {"mandatory", "optional", "none"}),
        ("WINNOW_SIGNUP", {"open", "invited"}),
        ("WINNOW_LOG_FORMAT", {"json", "line"}),
        ("WINNOW_FILES", {"folder", "s3"}),
    ):
        given = os.environ.get(name)
        if given and given not in allowed:
            yield Error(f"{name} is {given!r}; it can be {', '.join(sorted(allowed))}.", id="winnow.E007")
    for name in ("WINNOW_HTTPS", "WINNOW_DEBUG", "WINNOW_EMAIL_TLS"):
        if os.environ.get(name, "1") not in {"0", "1", ""}:
            yield Error(f"{name} is {os.environ[name]!r}; it can be 1 or 0.", id="winnow.E008")


def _sign_in() -> Iterator[CheckMessage]:
    url = os.environ.get("WINNOW_OIDC_URL", "")
    if url and not url.startswith("https://"):
        yield Error("WINNOW_OIDC_URL must begin with https://.", id="winnow.E009")
    if url and not (os.environ.get("WINNOW_OIDC_CLIENT_ID") and os.environ.get("WINNOW_OIDC_SECRET")):
        yield Error(
            "WINNOW_OIDC_URL is set, WINNOW_OIDC_CLIENT_ID or WINNOW_OIDC_SECRET is not.", id="winnow.E010"
        )
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        yield Error(f"WINNOW_METRICS_TOKEN is shorter than {SHORTEST_TOKEN} characters.", id="winnow.E011")


def _unknown() -> Iterator[CheckMessage]:
    known = documented()
    for name in sorted(os.environ):
        if name.startswith("WINNOW_") and name not in known:
            yield Warning(
                f"{name} is no setting of Winnow: perhaps it is misspelt.",
                hint="All settings are in docs/settings.md.",
                id="winnow.W006",
            )


def documented() -> set[str]:
    """The variables in the first column of docs/settings.md; `_HOST` there goes on after what is before."""
    names: set[str] = set()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| `"):
            continue
        stem = ""
        for name in re.findall(r"`([A-Z0-9_]+)`", line.split("|")[1]):
            if not name.startswith("_"):
                stem = name.rpartition("_")[0]
            names.add(stem + name if name.startswith("_") else name)
    return names
