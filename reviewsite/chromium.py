"""Where the system's Chromium is, for the browser tests."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path named in WINNOW_CHROMIUM, else the first known name on the PATH; None when there is none."""
    if named := os.environ.get("WINNOW_CHROMIUM"):
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)
