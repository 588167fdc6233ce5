"""Makes a virtual environment, installs what is pinned, and goes on inside it. Standard library only.

For `demo` and `test` this happens by itself; for every other command a missing environment is an error that
names the command to run. A stamp in the environment holds the hash of what was installed, so that the second
start installs nothing, and an install that was interrupted is done again.
"""

import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)
# What each self-starting command needs installed.
NEEDS = {"demo": "requirements.txt", "test": "requirements-dev.txt"}
# An environment made for testing has what the site needs too.
ALSO_IN = {"requirements.txt": "requirements-dev.txt"}


class CannotStart(Exception):
    """The command cannot run here; the text says what to do."""


def enter(arguments: Sequence[str]) -> None:
    """Return when what the command needs is importable; else start it again inside the environment."""
    verb = arguments[1] if len(arguments) > 1 else ""
    try:
        check_python(sys.version_info[:2])
        if inside_environment():
            if verb in NEEDS and Path(sys.prefix) == ENVIRONMENT:
                install(NEEDS[verb])
            check_installed(verb)
        elif verb in NEEDS:
            prepare(NEEDS[verb])
            restart(arguments)
        elif find_spec("django") is None and environment_python().exists():
            restart(arguments)
        else:
            check_installed(verb)
    except CannotStart as reason:
        raise SystemExit(f"manage.py: {reason}") from None


def check_python(version: tuple[int, ...]) -> None:
    if version < OLDEST_PYTHON:
        found, needed = (".".join(map(str, v)) for v in (version, OLDEST_PYTHON))
        raise CannotStart(
            f"Winnow needs Python {needed} or newer; this is {found}. Start it with a newer python3."
        )


def check_installed(verb: str) -> None:
    if find_spec("django") is None:
        raise CannotStart(
            f"nothing is installed yet for `{verb}`. Run `python3 manage.py demo` once (it sets itself up), "
            "or install requirements.txt into this environment."
        )


def inside_environment() -> bool:
    return sys.prefix != sys.base_prefix


def environment_python(environment: Path = ENVIRONMENT) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare(requirements: str) -> None:
    """Make the environment unless it is there, and install into it unless that was done."""
    if not environment_python().exists():
        say("Making a virtual environment in .venv")
        try:
            venv.create(ENVIRONMENT, with_pip=True, clear=True)
        except subprocess.CalledProcessError:
            raise CannotStart(
                "Python could not make a virtual environment. On Debian or Ubuntu install python3-venv first."
            ) from None
    install(requirements)


def install(requirements: str) -> None:
    """Install the pinned packages unless the stamp says that these very pins are installed."""
    if is_installed(requirements) or is_installed(ALSO_IN.get(requirements, "")):
        return
    stamp = stamp_of(requirements)
    stamp.unlink(missing_ok=True)
    say(f"Installing the packages of {requirements}; this takes about a minute the first time")
    command = [environment_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "-r", ROOT / requirements], stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise CannotStart(
            f"the packages could not be installed. pip said:\n{done.stderr.strip()}\n"
            "Check the network connection (or the package mirror pip is set to) and run the command again."
        )
    stamp.write_text(fingerprint(requirements))


def is_installed(requirements: str, environment: Path = ENVIRONMENT) -> bool:
    """Whether the stamp says that these very pins were installed, to the end."""
    stamp = stamp_of(requirements, environment)
    return bool(requirements) and stamp.exists() and stamp.read_text() == fingerprint(requirements)


def stamp_of(requirements: str, environment: Path = ENVIRONMENT) -> Path:
    return environment / f".installed-{requirements}"


def fingerprint(requirements: str, root: Path = ROOT) -> str:
    """Hash of the requirement files, included ones too, and of the Python they were installed for."""
    digest = hashlib.sha256(sys.version.encode())
    for path in requirement_files(root / requirements):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def requirement_files(path: Path) -> list[Path]:
    included = [
        path.parent / line.split(maxsplit=1)[1].strip()
        for line in path.read_text().splitlines()
        if line.startswith("-r ")
    ]
    return [path, *(found for each in included for found in requirement_files(each))]


def restart(arguments: Sequence[str]) -> None:
    """Run the same command with the environment's Python, in place of this process where the system can."""
    command = [str(environment_python()), *arguments]
    if os.name == "nt":
        raise SystemExit(subprocess.call(command))
    os.execv(command[0], command)


def say(sentence: str) -> None:
    print(f"winnow: {sentence} ...", file=sys.stderr, flush=True)
