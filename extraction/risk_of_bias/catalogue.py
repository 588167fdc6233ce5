"""The tools that come with Winnow: a readable file each in tools/."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .model import Tool
from .reading import read_toml

FOLDER = Path(__file__).parent / "tools"


@cache
def tool(key: str) -> Tool:
    """The tool of this key. Raises KeyError when there is none."""
    if key not in keys():
        raise KeyError(key)
    return read_toml(definition_text(key))


def definition_text(key: str) -> str:
    """The definition as it is written."""
    return (FOLDER / f"{key}.toml").read_text(encoding="utf-8")


@cache
def keys() -> tuple[str, ...]:
    """The keys of all tools."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def tools() -> tuple[Tool, ...]:
    return tuple(tool(key) for key in keys())
