"""The files of docs/deploy start what is there: commands, settings, addresses."""

import configparser
import re
import shlex

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from reviewsite.operations.checks import documented

FOLDER = settings.BASE_DIR / "docs" / "deploy"
UNITS = sorted((FOLDER / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))


def unit(path) -> dict[str, list[str]]:
    """The keys of a unit's [Service]; one may stand there several times."""
    parser = configparser.RawConfigParser(strict=False, dict_type=dict, delimiters=("=",))
    parser.optionxform = str
    parser.read(path)
    found: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").partition("[Service]")[2].partition("[Install]")[0].splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    assert parser.has_section("Unit")
    return found


def commands() -> dict[str, str]:
    """Everything that units, the compose file and the image start, by where it stands."""
    told = {}
    for path in UNITS:
        for key, lines in unit(path).items():
            if key.startswith("ExecStart"):
                told |= {f"{path.name} {key} {n}": line for n, line in enumerate(lines)}
    for name, service in COMPOSE["services"].items():
        if "command" in service:
            told[f"compose {name}"] = service["command"]
    image = (FOLDER / "Dockerfile").read_text("utf-8")
    told["Dockerfile"] = " ".join(yaml.safe_load(re.search(r"^CMD (.+)$", image, re.M).group(1)))
    return told


@pytest.mark.parametrize("where", commands())
def test_what_is_started_is_there(where):
    words = commands()[where].replace("&&", " ").replace('"', " ").split()
    started = [words[at + 1] for at, word in enumerate(words) if word == "manage.py"]

    if started:
        assert set(started) <= get_commands().keys()
    else:
        from gunicorn.config import Config

        asked = shlex.split(commands()[where])
        parser = Config().parser()
        given = parser.parse_args(asked[1:])
        assert asked[0].endswith("gunicorn")
        assert given.args == ["reviewsite.wsgi"]


def test_every_setting_in_the_files_is_documented():
    read = set()
    for path in FOLDER.rglob("*"):
        if path.is_file():
            read |= set(re.findall(r"\bWINNOW_[A-Z_]+", path.read_text("utf-8")))

    assert len(read) > 10
    assert read <= documented()


def test_every_worker_may_write_where_its_settings_lead():
    example = (FOLDER / "winnow.env.example").read_text("utf-8")
    folders = dict(re.findall(r"^(WINNOW_DATA_DIR|WINNOW_BACKUP_DIR)=(.+)$", example, re.M))

    written = unit(FOLDER / "systemd" / "winnow-worker@.service")["ReadWritePaths"][0].split()
    assert set(folders.values()) <= set(written)
    assert folders["WINNOW_DATA_DIR"] in unit(FOLDER / "systemd" / "winnow-web.service")["ReadWritePaths"]


def test_the_proxies_lead_to_where_the_pages_are():
    port = unit(FOLDER / "systemd" / "winnow-web.service")["ExecStart"][0].split("--bind ")[1].split()[0]

    assert port in (FOLDER / "Caddyfile").read_text("utf-8")
    assert port in (FOLDER / "nginx.conf").read_text("utf-8")
    assert COMPOSE["services"]["web"]["ports"] == [f"{port}:8000"]


def test_every_volume_and_service_that_compose_speaks_of_is_there():
    services = COMPOSE["services"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= services.keys()
        assert {each.partition(":")[0] for each in service.get("volumes", [])} <= COMPOSE["volumes"].keys()
