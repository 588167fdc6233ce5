"""Cases of every kind that metafor can check, from real and seeded random studies."""

from collections.abc import Iterator, Mapping
from typing import Any

from case_making import ESTIMATORS, TESTS, Case, Maker, Table, case, chosen, counts_of
from checking_cases import checked_cases, dependent_cases, mixed_cases
from edge_cases import EDGE_PROPORTIONS, EDGE_TABLES, EDGES

TWO_BY_TWO = ("RR", "OR", "RD", "AS", "PETO")
PROPORTIONS = ("PR", "PLO", "PLN", "PAS", "PFT")
CORRELATIONS = ("COR", "UCOR", "ZCOR")
RATES, RATE_RATIOS = ("IR", "IRLN", "IRS", "IRFT"), ("IRR", "IRD", "IRSD")
# SMDH, SMD1H and CVR changed their variances after metafor 3.8; VR and the rest are alike in all versions.
MEANS = ("MD", "SMD", "VR")
SETTINGS_OF_MEANS: tuple[dict[str, Any], ...] = (
    {"measure": "MD", "vtype": "HO"},
    {"measure": "SMD", "vtype": "UB"},
    {"measure": "SMD", "vtype": "AV"},
    {"measure": "SMD", "vtype": "LS2"},
    {"measure": "ROM", "correct": False},
)
CHANGES = ("MC", "SMCC", "SMCR", "ROMC")
LEVELS = (90, 95, 99)


def made_cases(real: Mapping[str, Table], seed: int) -> list[Case]:
    maker = Maker(seed)
    made = [
        *_pooled(real, maker),
        *_effect_measures(real, maker),
        *_edges(maker),
        *_tables(real, maker),
        *_explained(real, maker),
        *checked_cases(real, maker),
        *mixed_cases(real, maker),
        *dependent_cases(real, maker),
    ]
    names = [case["id"] for case in made]
    assert len(names) == len(set(names)), "two cases of one name"
    return made


def _pooled(real: Mapping[str, Table], maker: Maker) -> Iterator[Case]:
    """Every estimator with every test, at several levels, on effects of several sizes and spreads."""
    sets = {
        "raudenbush": chosen(real["raudenbush"], "yi", "vi"),
        "begg": chosen(real["begg"], "yi", "vi"),
        **{
            f"random-{k}-{tau:g}": maker.general(k, tau)
            for k, tau in ((2, 0.5), (3, 0), (4, 1), (7, 0.2), (12, 0.6), (40, 0.3), (25, 0))
        },
    }
    for at, (name, table) in enumerate(sets.items()):
        for number, method in enumerate((*ESTIMATORS, "EE", "FE")):
            test = TESTS[(at + number) % 4]
            level = LEVELS[(at + number) % 3]
            yield case(
                f"{name}-{method}-{test}-{level}",
                "pool",
                table,
                measure="GEN",
                method=method,
                test=test,
                level=level,
            )


def _effect_measures(real: Mapping[str, Table], maker: Maker) -> Iterator[Case]:
    """Every effect measure with its corrections."""
    yield from _of_tables(real, maker)
    yield from _of_proportions_and_rates(real, maker)
    yield from _of_means(real, maker)
    yield from _of_correlations_and_changes(real, maker)


def _of_tables(real: Mapping[str, Table], maker: Maker) -> Iterator[Case]:
    binary = {
        "yusuf": counts_of(real["yusuf"]),
        "linde": counts_of(real["linde"]),
        "li": counts_of(real["li"]),
        "lee": counts_of(real["lee"]),
        "hcq": counts_of(real["hydroxychloroquine"]),
        "rare": maker.tables(9, 0.01),
        "common": maker.tables(6, 0.5),
    }
    for name, table in binary.items():
        for measure in TWO_BY_TWO:
            yield case(f"{name}-{measure}", "pool", table, measure=measure, method="REML", test="z")
        for to in ("all", "only0", "if0all", "none"):
            for measure in ("OR", "RR", "RD"):
                yield case(
                    f"{name}-{measure}-{to}-drop",
                    "pool",
                    table,
                    measure=measure,
                    method="DL",
                    test="z",
                    to=to,
                    add=0.25,
                    drop00=to != "all",
                )


