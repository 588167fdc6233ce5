"""The tools that come with Winnow: a readable file each in tools/."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .model import Tool
from .reading import Definition, parse_toml, read_toml

FOLDER = Path(__file__).parent / "tools"


@cache
def tool(key: str, version: str = "") -> Tool:
    """The tool of this key, of an earlier version when that is named. Raises KeyError when there is none.

    The file of a version that has a successor stays, renamed KEY@VERSION.toml: what was judged with it is
    read with it.
    """
    if key not in tool_keys():
        raise KeyError(key)
    present = read_own(definition_text(key))
    if version in ("", present.version):
        return present
    earlier = FOLDER / f"{key}@{version}.toml"
    if not earlier.is_file():
        raise KeyError(f"{key}, version {version}")
    return read_own(earlier.read_text(encoding="utf-8"))


def read_own(text: str) -> Tool:
    """The tool of a definition, which may take domains from tools that come along.

    Raises DefinitionRefused.
    """
    return read_toml(text, _raw)


def _raw(key: str) -> Definition:
    return parse_toml(definition_text(key)) if key in tool_keys() else {}


def definition_text(key: str) -> str:
    """The definition as it is written."""
    return (FOLDER / f"{key}.toml").read_text(encoding="utf-8")


def example_text() -> str:
    """A small definition to begin one's own with."""
    return (FOLDER.parent / "example.toml").read_text(encoding="utf-8")


@cache
def tool_keys() -> tuple[str, ...]:
    """The keys of all tools."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if "@" not in path.stem))


def tools() -> tuple[Tool, ...]:
    return tuple(tool(key) for key in tool_keys())
