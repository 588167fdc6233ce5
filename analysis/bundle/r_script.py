"""An R script that pools the bundle's data with metafor and compares the result with the bundle's own."""

from collections.abc import Sequence

from analysis.bundle.settings import Settings

# Columns that each family of measures reads, by metafor's names; the first that fits the data is taken.
COLUMNS: tuple[tuple[str, ...], ...] = (
    ("yi", "vi"),
    ("ai", "n1i", "ci", "n2i"),
    ("xi", "ni"),
    ("x1i", "t1i", "x2i", "t2i"),
    ("xi", "ti"),
    ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"),
    ("mi", "sdi", "ni"),
    ("ri", "ni"),
)
TESTS = {"wald": "z", "t": "t", "hartung_knapp": "knha", "hartung_knapp_floor": "adhoc"}
QUANTILES = {
    "normal": "qnorm(upper)",
    "t_k_minus_1": "qt(upper, fit$k - 1)",
    "t_k_minus_2": "qt(upper, fit$k - 2)",
}
ITERATED = ("REML", "ML", "EB")
# The two integrate a mixed model's likelihood by different rules and stop their searches at different points.
TOLERANCES = {"glmm": "2e-3"}
USUAL_TOLERANCE = "1e-6"


class CannotReproduce(ValueError):
    """The data have no columns that metafor could read."""


def r_script(title: str, settings: Settings, columns: Sequence[str]) -> str:
    """The script; it reads data.csv and results.csv beside it and ends with an error when they disagree.

    columns: of the data. Raises CannotReproduce when they fit no measure.
    """
    used = columns_used(columns)
    lines = [
        f"# {_comment(title)}",
        "# Pools data.csv with metafor and compares the result with results.csv. Run: Rscript reproduce.R",
        "suppressPackageStartupMessages(library(metafor))",
        'data <- read.csv("data.csv")',
        f"upper <- {_number((1 + settings.level / 100) / 2)}",
        f"fit <- {_call(settings, used)}",
        "found <- c(",
        "  k = fit$k, estimate = as.numeric(fit$b[1]), se = as.numeric(fit$se[1]),",
        "  ci_low = as.numeric(fit$ci.lb[1]), ci_high = as.numeric(fit$ci.ub[1]),",
        f"  tau2 = {'as.numeric(fit$tau2)' if settings.is_random else '0'}"
        + (", q = as.numeric(fit$QE)" if settings.method != "glmm" else ""),
        ")",
    ]
    if settings.is_random and settings.prediction in QUANTILES:
        lines += [
            f'reach <- {QUANTILES[settings.prediction]} * sqrt(found[["se"]]^2 + found[["tau2"]])',
            'found <- c(found, prediction_low = found[["estimate"]] - reach, '
            'prediction_high = found[["estimate"]] + reach)',
        ]
    return "\n".join([*lines, *_comparison(TOLERANCES.get(settings.method, USUAL_TOLERANCE)), ""])


def columns_used(columns: Sequence[str]) -> tuple[str, ...]:
    for needed in COLUMNS:
        if set(needed) <= set(columns):
            return needed
    raise CannotReproduce(f"none of metafor's measures reads {', '.join(columns)}")


def _call(settings: Settings, used: tuple[str, ...]) -> str:
    """The call of metafor that makes the fit."""
    given = [f"{name} = {name}" for name in used]
    common = [*given, "data = data", f"level = {_number(settings.level)}"]
    if settings.method == "mantel_haenszel":
        rule = [
            f'measure = "{settings.measure}"',
            "add = c(0.5, 0)",
            'to = c("only0", "none")',
            "drop00 = TRUE",
        ]
        return f"rma.mh({', '.join([*rule, *common, 'correct = FALSE'])})"
    if settings.method == "peto":
        return f"rma.peto({', '.join(common)})"
    if settings.method == "glmm":
        return _glmm_call(settings, used, common)
    method = settings.tau2_estimator if settings.model == "random" else "EE"
    arguments = [f'method = "{method}"', f'test = "{TESTS[settings.interval]}"', *common]
    if used != ("yi", "vi"):
        arguments = [f'measure = "{settings.measure}"', *arguments]
        if used[0] in ("ai", "xi", "x1i"):
            arguments.append(f'to = "{settings.zero_cells}"')
        if used[0] in ("ai", "x1i"):
            arguments.append(f"drop00 = {'TRUE' if settings.drop_double_zero else 'FALSE'}")
    if method in ITERATED:
        arguments.append("control = list(threshold = 1e-12, maxiter = 5000)")
    if method == "PM":
        arguments.append("control = list(tol = 1e-12, tau2.max = 1e6)")
    return f"rma({', '.join(arguments)})"


def _glmm_call(settings: Settings, used: tuple[str, ...], common: list[str]) -> str:
    arguments = [f'measure = "{settings.measure}"', *common]
    if used[0] in ("ai", "x1i"):
        arguments.append(f'model = "{settings.glmm_model}"')
    if settings.model == "common":
        arguments.append('method = "EE"')
    arguments.append('test = "t"' if settings.interval == "t" else 'test = "z"')
    return f"rma.glmm({', '.join(arguments)})"


def _comparison(tolerance: str) -> list[str]:
    return [
        'ours <- read.csv("results.csv")',
        "expected <- setNames(ours$value, ours$name)",
        "names <- intersect(names(found), names(expected)[!is.na(expected)])",
        "table <- data.frame(name = names, metafor = unname(found[names]), bundle = unname(expected[names]))",
        "table$difference <- abs(table$metafor - table$bundle)",
        "print(table, digits = 9, row.names = FALSE)",
        f"limit <- {tolerance} * pmax(1, abs(table$bundle))",
        'if (any(table$difference > limit)) stop("metafor and the bundle disagree")',
        'cat("metafor", as.character(packageVersion("metafor")), "agrees\\n")',
    ]


def _comment(title: str) -> str:
    return " ".join(title.split())


def _number(value: float) -> str:
    return f"{value:.12g}"