def _of_proportions_and_rates(real: Mapping[str, Table], maker: Maker) -> Iterator[Case]:
    for name, table in {
        "pritz": real["pritz"],
        "low": maker.proportions(8, 0.03),
        "high": maker.proportions(8, 0.95),
    }.items():
        for measure in PROPORTIONS:
            yield case(f"{name}-{measure}", "pool", table, measure=measure, method="REML", test="knha")
            yield case(
                f"{name}-{measure}-all", "pool", table, measure=measure, method="PM", test="z", to="all"
            )
    for name, table in {"hart": real["hart"], "random": maker.rates(8, 0.004)}.items():
        for measure in RATE_RATIOS:
            yield case(f"{name}-{measure}", "pool", table, measure=measure, method="REML", test="z")
        one = {"xi": table["x1i"], "ti": table["t1i"]}
        for measure in RATES:
            yield case(f"{name}-{measure}", "pool", one, measure=measure, method="EB", test="t")


def _of_means(real: Mapping[str, Table], maker: Maker) -> Iterator[Case]:
    for name, table in {
        "normand": real["normand"],
        "curtis": real["curtis"],
        "gibson": real["gibson"],
        "random": maker.means(6),
        "tiny": maker.means(5, 3),
    }.items():
        for measure in MEANS:
            yield case(f"{name}-{measure}", "pool", table, measure=measure, method="REML", test="z")
        for settings in SETTINGS_OF_MEANS:
            words = "-".join(str(value) for value in settings.values())
            yield case(f"{name}-{words}", "pool", table, method="REML", test="knha", **settings)
        one = {"mi": table["m1i"], "sdi": table["sd1i"], "ni": table["n1i"]}
        for measure in ("MN", "MNLN"):
            yield case(f"{name}-{measure}", "pool", one, measure=measure, method="REML", test="z")


def _of_correlations_and_changes(real: Mapping[str, Table], maker: Maker) -> Iterator[Case]:
    for name, table in {
        "mcdaniel": real["mcdaniel"],
        "cohen": real["cohen"],
        "random": maker.correlations(9),
    }.items():
        for measure in CORRELATIONS:
            yield case(f"{name}-{measure}", "pool", table, measure=measure, method="HS", test="z")
        for vtype in ("UB", "AV"):
            yield case(
                f"{name}-COR-{vtype}", "pool", table, measure="COR", method="REML", test="z", vtype=vtype
            )
    for measure in CHANGES:
        more = {"correct": False} if measure == "ROMC" else {}
        yield case(
            f"change-{measure}", "pool", maker.changes(7), measure=measure, method="REML", test="z", **more
        )


def _edges(maker: Maker) -> Iterator[Case]:
    for name, table in EDGES.items():
        for method, test in (("REML", "z"), ("DL", "knha"), ("PM", "adhoc"), ("ML", "t"), ("EE", "z")):
            yield case(f"edge-{name}-{method}", "pool", table, measure="GEN", method=method, test=test)
        for method in ("HE", "HS", "SJ", "EB"):
            yield case(f"edge-{name}-{method}", "pool", table, measure="GEN", method=method, test="z")
    for name, table in EDGE_TABLES.items():
        for measure in TWO_BY_TWO:
            yield case(f"edge-{name}-{measure}", "pool", table, measure=measure, method="REML", test="z")
        for measure in ("OR", "RR", "RD"):
            yield case(f"edge-{name}-{measure}", "mantel_haenszel", table, measure=measure)
        yield case(f"edge-{name}", "peto", table, measure="PETO")
    for name, table in EDGE_PROPORTIONS.items():
        for measure in PROPORTIONS:
            yield case(f"edge-{name}-{measure}", "pool", table, measure=measure, method="REML", test="z")
        yield case(f"edge-{name}", "glmm", table, measure="PLO")
        yield case(f"edge-{name}-t", "glmm", table, measure="PLO", test="t")


