"""No regular expression of the code can be made slow by a hostile text (ReDoS), by a static reading of each.

A pattern in which two repeats can share out the same characters is tried in every way: squared for two of
them, cubed for three, and so on. Lines and fields are bounded, so a square does no harm; no more is let in.
"""

import ast
import importlib
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it reads patterns by a module that has moved
    from regexploit.ast.sre import SreOpParser
    from regexploit.redos import find

ROOMS = ("reviewsite", "screening", "extraction", "analysis")
CALLS = {"compile", "match", "search", "sub", "subn", "findall", "fullmatch", "finditer", "split"}
SQUARED = 2
# Loaded only when somebody calls them.
COMMANDS = "management"


def sources() -> list[Path]:
    return [path for room in ROOMS for path in sorted((settings.BASE_DIR / room).rglob("*.py"))]


def written_out(path: Path) -> Iterator[tuple[str, str, int]]:
    """Patterns that stand in the source as they are: where, pattern, flags."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        if ast.unparse(node.func.value) != "re" or node.func.attr not in CALLS:
            continue
        try:
            pattern = ast.literal_eval(node.args[0])
        except ValueError:
            continue  # put together while the module is loaded: see `compiled`
        text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
        yield f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}", text, _flags(node)


def _flags(call: ast.Call) -> int:
    told = [ast.unparse(each) for each in [*call.args, *(keyword.value for keyword in call.keywords)]]
    named = re.findall(r"\bre\.([A-Z]+)\b", " ".join(told[1:]))
    return sum({int(getattr(re, name)) for name in named})


def compiled() -> Iterator[tuple[str, str, int]]:
    """Patterns that modules hold once they are loaded, also those put together from parts."""
    for path in sources():
        if COMMANDS in path.parts or "migrations" in path.parts:
            continue
        name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts).removesuffix(".__init__")
        module = sys.modules.get(name) or importlib.import_module(name)
        for key, value in vars(module).items():
            for each in value if isinstance(value, list | tuple) else [value]:
                if isinstance(each, re.Pattern):
                    text = each.pattern.decode("latin-1") if isinstance(each.pattern, bytes) else each.pattern
                    yield f"{name}.{key}", text, each.flags & ~re.UNICODE


def slow(pattern: str, flags: int = 0) -> bool:
    return any(each.starriness > SQUARED for each in find(SreOpParser().parse_sre(pattern, flags)))


@pytest.mark.parametrize("room", ROOMS)
def test_no_pattern_of_the_source_can_be_made_slow(room):
    paths = [path for path in sources() if path.relative_to(settings.BASE_DIR).parts[0] == room]
    found = [each for path in paths for each in written_out(path)]

    assert len(found) > 1
    assert [(where, pattern) for where, pattern, flags in found if slow(pattern, flags)] == []


def test_no_pattern_put_together_from_parts_can_be_made_slow():
    found = list(compiled())

    assert len(found) > 100
    assert [(where, pattern) for where, pattern, flags in found if slow(pattern, flags)] == []


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"a*a*a*b", r"(?:\s+x)?\s*[^=]+?\s*\s*="])
def test_the_reader_sees_what_is_slow(pattern):
    assert slow(pattern)
