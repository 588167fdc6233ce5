"""Makes a virtual environment, installs what is pinned, and goes on inside it. Standard library only.

For `demo` and `test` this happens by itself; for every other command a missing package is an error that
names the command to run. All installing is done by the environment's own Python, so that a stamp in the
environment can say for which Python and which pins it was done: the second start installs nothing, and an
install that was interrupted at any point is done again.

An old Python must get far enough to be told that it is too old: annotations that it could not evaluate are
quoted, and what it does not have is imported late.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)
# Where a machine keeps a newer Python beside an old `python3`; first the one that the pins are tested on.
NEWER_PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")
# What each self-starting command needs installed.
NEEDS = {"demo": "requirements.txt", "test": "requirements-dev.txt"}
# An environment made for testing has what the site needs too.
ALSO_IN = {"requirements.txt": "requirements-dev.txt"}


class CannotStart(Exception):
    """The command cannot run here; the text says what to do."""


def enter(arguments: "Sequence[str]") -> None:
    """Return when what the command needs is installed; else start it again where it is, or will be."""
    verb = arguments[1] if len(arguments) > 1 else ""
    try:
        if is_too_old(sys.version_info[:2]):
            restart([newer_python(), *arguments])
        elif inside_own_environment():
            if verb in NEEDS:
                install(NEEDS[verb])
            check_installed(verb)
        elif inside_environment():
            check_installed(verb)
        elif verb in NEEDS:
            make_environment()
            restart([str(environment_python()), *arguments])
        elif find_spec("django") is None and is_made():
            restart([str(environment_python()), *arguments])
        else:
            check_installed(verb)
    except CannotStart as reason:
        raise SystemExit(f"manage.py: {reason}") from None
    except KeyboardInterrupt:
        raise SystemExit("\nmanage.py: interrupted. The next start goes on from here.") from None


def is_too_old(version: "tuple[int, ...]") -> bool:
    return version < OLDEST_PYTHON


def newer_python(names: "Sequence[str]" = NEWER_PYTHONS) -> str:
    """The path of a Python that is new enough, for when the one that was called is not."""
    for name in names:
        path = shutil.which(name)
        # A version manager answers for versions that it does not have, so the name alone proves nothing.
        if path and subprocess.call([path, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return path
    found, needed = (".".join(map(str, version)) for version in (sys.version_info[:2], OLDEST_PYTHON))
    raise CannotStart(
        f"Winnow needs Python {needed} or newer; this is {found}, and no newer one was found. "
        "Install one, or start this with its full path."
    )


def check_installed(verb: str) -> None:
    """Raise CannotStart with the way out when a package is missing that the command cannot do without."""
    missing = missing_packages(NEEDS[verb]) if verb in NEEDS else []
    if missing:
        raise CannotStart(
            f"this environment ({sys.prefix}) lacks {in_few_words(missing)}. "
            f"Run `python -m pip install -r {NEEDS[verb]}` in it, or leave it and run `{verb}` again."
        )
    # A server may do without some of the pins, so that only what every command needs is asked for.
    if find_spec("django") is None:
        raise CannotStart(
            f"nothing is installed yet for `{verb}`. Run `python3 manage.py demo` once (it sets itself up), "
            "or install requirements.txt into this environment."
        )


def missing_packages(requirements: str, root: Path = ROOT) -> "list[str]":
    """Names that the requirement files pin and this Python does not have, in the files' order."""
    from importlib import metadata

    missing = []
    for name in pinned_names(requirements, root):
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
    return missing


def pinned_names(requirements: str, root: Path = ROOT) -> "list[str]":
    """Names of the packages pinned for every system: no extras, no versions."""
    lines = [
        line for path in requirement_files(root / requirements) for line in path.read_text().splitlines()
    ]
    pins = [line.partition("#")[0] for line in lines if "==" in line]
    return [pin.partition("==")[0].partition("[")[0].strip() for pin in pins if ";" not in pin]


def in_few_words(names: "Sequence[str]") -> str:
    shown, more = names[:4], len(names) - 4
    return ", ".join(shown) + (f" and {more} more packages" if more > 0 else "")


def inside_environment() -> bool:
    return sys.prefix != sys.base_prefix


def inside_own_environment() -> bool:
    return inside_environment() and Path(sys.prefix).resolve() == ENVIRONMENT.resolve()


def environment_python(environment: Path = ENVIRONMENT) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_made(environment: Path = ENVIRONMENT) -> bool:
    """Whether a Python started from here would find itself inside; a dangling link is no Python."""
    return environment_python(environment).exists() and (environment / "pyvenv.cfg").exists()


def make_environment(environment: Path = ENVIRONMENT) -> None:
    """Make the environment unless it is there; it has no pip yet, that is `install`'s first step."""
    if is_made(environment):
        return
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise CannotStart(
            "this Python cannot make a virtual environment. On Debian or Ubuntu install python3-venv first."
        )
    import venv

    say("Making a virtual environment in .venv")
    venv.create(environment, clear=True, symlinks=os.name != "nt")


def install(requirements: str) -> None:
    """Install the pinned packages unless the stamp says that these very pins are installed."""
    if is_installed(requirements) or is_installed(ALSO_IN.get(requirements, "")):
        return
    # What is installed from here on may contradict every earlier stamp.
    for each in NEEDS.values():
        stamp_of(each).unlink(missing_ok=True)
    say(f"Installing the packages of {requirements}; this takes about a minute the first time")
    run_python("-m", "ensurepip", "--default-pip")
    pip = ("-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check")
    run_python(*pip, "-r", str(ROOT / requirements))
    stamp_of(requirements).write_text(fingerprint(requirements))


def run_python(*arguments: str) -> None:
    """Run this Python quietly; what it complains of when it fails is shown with the way out."""
    done = subprocess.run(
        [sys.executable, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotStart(
            f"the packages could not be installed. pip said:\n{done.stderr.strip()}\n"
            "Check the network connection (or the package mirror pip is set to) and run the command again. "
            f"If that does not help, delete the folder {ENVIRONMENT} first."
        )


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


def requirement_files(path: Path) -> "list[Path]":
    included = [
        path.parent / line.split(maxsplit=1)[1].strip()
        for line in path.read_text().splitlines()
        if line.startswith("-r ")
    ]
    return [path, *(found for each in included for found in requirement_files(each))]


def restart(command: "Sequence[str]") -> None:
    """Run the command in place of this process where the system can; else run it and pass on how it ended."""
    if os.name != "nt":
        os.execv(command[0], list(command))
    child = subprocess.Popen(command)
    # Ctrl-C reaches both; the child says what there is to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise SystemExit(child.wait())


def say(sentence: str) -> None:
    print(f"winnow: {sentence} ...", file=sys.stderr, flush=True)
