"""Cases that check a pooled result, of counts in mixed models, and of dependent effects."""

from collections.abc import Iterator, Mapping
from typing import Any

from case_making import ESTIMATORS, TESTS, Case, Maker, Table, case, chosen, counts_of
from edge_cases import EDGE_TABLES, EDGES

MOST_FOR_EXACT = 10


def checked_cases(real: Mapping[str, Table], maker: Maker) -> Iterator[Case]:
    """Leave-one-out, cumulative, influence, asymmetry, trim and fill, fail-safe N, selection, GOSH."""
    sets: dict[str, tuple[Table, str]] = {
        "raudenbush": (chosen(real["raudenbush"], "yi", "vi"), "GEN"),
        "begg": (chosen(real["begg"], "yi", "vi"), "GEN"),
        "li": (counts_of(real["li"]), "OR"),
        "lee": (counts_of(real["lee"]), "RR"),
        "gibson": (real["gibson"], "SMD"),
        "random-3": (maker.general(3, 0.3), "GEN"),
        "random-2": (maker.general(2, 0.3), "GEN"),
        "random-30": (maker.general(30, 0.5), "GEN"),
        "level": (maker.general(9, 0.0), "GEN"),
        "same": (EDGES["all-same"], "GEN"),
        "wide": (EDGES["wide-weights"], "GEN"),
    }
    for at, (name, (table, measure)) in enumerate(sets.items()):
        yield from _refitted(at, name, table, measure, maker)
        yield from _asymmetry(name, table, measure)
        yield from _filled(name, table, measure)
        yield from _unpublished(name, table, measure)
        yield case(name, "henmi_copas", table, measure=measure, method="DL")
        if _size(table) <= MOST_FOR_EXACT:
            yield case(name, "gosh", table, measure=measure, method="FE")
            for method in ("DL", "REML"):
                settings = {"measure": measure, "method": method, "exact": True}
                yield case(f"{name}-{method}", "permutation_test", table, **settings)


def _size(table: Table) -> int:
    return len(table[next(iter(table))])


def _refitted(at: int, name: str, table: Table, measure: str, maker: Maker) -> Iterator[Case]:
    for number, method in enumerate((*ESTIMATORS, "EE")):
        test = TESTS[(at + number) % 4]
        settings = {"measure": measure, "method": method, "test": test}
        yield case(f"{name}-{method}", "leave_one_out", table, **settings)
        years = maker.random.integers(1990, 2000, _size(table)).tolist()
        yield case(f"{name}-{method}", "cumulative", {**table, "order": years}, **settings)
        for each in dict.fromkeys(("z", test)):
            yield case(f"{name}-{method}-{each}", "influence", table, **{**settings, "test": each})
        for predictor in ("sei", "vi"):
            yield case(f"{name}-{method}-{predictor}", "regtest", table, **settings, predictor=predictor)


def _asymmetry(name: str, table: Table, measure: str) -> Iterator[Case]:
    by_size = () if measure == "GEN" else ("ni", "ninv", "sqrtni", "sqrtninv")
    tried = [("lm", predictor) for predictor in ("sei", "vi", *by_size)]
    for model, predictor in (*tried, *(("rma", predictor) for predictor in by_size)):
        settings = {"measure": measure, "method": "REML", "predictor": predictor, "model": model}
        yield case(f"{name}-{predictor}-{model}", "regtest", table, **settings)
    yield case(name, "ranktest", table, measure=measure)


def _filled(name: str, table: Table, measure: str) -> Iterator[Case]:
    for method in ("FE", "DL", "REML", "SJ"):
        for estimator in ("L0", "R0", "Q0"):
            settings = {"measure": measure, "method": method, "estimator": estimator}
            yield case(f"{name}-{method}-{estimator}", "trimfill", table, **settings)
        for side in ("left", "right"):
            settings = {"measure": measure, "method": method, "estimator": "L0", "side": side}
            yield case(f"{name}-{method}-{side}", "trimfill", table, **settings)


