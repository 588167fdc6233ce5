"""The rules on printed results, on the abstract of Lao, Wen & Wen 2025 (Front Oncol,
10.3389/fonc.2025.1613777).
"""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analysis.audit import AuditProblem, Verdict, audit, number, read_table

PUBLISHED = """outcome,timepoint,estimate,ci_low,ci_high,pi_low,pi_high,i2,p
overall_response,,89.0,85.8,92.2,1.2,99.9,90.1,<0.001
complete_remission,,70.5,58.6,82.5,3.3,76.9,94.0,<0.001
mrd_negative,,84.6,79.5,89.6,0.4,99.8,80.9,<0.001
overall_survival,1 year,61.7,44.9,78.5,,,94.1,<0.001
overall_survival,5 years,44.9,39.2,50.5,,,0.0,0.482
sct,,27.5,16.6,38.4,1.2,79.4,95.2,<0.001
relapse,,23.6,16.6,30.6,16.6,99.6,78.2,<0.001
vod,,6.2,3.8,8.6,6.6,54.5,68.0,<0.001
"""


def reports(text, **options):
    return {report.result.name: report for report in audit(read_table("table.csv", text), **options)}


def rules(report):
    return {finding.rule: finding for finding in report.findings}


def one(line, header="outcome,estimate,ci_low,ci_high,pi_low,pi_high,i2,p,k,n,scale"):
    return next(iter(reports(f"{header}\n{line}\n").values()))


def test_each_printed_result_gets_its_verdict():
    verdicts = {name: report.verdict for name, report in reports(PUBLISHED).items()}

    assert verdicts == {
        "overall_response": Verdict.IMPLAUSIBLE,
        "complete_remission": Verdict.IMPOSSIBLE,
        "mrd_negative": Verdict.IMPLAUSIBLE,
        "overall_survival, 1 year": Verdict.PASSES,
        "overall_survival, 5 years": Verdict.PASSES,
        "sct": Verdict.IMPLAUSIBLE,
        "relapse": Verdict.IMPLAUSIBLE,
        "vod": Verdict.IMPOSSIBLE,
    }


def test_the_smallest_number_of_studies_follows_from_i2_and_p():
    found = reports(PUBLISHED)

    assert rules(found["vod"])["smallest_k"].numbers["k_smallest"] == 10
    assert rules(found["relapse"])["smallest_k"].numbers["k_smallest"] == 6
    assert rules(found["mrd_negative"])["smallest_k"].numbers["k_smallest"] == 5


def test_persons_are_implied_by_the_width_of_the_interval():
    found = reports(PUBLISHED, persons=1068)

    assert rules(found["overall_survival, 5 years"])["implied_n"].numbers["implied"] == 298
    assert rules(found["overall_response"])["implied_fixed_n"].numbers["implied"] == pytest.approx(
        3710, abs=5
    )
    assert rules(found["overall_response"])["implied_fixed_n"].severity == "warning"


def test_a_width_that_some_numbers_of_studies_allow_is_only_suspicious():
    finding = rules(reports(PUBLISHED, most_studies=16)["sct"])["pi_wider_than_tau2_allows"]

    assert (finding.severity, finding.numbers["k_from"], finding.numbers["k_to"]) == ("suspicious", 5, 16)