def _tables(real: Mapping[str, Table], maker: Maker) -> Iterator[Case]:
    sets = {
        "bcg": counts_of(real["bcg"]),
        "yusuf": counts_of(real["yusuf"]),
        "li": counts_of(real["li"]),
        "hcq": counts_of(real["hydroxychloroquine"]),
        "rare": maker.tables(12, 0.01),
        "common": maker.tables(5, 0.4),
    }
    for name, table in sets.items():
        for measure in ("OR", "RR", "RD"):
            yield case(name + f"-{measure}", "mantel_haenszel", table, measure=measure)
            yield case(name + f"-{measure}-90", "mantel_haenszel", table, measure=measure, level=90)
            yield case(
                name + f"-{measure}-added",
                "mantel_haenszel",
                table,
                measure=measure,
                add=[0.5, 0.5],
                to=["all", "all"],
            )
        yield case(name + "-plain", "mantel_haenszel", table, measure="OR", correct=False)
        yield case(name, "peto", table, measure="PETO")
        yield case(name + "-99", "peto", table, measure="PETO", level=99)
    for name, table in {"hart": real["hart"], "random": maker.rates(7, 0.003)}.items():
        for measure in ("IRR", "IRD"):
            yield case(f"{name}-{measure}", "mantel_haenszel", table, measure=measure)
            yield case(f"{name}-{measure}-plain", "mantel_haenszel", table, measure=measure, correct=False)


def _explained(real: Mapping[str, Table], maker: Maker) -> Iterator[Case]:
    """Moderators and subgroups."""
    weeks = {**chosen(real["raudenbush"], "yi", "vi"), "mods": {}}
    mods = {name: real["raudenbush"][name] for name in ("weeks", "setting", "year")}
    bcg = {**counts_of(real["bcg"]), "mods": {name: real["bcg"][name] for name in ("ablat", "year", "alloc")}}
    small = {**maker.general(5, 0.3), "mods": {"x": [1, 2, 3, 4, 6], "g": ["a", "b", "a", "b", "b"]}}
    gap = {**maker.general(6, 0.3), "mods": {"x": [1, None, 3, 4, 6, 2]}}
    formulas = {
        "weeks": (
            {**weeks, "mods": mods},
            "GEN",
            ("~ weeks", "~ setting", "~ weeks + setting", "~ weeks * setting"),
        ),
        "bcg": (
            bcg,
            "RR",
            (
                "~ ablat + year",
                "~ factor(alloc)",
                "~ alloc + ablat",
                "~ ablat + I(ablat^2)",
                "~ 0 + alloc",
                "~ alloc - 1",
            ),
        ),
        "small": (small, "GEN", ("~ x", "~ g", "~ x + g", "~ x:g")),
        "gap": (gap, "GEN", ("~ x",)),
    }
    for name, (table, measure, texts) in formulas.items():
        for at, text in enumerate(texts):
            for number, method in enumerate((*ESTIMATORS, "FE")):
                yield case(
                    f"{name}-{text}-{method}",
                    "meta_regression",
                    table,
                    measure=measure,
                    method=method,
                    test=TESTS[(at + number) % 4],
                    formula=text,
                )
    groups = {
        "setting": (
            {**chosen(real["raudenbush"], "yi", "vi"), "group": real["raudenbush"]["setting"]},
            "GEN",
        ),
        "alloc": ({**counts_of(real["bcg"]), "group": real["bcg"]["alloc"]}, "OR"),
        "linde": ({**counts_of(real["linde"]), "group": [str(g) for g in real["linde"]["group"]]}, "RR"),
        "single": ({**maker.general(5, 0.4), "group": ["a", "a", "b", "c", "c"]}, "GEN"),
    }
    for name, (table, measure) in groups.items():
        for at, method in enumerate((*ESTIMATORS, "EE")):
            for common in (False, True):
                yield case(
                    f"{name}-{method}-{common}",
                    "subgroup",
                    table,
                    measure=measure,
                    method=method,
                    test=TESTS[at % 4],
                    common_tau2=common,
                )
