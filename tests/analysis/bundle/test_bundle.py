"""The bundle's files, and its R script run with metafor where R is there."""

import csv
import io
import shutil
import subprocess
import zipfile
from dataclasses import asdict

import pytest

from analysis.bundle import Analysis, CannotReproduce, Settings, files_of, methods_text, r_script, zip_of
from analysis.pooling import (
    IntervalMethod,
    Model,
    ProportionMeasure,
    Tau2Estimator,
    TwoByTwoMeasure,
    mantel_haenszel,
    pool,
    proportion_effects,
    two_by_two_effects,
)
from analysis.pooling.glmm import pool_proportions

EVENTS, TOTALS = [11, 24, 0, 82, 60], [29, 33, 26, 240, 110]
OTHER_EVENTS, OTHER_TOTALS = [14, 20, 3, 95, 50], [30, 35, 25, 231, 108]


def installed_in_r():
    """Which of the packages that the scripts load R has."""
    rscript = shutil.which("Rscript")
    if not rscript:
        return set()
    ask = 'for (p in c("metafor", "lme4")) if (requireNamespace(p, quietly = TRUE)) cat(p, "")'
    return set(
        subprocess.run([rscript, "-e", ask], capture_output=True, text=True, check=False).stdout.split()
    )


def one_arm(settings, result):
    rows = [{"study": f"S{i}", "xi": x, "ni": n} for i, (x, n) in enumerate(zip(EVENTS, TOTALS, strict=True))]
    return Analysis("Response", settings, rows, result)


def two_arms(settings, result):
    columns = zip(EVENTS, TOTALS, OTHER_EVENTS, OTHER_TOTALS, strict=True)
    rows = [dict(zip(("ai", "n1i", "ci", "n2i"), each, strict=True)) for each in columns]
    return Analysis("Comparison", settings, rows, result)


def pooled(sizes, **options):
    result = asdict(pool(sizes.effects, sizes.variances, **options))
    return {name: value for name, value in result.items() if name != "weights_percent"}


def logits():
    sizes = proportion_effects(EVENTS, TOTALS, measure=ProportionMeasure.LOGIT)
    return pooled(sizes, interval=IntervalMethod.HARTUNG_KNAPP)


LOGIT = Settings("PLO", interval="hartung_knapp", prediction="t_k_minus_1")


def cases():
    yield one_arm(LOGIT, logits())
    ratios = two_by_two_effects(
        EVENTS, TOTALS, OTHER_EVENTS, OTHER_TOTALS, measure=TwoByTwoMeasure.RISK_RATIO
    )
    yield two_arms(
        Settings("RR", tau2_estimator="DL", level=90),
        pooled(ratios, tau2_estimator=Tau2Estimator.DL, level=0.9),
    )
    yield two_arms(Settings("RR", model="common"), pooled(ratios, model=Model.COMMON))
    columns = (EVENTS, TOTALS, OTHER_EVENTS, OTHER_TOTALS)
    stratified = mantel_haenszel(*columns, measure=TwoByTwoMeasure.ODDS_RATIO)
    yield two_arms(
        Settings("OR", method="mantel_haenszel"),
        {
            "k": stratified.k,
            "estimate": stratified.estimate,
            "se": stratified.se,
            "ci_low": stratified.ci_low,
            "ci_high": stratified.ci_high,
            "q": stratified.heterogeneity.statistic,
        },
    )
    mixed = pool_proportions(EVENTS, TOTALS)
    yield one_arm(
        Settings("PLO", method="glmm"),
        {name: getattr(mixed, name) for name in ("k", "estimate", "se", "ci_low", "ci_high", "tau2")},
    )


def test_the_script_repeats_the_numbers_with_metafor(tmp_path):
    installed = installed_in_r()
    if "metafor" not in installed:
        pytest.skip("R with metafor is not installed: the bundle's script was not run")
    for i, analysis in enumerate(cases()):
        if analysis.settings.method == "glmm" and "lme4" not in installed:
            continue
        folder = tmp_path / str(i)
        folder.mkdir()
        for name, content in files_of(analysis).items():
            (folder / name).write_bytes(content)

        run = subprocess.run(
            ["Rscript", "reproduce.R"], cwd=folder, capture_output=True, text=True, check=False
        )

        assert run.returncode == 0, run.stdout + run.stderr
        assert "agrees" in run.stdout


def test_a_bundle_holds_data_settings_results_methods_and_script():
    files = files_of(one_arm(LOGIT, logits()))

    assert {"data.csv", "settings.json", "results.csv", "results.json", "methods.txt", "reproduce.R"} <= set(
        files
    )
    rows = list(csv.DictReader(io.StringIO(files["data.csv"].decode())))
    assert rows[2] == {"study": "S2", "xi": "0", "ni": "26"}


def test_numbers_keep_every_digit():
    files = files_of(one_arm(LOGIT, {"scale": {"k": 5, "estimate": 0.1 + 0.2}}))

    assert "estimate,0.30000000000000004" in files["results.csv"].decode()


def test_a_study_name_cannot_become_a_formula():
    analysis = Analysis("A", LOGIT, [{"study": "=1+1", "xi": 1, "ni": 2}], {"k": 1})

    assert "'=1+1" in files_of(analysis)["data.csv"].decode()


def test_a_title_cannot_become_code():
    script = r_script('a\nsystem("x")', LOGIT, ["xi", "ni"])

    assert script.startswith('# a system("x")\n')


def test_columns_that_metafor_cannot_read_are_refused_and_the_bundle_says_so():
    with pytest.raises(CannotReproduce, match="foo"):
        r_script("A", LOGIT, ["foo"])
    assert "reproduce.R" not in files_of(Analysis("A", LOGIT, [{"foo": 1}], {"k": 1}))


def test_equal_contents_make_equal_zips():
    files = {"b.txt": b"2", "a.txt": b"1"}

    assert zip_of(files) == zip_of(dict(reversed(files.items())))
    assert zipfile.ZipFile(io.BytesIO(zip_of(files, folder="run"))).namelist() == ["run/a.txt", "run/b.txt"]


def test_the_methods_say_what_was_done_and_nothing_else():
    text = methods_text(LOGIT, k=5, corrected=1)

    assert "restricted maximum likelihood" in text
    assert "Hartung-Knapp" in text
    assert "(1 of 5)" in text
    common = methods_text(Settings("RR", model="common"), k=5)
    assert "Between-study variance" not in common
    assert "No study needed a continuity correction." in common
