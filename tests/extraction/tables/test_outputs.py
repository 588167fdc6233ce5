"""Tables and files of what is agreed, agreement of extractors, verifying, and sheets made elsewhere."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from extraction.agreeing.consensus import agree, pair_of
from extraction.agreeing.field_agreement import field_agreement
from extraction.entering.cells import derive_into
from extraction.entering.entry import ExtractionRefused, save_rows, start_extraction, submit
from extraction.entering.sheet_import import guess, import_sheet, read_sheet
from extraction.models import ArmResult, Contrast, Extraction
from extraction.tables.outputs import characteristics, long_results, wide_results
from screening.deciding.protocol import change_protocol

from ..makers import agree_on_left, extract, make_agreed, make_outcome, make_study

pytestmark = pytest.mark.django_db


def verifying(review):
    change_protocol(review=review, by=review.created_by, extraction_mode="verify")
    review.protocol.refresh_from_db()


class TestTables:
    def test_only_agreed_rows_are_shown_one_line_a_study(self, review, people):
        make_agreed(review, people, "Arden 2019", 30, 40)
        extract(make_study(review, people, "Birch 2021"), people[0], 45, 90)

        table = wide_results(review)

        assert table.columns == ["Response"]
        assert [(study, cells[0]) for _, study, cells in table.rows] == [("Arden 2019", "30/40")]
        assert [row[0] for row in characteristics(review).rows] == ["Arden 2019"]

    def test_derived_numbers_are_marked_on_the_page_and_in_the_files(self, client, review, people):
        study = make_study(review, people)
        outcome = make_outcome(review)
        for person in people:
            own = start_extraction(study=study, extractor=person)
            row = ArmResult(arm=own.arms.get(), outcome=outcome, mean=5, se=0.5, n=16)
            save_rows(extraction=own, by=person, rows=[row])
            derive_into(extraction=own, by=person, row=row, method="sd_from_se", parameters={})
            own.answers = {"design": {"value": "Other"}, "population": {"value": "A"}, "n": {"value": 16}}
            own.answers["regimen"] = {"value": "Z"}
            own.save()
            submit(extraction=own, by=person)
        agree(study=study, settled_by=people[0], choices={})
        client.force_login(people[0])

        assert "ƒ" in client.get(reverse("extraction:table", args=[review.slug])).content.decode()
        table = long_results(review)
        row = dict(zip(table.columns, table.rows[0], strict=True))
        assert (row["sd"], row["derived"], row["provenance"]) == (2, "sd", "derived")
        told = json.loads(
            client.get(reverse("extraction:download", args=[review.slug, "all", "json"])).content
        )
        assert told[0]["arms"][0]["results"][0]["cells"]["sd"]["derived"]["formula"] == "SD = SE × √n"

    def test_no_cell_of_a_file_runs_as_a_formula(self, client, review, people):
        make_agreed(review, people, '=HYPERLINK("http://x")', 30, 40)
        client.force_login(people[0])

        text = client.get(reverse("extraction:table_csv", args=[review.slug])).content.decode("utf-8-sig")
        book = client.get(reverse("extraction:download", args=[review.slug, "all", "xlsx"])).content

        assert text.splitlines()[1].startswith("\"'=HYPERLINK")
        sheet = openpyxl.load_workbook(io.BytesIO(book))["results"]
        assert (sheet["A2"].value, sheet["A2"].data_type) == ('=HYPERLINK("http://x")', "s")
        header = [cell.value for cell in sheet[1]]
        assert sheet.cell(2, header.index("events") + 1).value == 30

    def test_the_tables_of_300_studies_take_few_queries(
        self, client, review, people, django_assert_max_num_queries
    ):
        for number in range(3):
            make_agreed(review, people, f"Study {number}", 30, 40)
        client.force_login(people[0])

        for name in ("table", "characteristics"):
            with django_assert_max_num_queries(15):
                client.get(reverse(f"extraction:{name}", args=[review.slug]))


def test_agreement_is_counted_by_field_over_blind_pairs(review, people):
    for label, events in (("Arden 2019", (30, 30)), ("Birch 2021", (45, 54))):
        study = make_study(review, people, label)
        for person, number in zip(people, events, strict=True):
            extract(study, person, number, 90)

    found = field_agreement(review)

    numbers = {field.label: (field.alike, field.n) for field in found.numbers}
    assert (numbers["Events"], numbers["N"]) == ((1, 2), (2, 2))
    assert {field.label: field.percent for field in found.questions}["Design"] == 100
    assert found.studies == 2


class TestVerifying:
    def test_a_second_person_checks_a_copy_and_agrees_by_changing_nothing(self, review, people):
        verifying(review)
        study = make_study(review, people)
        first = extract(study, people[0], 30, 40)

        own = start_extraction(study=study, extractor=people[1])
        submit(extraction=own, by=people[1])

        agreed = Extraction.objects.agreed().get()
        assert (own.verifies, agreed.left, agreed.right) == (first, first, own)
        assert ArmResult.objects.get(arm__extraction=agreed).events == 30
        assert field_agreement(review).studies == 0

    def test_what_the_second_changes_is_settled_side_by_side(self, review, people):
        verifying(review)
        study = make_study(review, people)
        extract(study, people[0], 30, 40)
        own = start_extraction(study=study, extractor=people[1])
        row = ArmResult.objects.get(arm__extraction=own)
        row.events = 33
        save_rows(extraction=own, by=people[1], rows=[row])

        submit(extraction=own, by=people[1])

        assert not Extraction.objects.agreed().exists()
        assert pair_of(study)[1] == own
        assert agree_on_left(study, people[1]).left.extractor == people[0]

    def test_nobody_verifies_what_is_not_submitted(self, review, people):
        verifying(review)
        study = make_study(review, people)
        start_extraction(study=study, extractor=people[0])

        with pytest.raises(ExtractionRefused, match="once it is submitted"):
            start_extraction(study=study, extractor=people[1])


SHEET = """Study,Group,Endpoint,Events,Total,Measure,Comparator,Lower,Effect,Upper
Arden 2019,Zorifen,Response,30,40,,,,,
Arden 2019,Placebo,Response,20,41,,,,,
Arden 2019,Zorifen,Response,,,OR,Placebo,1.1,2.5,5.6
Arden 2019,Zorifen,Itch,51,50,,,,,
Nobody 1999,Zorifen,Response,1,2,,,,,
Arden 2019,Zorifen,Sleep,12,40,,,,,
"""


class TestSheets:
    @pytest.fixture
    def study(self, review, people):
        make_outcome(review)
        make_outcome(review, "Itch")
        return make_study(review, people)

    def take(self, review, person, **how):
        sheet = read_sheet(SHEET.encode())
        columns = guess(sheet.headers)
        return import_sheet(review=review, by=person, sheet=sheet, columns=columns, make_missing=False, **how)

    def test_columns_are_known_by_their_usual_names(self):
        assert guess(read_sheet(SHEET.encode()).headers) == [
            *(
                "study",
                "arm",
                "outcome",
                "events",
                "n",
                "measure",
                "comparator",
                "ci_low",
                "estimate",
                "ci_high",
            )
        ]

    def test_rows_fill_ones_own_extraction_and_problems_name_line_and_column(self, review, people, study):
        done = self.take(review, people[0])

        own = Extraction.objects.get()
        assert (own.extractor, own.is_submitted) == (people[0], False)
        results = ArmResult.objects.exclude(events=None).order_by("arm__position")
        assert [(r.arm.label, r.events, r.n) for r in results] == [("Zorifen", 30, 40), ("Placebo", 20, 41)]
        assert Contrast.objects.get().estimate == 2.5
        assert [(p.line, p.column) for p in done.problems] == [(5, "events"), (6, "study"), (7, "outcome")]
        assert "More events than participants" in done.problems[0].text

    def test_a_trial_stores_nothing_and_a_second_import_overwrites_nothing(self, review, people, study):
        assert self.take(review, people[0], is_trial=True).rows == 4
        assert not Extraction.objects.exists()

        self.take(review, people[0])
        ArmResult.objects.filter(events=30).update(events=31)
        again = self.take(review, people[0])

        assert (2, "events", "Your extraction holds 31 here already.") in [
            (p.line, p.column, p.text) for p in again.problems
        ]
        assert ArmResult.objects.filter(events=31).exists()

    def test_changes_from_baseline_stand_beside_final_values(self, review, people, study):
        make_outcome(review, "Pain")
        text = (
            "study,arm,outcome,mean,sd,n,score type\n"
            "Arden 2019,Zorifen,Pain,31.5,9,40,final\n"
            "Arden 2019,Zorifen,Pain,-12.5,8,40,Change from baseline\n"
            "Arden 2019,Zorifen,Pain,-12.5,8,40,ratio\n"
        )
        sheet = read_sheet(text.encode())

        done = import_sheet(
            review=review, by=people[0], sheet=sheet, columns=guess(sheet.headers), make_missing=False
        )

        rows = ArmResult.objects.exclude(mean=None).order_by("-scores")
        assert [(row.scores, row.mean) for row in rows] == [("final", 31.5), ("change", -12.5)]
        assert [(p.line, p.column) for p in done.problems] == [(4, "scores")]

    def test_the_page_asks_what_columns_are_and_carries_the_file_along(self, client, review, people, study):
        client.force_login(people[0])
        address = reverse("extraction:import_sheet", args=[review.slug])
        shown = client.post(address, {"file": SimpleUploadedFile("t.csv", SHEET.encode())}).context
        chosen = {f"column-{number}": name for number, _, name, _ in shown["mapping"]}

        answer = client.post(address, {"content": shown["content"], "act": "import", **chosen})

        assert answer.context["done"].rows == 4
        assert ArmResult.objects.filter(events=30).exists()

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"just words", b"PK\x03\x04broken"])
    def test_a_file_that_is_no_table_is_refused_in_words(self, client, review, people, content):
        client.force_login(people[0])

        answer = client.post(
            reverse("extraction:import_sheet", args=[review.slug]),
            {"file": SimpleUploadedFile("t.csv", content)},
        )

        assert answer.status_code in (200, 422)
        assert b"alert" in answer.content or b"required" in answer.content
