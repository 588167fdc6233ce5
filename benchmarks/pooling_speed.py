"""Speed of the pooling engine, beside R's metafor and PyPI's pimeta in the same run where they are installed.

    python benchmarks/pooling_speed.py

Each line gives the best of several runs in milliseconds; peers that are not installed are named and skipped.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from analysis.pooling import (  # noqa: E402
    Model,
    ProportionMeasure,
    Tau2Estimator,
    back_transform,
    gosh,
    leave_one_out,
    pool,
    pool_many,
    proportion_effects,
    trim_and_fill,
)
from analysis.pooling.glmm import pool_odds_ratios, pool_proportions  # noqa: E402

EVENTS = np.array([11, 24, 179, 82, 60, 11, 99, 9, 88, 17, 26, 23, 40, 13, 52, 31], dtype=np.float64)
TOTALS = np.array([29, 33, 326, 240, 110, 29, 244, 17, 215, 26, 138, 55, 54, 60, 101, 77], dtype=np.float64)
OTHER_EVENTS = np.array([14, 20, 150, 95, 50, 15, 90, 8, 95, 15, 30, 20, 35, 18, 45, 36], dtype=np.float64)


def made(studies: int, sets: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Effects and variances of random-effects meta-analyses, shape (sets, studies)."""
    random = np.random.default_rng(seed)
    variances = np.exp(random.normal(-2.5, 1.0, (sets, studies)))
    return random.normal(0.3, np.sqrt(variances + 0.1)), variances


def best(task: Callable[[], object], repeats: int) -> float:
    """Milliseconds of the fastest run."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        task()
        times.append(time.perf_counter() - started)
    return 1000 * min(times)


def page() -> None:
    """Everything a page shows of one meta-analysis of proportions."""
    sizes = proportion_effects(EVENTS, TOTALS, measure=ProportionMeasure.LOGIT)
    result = pool(sizes.effects, sizes.variances)
    limits = [result.estimate, result.ci_low, result.ci_high, result.prediction_low, result.prediction_high]
    back_transform(limits, ProportionMeasure.LOGIT)


def ours() -> dict[str, float]:
    y16, v16 = made(16, 1)
    many_y, many_v = made(10, 10_000)
    y1000, v1000 = made(1000, 1)
    y10000, v10000 = made(10_000, 1)
    y100, v100 = made(100, 1)
    y15, v15 = made(15, 1)
    dl, common = Tau2Estimator.DL, Model.COMMON
    return {
        "REML, 16 studies": best(lambda: pool(y16[0], v16[0]), 200),
        "everything on a page, 16 studies": best(page, 100),
        "10,000 REML fits of 10 studies": best(lambda: pool_many(many_y, many_v), 5),
        "REML, 1,000 studies": best(lambda: pool(y1000[0], v1000[0]), 50),
        "REML, 10,000 studies": best(lambda: pool(y10000[0], v10000[0]), 20),
        "leave-one-out DL, 1,000 studies": best(
            lambda: leave_one_out(y1000[0], v1000[0], tau2_estimator=dl), 5
        ),
        "GOSH common effect, 15 studies": best(lambda: gosh(y15[0], v15[0]), 20),
        "trim and fill, 100 studies": best(lambda: trim_and_fill(y100[0], v100[0], model=common), 20),
        "GLMM one group, 16 studies": best(lambda: pool_proportions(EVENTS, TOTALS, points=7), 10),
        "GLMM two groups UM.FS, 16 studies": best(
            lambda: pool_odds_ratios(EVENTS, TOTALS, OTHER_EVENTS, TOTALS, points=7), 5
        ),
    }


R_TASKS = """
suppressMessages(library(metafor))
input <- commandArgs(TRUE)[1]
data <- lapply(split(read.csv(input), read.csv(input)$set), as.list)
timed <- function(task, repeats) {
  1000 * min(sapply(seq_len(repeats), function(i) system.time(task())[["elapsed"]]))
}
loop <- function(times, task) function() for (i in seq_len(times)) task()
say <- function(name, value) cat(name, value, sep = "\\t", fill = TRUE)
d10 <- data[["k10"]]; d15 <- data[["k15"]]; d16 <- data[["k16"]]
d1000 <- data[["k1000"]]; p <- data[["binary"]]
say("REML, 16 studies", timed(loop(50, function() rma(d16$a, d16$b)), 3) / 50)
say("10,000 REML fits of 10 studies", 100 * timed(loop(100, function() rma(d10$a, d10$b)), 3))
say("REML, 1,000 studies", timed(function() rma(d1000$a, d1000$b), 1))
say("GOSH common effect, 15 studies",
    timed(function() gosh(rma(d15$a, d15$b, method = "FE"), progbar = FALSE), 1))
say("GLMM one group, 16 studies", timed(function() rma.glmm(measure = "PLO", xi = p$a, ni = p$b), 3))
say("GLMM two groups UM.FS, 16 studies",
    timed(function() rma.glmm(measure = "OR", ai = p$a, n1i = p$b, ci = p$c, n2i = p$b, model = "UM.FS"), 1))
"""


def in_metafor(folder: Path) -> dict[str, float]:
    """metafor's times, empty where R or metafor is missing."""
    if not shutil.which("Rscript"):
        return {}
    rows = ["set,a,b,c"]
    for studies in (10, 15, 16, 1000):
        y, v = made(studies, 1)
        rows += [f"k{studies},{a},{b}," for a, b in zip(y[0], v[0], strict=True)]
    rows += [f"binary,{a},{b},{c}" for a, b, c in zip(EVENTS, TOTALS, OTHER_EVENTS, strict=True)]
    csv, script = folder / "pooling_speed.csv", folder / "pooling_speed.R"
    csv.write_text("\n".join(rows) + "\n")
    script.write_text(R_TASKS)
    run = subprocess.run(["Rscript", str(script), str(csv)], capture_output=True, text=True, check=False)
    lines = [line.split("\t") for line in run.stdout.splitlines() if "\t" in line]
    return {name: float(value) for name, value in lines}


def in_pimeta() -> dict[str, float]:
    """pimeta's time for one fit, empty where it is not installed."""
    if importlib.util.find_spec("pimeta") is None:
        return {}
    from pimeta import rma

    y, v = made(16, 1)
    return {"REML, 16 studies": best(lambda: rma(y[0], v[0], method="REML"), 50)}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        columns = {"ours": ours(), "metafor": in_metafor(Path(folder)), "pimeta": in_pimeta()}
    for name in [name for name, times in columns.items() if not times]:
        print(f"{name} is not installed: skipped")
    present = {name: times for name, times in columns.items() if times}
    print(f"{'milliseconds':38}" + "".join(f"{name:>12}" for name in present) + f"{'times':>10}")
    for task, mine in columns["ours"].items():
        others = [times.get(task) for name, times in present.items() if name != "ours"]
        cells = "".join(f"{'':>12}" if value is None else f"{value:12.3f}" for value in others)
        known = [value for value in others if value is not None]
        faster = f"{max(known) / mine:9.0f}x" if known else ""
        print(f"{task:38}{mine:12.3f}{cells}{faster:>10}")
    if "--json" in sys.argv:
        print(json.dumps(columns))


if __name__ == "__main__":
    main()
