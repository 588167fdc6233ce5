"""R-like model formulas such as `~ year + factor(allocation)`, taken apart into terms and evaluated."""

import ast
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.pooling.arrays import Floats
from analysis.pooling.errors import ImpossibleInput

FACTOR = re.compile(r"(?:as\.)?factor\((\w[\w.]*)\)")
RELEVELLED = re.compile(r"relevel\((?:(?:as\.)?factor\()?(\w[\w.]*)\)?,(?:ref=)?['\"](.*)['\"]\)")
POLYNOMIAL = re.compile(r"poly\((\w[\w.]*),(?:degree=)?(\d)\)")
NAME = re.compile(r"[A-Za-z_.][\w.]*")
# A name before a bracket is a function's, unless the bracket closes a group.
VARIABLE = re.compile(r"(?<![\w.])([A-Za-z_.][\w.]*)(?![\w.(])")
FUNCTIONS: dict[str, Callable[[Floats], Floats]] = {
    "I": lambda x: x,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "abs": np.abs,
    "scale": lambda x: np.asarray((x - x.mean()) / x.std(ddof=1)),
}
OPERATORS: dict[type, Callable[[Floats, Floats], Floats]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


@dataclass(frozen=True)
class Formula:
    """Terms of a model, each the parts whose product it is, main effects before interactions."""

    terms: tuple[tuple[str, ...], ...]
    intercept: bool


def parse(formula: str) -> Formula:
    """The terms of a formula: joined by `+`, crossed by `:` or `*`; `0` or `-1` takes the intercept away.

    Raises ImpossibleInput for a term that is taken away other than the intercept.
    """
    text = formula.strip().removeprefix("~").replace(" ", "")
    text = re.sub(r"-1(?![\d.^*/])", "+0", text) if "(" not in text else _minus_one(text)
    terms: list[tuple[str, ...]] = []
    intercept = True
    for term in _split(text, "+"):
        if term in ("0", "1", ""):
            intercept = intercept and term != "0"
            continue
        for piece in _expanded(term):
            if piece not in terms:
                terms.append(piece)
    return Formula(tuple(sorted(terms, key=len)), intercept)


def _minus_one(text: str) -> str:
    """`-1` outside brackets written as `+0`."""
    depth, written = 0, ""
    for i, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        outside = depth == 0 and sign == "-" and text[i + 1 : i + 2] == "1"
        written += "+" if outside else "0" if depth == 0 and sign == "1" and text[i - 1] == "-" else sign
    return written


def _split(text: str, mark: str) -> list[str]:
    """The pieces between marks that stand outside brackets."""
    pieces, depth = [""], 0
    for sign in text:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == mark and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += sign
    return pieces


def _expanded(term: str) -> list[tuple[str, ...]]:
    """`a*b*c` as all its main effects and interactions; any other term as itself."""
    parts = _split(term, "*")
    pieces: list[tuple[str, ...]] = [()]
    for part in parts:
        crossed = tuple(_split(part, ":"))
        pieces += [(*piece, *crossed) for piece in pieces]
    whole = [piece for piece in pieces if piece]
    return sorted(whole, key=len) if len(parts) > 1 else whole


def variables(part: str) -> list[str]:
    """Names of the moderators that a part of a term uses. Raises ImpossibleInput if it is not understood."""
    for pattern in (FACTOR, RELEVELLED, POLYNOMIAL):
        match = pattern.fullmatch(part)
        if match:
            return [match.group(1)]
    names = VARIABLE.findall(part)
    if not names or "'" in part or '"' in part:
        raise ImpossibleInput(f"the term {part!r} of the formula is not understood")
    return names


def evaluate(part: str, columns: Sequence[Floats]) -> Floats:
    """The values of an arithmetic part such as `log(x)` or `I(x - 50)`, given those of its variables in
    order.

    Raises ImpossibleInput for a function that is not known, and where a value is not finite.
    """
    given = dict(zip(variables(part), columns, strict=True))
    renamed = {name: f"v{i}_" for i, name in enumerate(given)}
    text = VARIABLE.sub(lambda match: renamed[match.group(1)], part).replace("^", "**")
    try:
        tree = ast.parse(text, mode="eval").body
        with np.errstate(all="ignore"):
            values = _value(tree, {renamed[name]: column for name, column in given.items()})
    except (SyntaxError, KeyError, TypeError):
        known = ", ".join(FUNCTIONS)
        raise ImpossibleInput(
            f"the term {part!r} of the formula is not understood; known are {known}"
        ) from None
    if not np.isfinite(values).all():
        raise ImpossibleInput(f"the term {part!r} has no finite value for every study")
    return np.asarray(values, dtype=np.float64)


def _value(node: ast.expr, columns: dict[str, Floats]) -> Floats:
    if isinstance(node, ast.Name):
        return columns[node.id]
    if isinstance(node, ast.Constant):
        return np.asarray(node.value, dtype=np.float64)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, columns)
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](_value(node.left, columns), _value(node.right, columns))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        return FUNCTIONS[node.func.id](_value(node.args[0], columns))
    raise KeyError(ast.dump(node))


def orthogonal_polynomials(values: Floats, degree: int) -> Floats:
    """Columns of degree 1 to `degree` that are orthogonal to each other and to 1, of length 1; shape (k,
    degree).

    Raises ImpossibleInput when there are too few different values.
    """
    if len(np.unique(values)) <= degree:
        raise ImpossibleInput(f"a polynomial of degree {degree} needs more different values of its moderator")
    powers = np.vander(values - values.mean(), degree + 1, increasing=True)
    orthogonal, triangle = np.linalg.qr(powers)
    return np.asarray((orthogonal * np.sign(np.diag(triangle)))[:, 1:])
