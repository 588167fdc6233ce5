"""The site with its clock set by a file: WINNOW_CLOCK names it, and it holds seconds, as in +10800.

    gunicorn benchmarks.shifted_clock:application        the pages
    python -m benchmarks.shifted_clock db_worker         a command

What Winnow calls now is shifted, before any module has taken hold of it; how long something takes is not, as
when the clock of a machine is set. Used by `faults.py`.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

CLOCK = Path(os.environ["WINNOW_CLOCK"])
real_now = timezone.now


def shifted_now() -> datetime:
    return real_now() + timedelta(seconds=int(CLOCK.read_text() or 0))


timezone.now = shifted_now
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewsite.settings")

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *sys.argv[1:]])
else:
    from reviewsite.wsgi import application  # noqa: F401
