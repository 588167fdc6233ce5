"""The figures of a run by name and its bundle, from rows and plan; addresses are in the access table."""

import csv
import io
import json
import zipfile

import pytest

from analysis.bundle.packing import bundle_of, data_of, settings_of
from analysis.estimate.plan import Plan
from analysis.estimate.results import as_json
from analysis.estimate.rows import ArmNumbers, DatasetRow, ReportedEstimate
from analysis.figures.export import figure_bytes
from analysis.figures.run_pictures import NoPicture, picture, pictures_for

COUNTS = [
    (4, 123, 11, 139),
    (6, 306, 29, 303),
    (3, 231, 11, 220),
    (62, 13598, 248, 12867),
    (33, 5069, 47, 5808),
]


def rows():
    """The first five BCG trials (Colditz et al. 1994, JAMA 271:698)."""
    return [
        DatasetRow(
            study_pk=i + 1,
            study=f"Trial {i + 1}",
            outcome="Tuberculosis",
            experimental=ArmNumbers("BCG", events=a, n=n1),
            comparator=ArmNumbers("None", events=c, n=n2),
        )
        for i, (a, n1, c, n2) in enumerate(COUNTS)
    ]


def drawn(name, plan):
    result = as_json(rows(), plan)
    return picture(name, title="TB", rows=rows(), plan=plan, result=result, stored=plan.as_stored)


RR = Plan("RR")


@pytest.mark.parametrize("name", list(pictures_for(rows(), RR)))
def test_every_figure_that_is_offered_can_be_drawn(name):
    assert figure_bytes(drawn(name, RR), "svg").startswith(b"<svg ")


def test_one_group_is_offered_no_figure_that_compares_two():
    assert not {"labbe", "contours"} & set(pictures_for(rows(), Plan("PLO")))
    with pytest.raises(NoPicture, match="two groups"):
        drawn("labbe", Plan("PLO"))


def test_two_studies_are_too_few_for_most_figures():
    assert set(pictures_for(rows()[:2], RR)) == {"caterpillar", "forest"}


def test_the_bundle_has_the_studies_in_the_columns_of_metafor():
    plan = Plan("RR")
    packed = bundle_of(
        "TB", rows(), plan, as_json(rows(), plan),
        stored=plan.as_stored, software="Winnow", folder="run", further={"plan.json": "{}"},
    )  # fmt: skip

    archive = zipfile.ZipFile(io.BytesIO(packed))
    lines = list(csv.DictReader(io.StringIO(archive.read("run/data.csv").decode())))
    assert lines[0] == {"study": "Trial 1", "ai": "4", "n1i": "123", "ci": "11", "n2i": "139"}
    assert {"run/reproduce.R", "run/figures/forest.pdf", "run/figures/labbe.svg", "run/plan.json"} <= set(
        archive.namelist()
    )
    assert json.loads(archive.read("run/settings.json"))["interval"] == "hartung_knapp"


def test_reported_ratios_go_into_the_bundle_as_logs_with_variances():
    told = ReportedEstimate("HR", 0.8, 0.6, 1.0667)
    row = DatasetRow(study_pk=1, study="A", outcome="Death", estimate=told)

    (line,) = data_of([row], Plan("HR"))

    assert line["yi"] == pytest.approx(-0.22314, abs=1e-5)
    assert set(line) == {"study", "yi", "vi"}


def test_peto_is_named_as_metafor_names_it():
    assert settings_of(Plan("OR", method="peto")).measure == "PETO"
