"""`manage.py test`: the static checks, then the whole pytest suite. Arguments after `test` go to pytest."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reviewsite.chromium import find_chromium

CHECKS = (
    ("import contracts", ["lint-imports", "--no-cache"]),
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types of the pure packages", ["mypy"]),
    ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
)
# With these a person looks at a few tests, for which two more processes are only in the way.
ALONE = ("-k", "--pdb", "--trace", "-s")


class Command(BaseCommand):
    help = "Run the static checks and the whole test suite; arguments are passed on to pytest."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        # pytest has its own options, so Django's parser must not see them.
        self.execute(pytest_arguments=argv[2:], no_color=False, force_color=False)

    def handle(self, *, pytest_arguments: list[str], **options: Any) -> None:
        os.chdir(settings.BASE_DIR)
        failed = [name for name, command in CHECKS if not self.passes(name, command)]
        code = self.run_pytest(pytest_arguments)
        if code:
            failed.append("tests")
        if failed:
            self.say(f"FAILED: {', '.join(failed)}")
        raise SystemExit(code or bool(failed))

    def passes(self, name: str, command: list[str]) -> bool:
        begin = time.monotonic()
        tool = Path(sys.prefix, "bin" if os.name != "nt" else "Scripts", command[0])
        done = subprocess.run(
            [str(tool) if tool.exists() else command[0], *command[1:]],
            capture_output=True,
            text=True,
            check=False,
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        self.say(f"{name}: {verdict} ({time.monotonic() - begin:.1f} s)")
        if done.returncode:
            self.say(done.stdout + done.stderr)
        return done.returncode == 0

    def run_pytest(self, arguments: list[str]) -> int:
        begin = time.monotonic()
        if find_chromium() is None:
            if os.environ.get("REQUIRE_BROWSER") == "1":
                self.say("No Chromium found, and REQUIRE_BROWSER=1 makes that a failure.")
                return 1
            self.say("Browser tests skipped: no Chromium found; install it, or name one in WINNOW_CHROMIUM.")
        command = [sys.executable, "-m", "pytest", *spread(arguments), *arguments]
        code = subprocess.run(command, check=False).returncode
        self.say(f"tests: {'FAILED' if code else 'ok'} ({time.monotonic() - begin:.0f} s)")
        return code

    def say(self, line: str) -> None:
        # What the tools print comes in between, so nothing may wait in a buffer.
        self.stdout.write(line)
        self.stdout.flush()


def spread(arguments: list[str]) -> list[str]:
    """pytest's options for two processes, unless the person says how many or looks at a few tests only."""
    if any(argument.startswith(("-n", "--numprocesses", *ALONE)) for argument in arguments):
        return ["--dist", "loadgroup"]
    return ["-n", "2", "--dist", "loadgroup"]
