"""How `manage.py test` hands its arguments to pytest."""

import pytest

from reviewsite import chromium
from reviewsite.management.commands.test import spread


def test_the_whole_suite_runs_in_two_processes():
    assert spread([])[:2] == ["-n", "2"]
    assert spread(["tests/screening", "--strict-config"])[:2] == ["-n", "2"]


@pytest.mark.parametrize("argument", ["-k", "-kblind", "--pdb", "-s", "-n", "-n0", "--numprocesses=4"])
def test_a_person_who_looks_at_a_few_tests_or_says_how_many_processes_is_not_overruled(argument):
    assert "2" not in spread([argument])


def test_a_named_chromium_comes_before_the_one_on_the_path(tmp_path, monkeypatch):
    named, usual = tmp_path / "my-browser", tmp_path / "chromium"
    for each in (named, usual):
        each.write_text("")
        each.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("WINNOW_CHROMIUM", raising=False)
    assert chromium.find_chromium() == str(usual)

    monkeypatch.setenv("WINNOW_CHROMIUM", str(named))
    assert chromium.find_chromium() == str(named)


def test_a_named_chromium_that_is_not_there_is_not_replaced_in_silence(monkeypatch):
    monkeypatch.setenv("WINNOW_CHROMIUM", "/nowhere/chromium")

    assert chromium.find_chromium() is None