def _unpublished(name: str, table: Table, measure: str) -> Iterator[Case]:
    """Fail-safe N and selection models."""
    for kind in ("Rosenthal", "Orwin", "Rosenberg"):
        yield case(f"{name}-{kind}", "failsafe_n", table, measure=measure, type=kind)
    for kind in ("Rosenthal", "Rosenberg"):
        yield case(f"{name}-{kind}-01", "failsafe_n", table, measure=measure, type=kind, alpha=0.01)
    yield case(f"{name}-target", "failsafe_n", table, measure=measure, type="Orwin", target=0.05)
    for kind in ("stepfun", "beta", "halfnorm", "negexp"):
        for alternative, steps in (("greater", 0.05), ("less", [0.025, 0.5])):
            settings: dict[str, Any] = {"steps": steps} if kind == "stepfun" else {}
            settings |= {"measure": measure, "method": "ML", "type": kind, "alternative": alternative}
            yield case(f"{name}-{kind}-{alternative}", "selection_model", table, **settings)


def mixed_cases(real: Mapping[str, Table], maker: Maker) -> Iterator[Case]:
    tables = {
        "yusuf": counts_of(real["yusuf"]),
        "lee": counts_of(real["lee"]),
        "rare": maker.tables(8, 0.02),
        "common": maker.tables(6, 0.4),
        "k2": EDGE_TABLES["k2"],
        "mixed-zero": EDGE_TABLES["mixed-zero"],
    }
    for name, table in tables.items():
        for model in ("UM.FS", "UM.RS", "CM.AL", "CM.EL"):
            yield case(f"{name}-{model}", "glmm", table, measure="OR", model=model)
        yield case(f"{name}-t", "glmm", table, measure="OR", model="UM.FS", test="t", level=90)
        yield case(f"{name}-ee", "glmm", table, measure="OR", model="UM.FS", method="EE")
    for name, table in {"hart": real["hart"], "random": maker.rates(7, 0.003)}.items():
        for model in ("UM.FS", "UM.RS", "CM.EL"):
            yield case(f"{name}-{model}", "glmm", table, measure="IRR", model=model)
        yield case(f"{name}-one", "glmm", {"xi": table["x1i"], "ti": table["t1i"]}, measure="IRLN")
    for name, table in {
        "pritz": real["pritz"],
        "low": maker.proportions(9, 0.03),
        "high": maker.proportions(12, 0.9),
        "level": maker.proportions(10, 0.3, 0.0),
        "far": maker.proportions(15, 0.3, 2.0),
    }.items():
        for test in ("z", "t"):
            yield case(f"{name}-{test}", "glmm", table, measure="PLO", test=test)
        yield case(f"{name}-ee", "glmm", table, measure="PLO", method="EE")


def dependent_cases(real: Mapping[str, Table], maker: Maker) -> Iterator[Case]:
    assink = {**real["assink"], "esid": list(range(len(real["assink"]["yi"])))}
    konst = real["konstantopoulos"]
    sets = {"assink": (assink, "study", "esid"), "konstantopoulos": (konst, "district", "school")}
    for name, (table, outer, inner) in sets.items():
        for method in ("REML", "ML"):
            for test in ("z", "t"):
                yield case(
                    f"{name}-{method}-{test}",
                    "multilevel",
                    table,
                    random=f"~ 1 | {outer}/{inner}",
                    method=method,
                    test=test,
                    robust=outer,
                    level=95,
                )
        yield case(
            f"{name}-year",
            "multilevel",
            table,
            random=f"~ 1 | {outer}/{inner}",
            method="REML",
            test="z",
            formula="~ year",
            robust=outer,
        )
        yield case(
            f"{name}-outer",
            "multilevel",
            table,
            random=f"~ 1 | {outer}",
            method="REML",
            test="z",
            robust=outer,
        )
        for rho in (0.0, 0.3, 0.8):
            yield case(f"{name}-{rho}", "aggregate", table, cluster=outer, struct="CS", rho=rho)
        yield case(f"{name}-id", "aggregate", table, cluster=outer, struct="ID")