def test_a_limit_printed_twice_is_told():
    assert rules(reports(PUBLISHED)["relapse"])["copied_bound"].numbers["value"] == 16.6


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        # PMID 40120068 as stored: 5-year survival of 5.3% with an interval from 9.6 to 29.8.
        ("survival,5.3,9.6,29.8,,,,,,,percent", "ci_excludes_estimate"),
        ("a,1.5,2.0,1.1,,,,,,,ratio", "limits_reversed"),
        ("a,104,90,108,,,,,,,percent", "value_out_of_range"),
        ("a,-0.5,-1,2,,,,,,,OR", "value_out_of_range"),
        ("a,1.5,1.1,2.0,,,120,,,,OR", "i2_out_of_range"),
        ("a,1.5,1.1,2.0,,,20,1.2,,,OR", "p_out_of_range"),
        # With I2 = 0, Q is at most k - 1, so p is at least 0.317 for two studies and more for others.
        ("a,1.5,1.1,2.0,,,0,0.03,,,OR", "i2_against_p"),
        # I2 of 50% with 4 studies: Q = 6 on 3 degrees of freedom, p = 0.112.
        ("a,1.5,1.1,2.0,,,50,0.002,4,,OR", "i2_against_p"),
    ],
)
def test_what_cannot_be_is_impossible(line, rule):
    report = one(line)

    assert report.verdict is Verdict.IMPOSSIBLE
    assert rules(report)[rule].sentence


def test_a_ratio_that_fits_passes_on_the_log_scale():
    # metafor 3.8.1, rma("RR", ..., data = dat.bcg), exponentiated: printed to two decimals.
    report = one("bcg,0.49,0.34,0.70,0.16,1.54,92.2,<0.001,13,,RR")

    assert report.verdict is Verdict.PASSES
    assert rules(report)["ci_scale"].numbers["scales"] == "log"


def test_survival_that_rises_with_time_is_impossible():
    found = reports("outcome,time,est\noverall survival,1 year,40\noverall survival,24 months,55\n")

    assert "not_monotone" in rules(found["overall survival, 24 months"])
    assert not rules(found["overall survival, 1 year"]).get("not_monotone")


def test_a_complete_response_above_the_overall_response_is_impossible():
    found = reports("outcome,estimate\nObjective response,60\nComplete response,70\n")

    assert "part_exceeds_whole" in rules(found["Complete response"])


def test_columns_may_have_the_names_that_others_give_them():
    header = "Endpoint;Effect;95% CI;PI;I\u00b2;p-value;Studies;Measure"
    text = f"{header}\nDeath;0,80;0,70 to 0,91;[0,5 to 1,2];40%;0,1;7;HR\n"
    result = read_table("t.csv", text)[0]

    assert (result.ci.low.value, result.ci.high.value, result.studies) == (0.7, 0.91, 7)
    assert (result.prediction.high.value, result.i2.value, result.scale) == (1.2, 40.0, "ratio")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "t.csv: the file is empty"),
        ("outcome,estimate\n", "no result below"),
        ("outcome,ci_low\na,1\n", "line 1: there is no column 'estimate'"),
        ("outcome,estimate\na,many\n", "line 2, estimate: 'many' is not a number"),
        ("outcome,estimate,ci_low,ci_high\na,1,0.5,\n", "line 2, ci_high: the other limit is there"),
        ("outcome,estimate,k\na,1,some\n", "line 2, k: 'some' is not a whole number"),
        ("outcome,estimate,scale\na,1,parsec\n", "line 2, scale: 'parsec' is not known"),
        ("outcome,estimate\na,1,2\n", "line 2: 3 cells under 2 headings"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(text, message):
    with pytest.raises(AuditProblem, match=message):
        read_table("t.csv", text)


def test_a_printed_number_knows_its_rounding():
    assert (number("0.482").half, number("<0.001").sign, number("16.6%").value) == (0.0005, "<", 16.6)


def test_the_command_prints_findings_as_json(tmp_path):
    file, printed = tmp_path / "published.csv", StringIO()
    file.write_text(PUBLISHED)

    call_command("audit_published", str(file), "--json", stdout=printed)

    rows = json.loads(printed.getvalue())["rows"]
    assert rows[-1]["verdict"] == "impossible"
    assert {"rule", "severity", "formula", "sentence"} <= set(rows[-1]["findings"][0])


def test_the_command_says_what_is_wrong_with_a_file(tmp_path):
    file = tmp_path / "published.csv"
    file.write_text("outcome\na\n")

    with pytest.raises(CommandError, match=r"published.csv, line 1"):
        call_command("audit_published", str(file), stdout=StringIO())
