"""Runs several hundred made cases through R's metafor and through this engine and says where they differ.

    python benchmarks/metafor_agreement.py [--seed N] [--only KIND] [--keep CASES.json]

The cases span the kinds of `manage.py pool` that metafor knows: real sets of the R package metadat and seeded
random ones, each measure, estimator and test, and the edges (one or two studies, zero cells, no
heterogeneity, huge weights, ties, missing numbers). Needs Rscript with metafor and jsonlite; says so and ends
with 0 where they are absent. Ends with 1 if any case differs.
"""

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from made_cases import made_cases  # noqa: E402

from analysis.pooling.cases import answer  # noqa: E402

SCRIPT = HERE / "metafor_cases.R"
# Relative and absolute. metafor's other optimisers and root finders stop earlier than its scoring.
CLOSED, ITERATED, LIKELIHOOD, FLAT = (1e-6, 1e-8), (1e-4, 1e-6), (2e-3, 2e-4), (5e-2, 1e-3)
BY_LIKELIHOOD = {"glmm", "multilevel", "selection_model"}
REFITTED = {"influence", "leave_one_out", "cumulative", "trimfill", "permutation_test"}
STOPPED_EARLY = {"ci_tau2", "ci_I2", "ci_H2", "se_tau2", "tau2", "I2", "H2", "R2"}
LEAST_CERTAIN = {"delta", "tau2", "sigma2", "I2", "H2"}


def asked_of_r(arguments: list[str]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        subprocess.run(["Rscript", str(SCRIPT), *arguments, str(out)], check=True)
        return json.loads(out.read_text())


def tolerance(kind: str, key: str) -> tuple[float, float]:
    if kind in BY_LIKELIHOOD:
        return FLAT if key in LEAST_CERTAIN else LIKELIHOOD
    return ITERATED if kind in REFITTED or key in STOPPED_EARLY else CLOSED


def differences(expected: Any, got: Any, kind: str, key: str = "") -> list[str]:
    """Sentences on what differs; a null of metafor's is not compared."""
    if expected is None or expected == "NA" or expected == {}:
        return []
    if isinstance(expected, dict):
        found = got if isinstance(got, dict) else {}
        return [d for name in expected for d in differences(expected[name], found.get(name), kind, name)]
    if isinstance(expected, list):
        if len(expected) == 0:
            return []
        if not isinstance(got, list) or len(got) != len(expected):
            return [f"{key}: {len(expected)} values expected, got {str(got)[:60]}"]
        pairs = zip(expected, got, strict=True)
        return [d for i, (one, other) in enumerate(pairs) for d in differences(one, other, kind, key)]
    if isinstance(expected, str | bool) or not isinstance(got, int | float) or isinstance(got, bool):
        return [] if expected == got else [f"{key}: {expected!r} != {got!r}"]
    relative, absolute = tolerance(kind, key)
    near = math.isclose(expected, got, rel_tol=relative, abs_tol=absolute)
    return [] if near else [f"{key}: {expected!r} != {got!r}"]


def _numbers(value: Any) -> bool:
    """Whether anything was computed at all."""
    if isinstance(value, dict | list):
        return any(_numbers(inner) for inner in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, int | float) and not isinstance(value, bool)


def disagreement(case: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    got = answer(case)
    if "error" not in expected and not _numbers(expected):
        return []
    if "error" in expected:
        return [] if "error" in got else [f"metafor refuses ({expected['error'][:90]}), this engine does not"]
    if "error" in got:
        return [f"this engine refuses: {got['error'][:140]}"]
    return differences(expected, got, case["kind"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    if shutil.which("Rscript") is None:
        print("Rscript is not installed: nothing was compared.")
        return 0
    real = asked_of_r(["--data"])
    cases = made_cases(real["sets"], chosen.seed)
    cases = [case for case in cases if chosen.only in case["kind"]]
    with tempfile.TemporaryDirectory() as folder:
        file = chosen.keep or Path(folder) / "cases.json"
        file.write_text(json.dumps(cases))
        answers = {row["id"]: row["expected"] for row in asked_of_r([str(file)])}
    by_kind: Counter[str] = Counter()
    for case in cases:
        wrong = disagreement(case, answers[case["id"]])
        if wrong:
            by_kind[case["kind"]] += 1
            print(f"{case['id']} ({case['kind']}): " + "; ".join(wrong[:3]))
    refused = sum("error" in expected for expected in answers.values())
    agreed = len(cases) - sum(by_kind.values())
    print(f"{agreed}/{len(cases)} agree with metafor {real['metafor'][0]} ({refused} refused)", dict(by_kind))
    return 1 if by_kind else 0


if __name__ == "__main__":
    sys.exit(main())
