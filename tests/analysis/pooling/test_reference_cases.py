"""The engine against printed results of R's metafor, meta and clubSandwich, case by case.

Each file of tests/reference/pooling names its data's source, the software's versions and every case's call.
"""

import json
import math
from pathlib import Path

import pytest

from analysis.pooling.cases import answer

FILES = sorted((Path(__file__).parents[2] / "reference" / "pooling").glob("*.json"))
# Relative and absolute: formulas; iterated fits and intervals from a root finder; likelihoods that R's
# optimisers leave a little early; quantities on which such likelihoods are flat.
CLOSED, ITERATED, LIKELIHOOD, FLAT = (1e-7, 1e-8), (1e-4, 1e-6), (2e-3, 2e-4), (5e-2, 1e-3)
KINDS_BY_LIKELIHOOD = {"glmm", "multilevel", "selection_model", "bayes_nnhm"}
KINDS_OF_R_META = {"meta_package", "small_study_meta", "pi_and_ci_variants", "limit_meta", "henmi_copas"}
KINDS_REFITTED = {"influence", "leave_one_out", "cumulative", "trimfill"}
LOOSE_KEYS = {"ci_tau2", "ci_I2", "ci_H2", "ci_sigma2", "se_tau2", "tau2", "I2", "H2", "R2", "loglik"}
FLAT_KEYS = {"delta", "tau2", "sigma2", "ci_sigma2", "I2", "H2"}
NOT_NUMBERS = {"coef_names", "method", "method_tau", "delta_se"}


def read_cases():
    for file in FILES:
        reference = json.loads(file.read_text())
        for case in reference["cases"]:
            inputs = reference["tables"][case["table"]]
            asked = {"kind": case["kind"], "inputs": inputs, "settings": case["settings"]}
            yield pytest.param(asked, case["expected"], id=f"{file.stem}-{case['name']}")


def tolerance(case, key):
    kind, iterated = case["kind"], case["settings"].get("method") in ("REML", "ML", "EB", "PM")
    if kind in KINDS_BY_LIKELIHOOD or case["settings"].get("method") == "GLMM":
        return FLAT if key in FLAT_KEYS else LIKELIHOOD
    if kind in KINDS_OF_R_META or kind in KINDS_REFITTED or key in LOOSE_KEYS:
        return ITERATED
    return (1e-6, 1e-7) if iterated or kind == "regtest" else CLOSED


def differences(expected, got, case, key=""):
    """What differs, as sentences."""
    if isinstance(expected, dict):
        inner = {name: value for name, value in expected.items() if name not in NOT_NUMBERS}
        return [d for name, value in inner.items() for d in differences(value, got.get(name), case, name)]
    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            return [f"{key}: expected {len(expected)} values, got {got!r}"]
        return [
            d for one, other in zip(expected, got, strict=True) for d in differences(one, other, case, key)
        ]
    if expected is None:
        return []
    if isinstance(expected, bool | str):
        return [] if got == expected else [f"{key}: expected {expected!r}, got {got!r}"]
    relative, absolute = tolerance(case, key)
    if isinstance(got, int | float) and math.isclose(expected, got, rel_tol=relative, abs_tol=absolute):
        return []
    return [f"{key}: expected {expected!r}, got {got!r}"]


@pytest.mark.parametrize(("case", "expected"), list(read_cases()))
def test_the_result_equals_what_r_prints(case, expected):
    result = answer(case)

    if "error" in expected:
        assert result.get("error")
    else:
        assert differences(expected, result, case) == []
