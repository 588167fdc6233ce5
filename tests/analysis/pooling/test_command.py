"""manage.py pool: JSON in, JSON out, no database."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analysis.pooling.cases import answer


def run(tmp_path, text):
    file, printed = tmp_path / "cases.json", StringIO()
    file.write_text(text)
    call_command("pool", str(file), stdout=printed)
    return json.loads(printed.getvalue())


def test_each_case_is_answered_under_its_id(tmp_path):
    cases = [
        {
            "id": "a",
            "kind": "pool",
            "inputs": {"yi": [0.1, 0.3], "vi": [0.01, 0.02]},
            "settings": {"method": "EE"},
        },
        {"id": "b", "kind": "no such", "inputs": {}, "settings": {}},
    ]

    answers = run(tmp_path, json.dumps({"cases": cases}))["cases"]

    assert [one["id"] for one in answers] == ["a", "b"]
    # Weights 100 and 50: (100 x 0.1 + 50 x 0.3) / 150.
    assert answers[0]["result"]["estimate"] == pytest.approx(1 / 6)
    assert "no kind of case" in answers[1]["result"]["error"]


def test_a_file_that_is_not_json_is_refused(tmp_path):
    with pytest.raises(CommandError, match="is not JSON"):
        run(tmp_path, "cases")


def test_a_file_without_cases_is_refused(tmp_path):
    with pytest.raises(CommandError, match="must hold"):
        run(tmp_path, "[]")


def test_a_case_that_lacks_a_column_says_which():
    result = answer({"kind": "pool", "inputs": {"yi": [0.1]}, "settings": {"measure": "GEN"}})

    assert "vi" in result["error"]


def test_an_unknown_method_is_an_error_and_no_crash():
    case = {"kind": "pool", "inputs": {"yi": [0.1, 0.2], "vi": [1, 1]}, "settings": {"method": "XX"}}

    assert "no method 'XX'" in answer(case)["error"]
