"""What happens before anything is installed. Nothing here runs pip."""

import sys

import pytest

from reviewsite import bootstrap


@pytest.fixture
def requirements(tmp_path):
    (tmp_path / "requirements.txt").write_text(
        "# The site\nDjango==5.2.19   # framework\nno-such-package[extra]==1.0  # to be found missing\n"
        'no-such-server==2.0; sys_platform != "win32"  # not everywhere\n'
    )
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest==9.2.0\nno-such-tool==3.0\n")
    return tmp_path


@pytest.fixture
def elsewhere(monkeypatch):
    """A Python outside any environment, whose restarts are written down instead of done."""
    restarts = []
    monkeypatch.setattr(bootstrap, "inside_environment", lambda: False)
    monkeypatch.setattr(bootstrap, "restart", restarts.append)
    return restarts


def test_an_old_python_goes_on_as_the_newer_one_that_is_found(elsewhere, monkeypatch):
    monkeypatch.setattr(bootstrap, "is_too_old", lambda version: True)
    monkeypatch.setattr(bootstrap, "newer_python", lambda: "/usr/bin/python3.11")

    bootstrap.enter(["manage.py", "demo", "--no-browser"])

    assert elsewhere[0] == ["/usr/bin/python3.11", "manage.py", "demo", "--no-browser"]


@pytest.mark.parametrize(("version", "too_old"), [((3, 6), True), ((3, 10), True), ((3, 11), False)])
def test_python_3_11_is_the_oldest_that_will_do(version, too_old):
    assert bootstrap.is_too_old(version) is too_old


def test_an_old_python_alone_is_told_which_one_is_needed():
    with pytest.raises(bootstrap.CannotStart, match=r"needs Python 3\.11 or newer"):
        bootstrap.newer_python(names=["no-such-python"])


def test_a_name_that_answers_for_a_python_that_is_not_there_is_passed_over(tmp_path, monkeypatch):
    shim = tmp_path / "python3.11"
    shim.write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "python3.12").symlink_to(sys.executable)
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert bootstrap.newer_python(["python3.11", "python3.12"]) == str(tmp_path / "python3.12")


@pytest.mark.parametrize("verb", ["demo", "test"])
def test_outside_an_environment_demo_and_test_make_one_and_go_on_inside(elsewhere, verb, monkeypatch):
    made = []
    monkeypatch.setattr(bootstrap, "make_environment", lambda: made.append(True))

    bootstrap.enter(["manage.py", verb, "--port", "0"])

    assert made == [True]
    assert elsewhere == [[str(bootstrap.environment_python()), "manage.py", verb, "--port", "0"]]


def test_outside_an_environment_another_command_is_told_what_to_run(elsewhere, monkeypatch):
    monkeypatch.setattr(bootstrap, "find_spec", lambda name: None)
    monkeypatch.setattr(bootstrap, "is_made", lambda: False)

    with pytest.raises(SystemExit, match=r"installed yet for `migrate`\. Run `python3 manage\.py demo` once"):
        bootstrap.enter(["manage.py", "migrate"])


def test_another_command_goes_on_in_the_environment_that_is_there(elsewhere, monkeypatch):
    monkeypatch.setattr(bootstrap, "find_spec", lambda name: None)
    monkeypatch.setattr(bootstrap, "is_made", lambda: True)
    monkeypatch.setattr(bootstrap, "check_installed", lambda verb: None)

    bootstrap.enter(["manage.py", "migrate"])

    assert elsewhere == [[str(bootstrap.environment_python()), "manage.py", "migrate"]]


def test_an_environment_of_ones_own_that_lacks_packages_is_left_alone_and_told_which(monkeypatch):
    monkeypatch.setattr(bootstrap, "inside_own_environment", lambda: False)
    monkeypatch.setattr(bootstrap, "inside_environment", lambda: True)
    monkeypatch.setattr(bootstrap, "missing_packages", lambda requirements: ["waitress", "whitenoise"])

    with pytest.raises(SystemExit, match=r"lacks waitress, whitenoise\. Run `.* -r requirements\.txt`"):
        bootstrap.enter(["manage.py", "demo"])


def test_an_empty_environment_is_not_answered_with_the_whole_list():
    assert bootstrap.in_few_words(list("abcdef")) == "a, b, c, d and 2 more packages"
    assert bootstrap.in_few_words(list("abcd")) == "a, b, c, d"


def test_ctrl_c_during_the_setting_up_ends_it_with_a_sentence(elsewhere, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "make_environment", interrupted)

    with pytest.raises(SystemExit, match="interrupted"):
        bootstrap.enter(["manage.py", "demo"])


def test_missing_packages_are_named_but_not_those_of_other_systems(requirements):
    assert bootstrap.missing_packages("requirements.txt", requirements) == ["no-such-package"]
    assert bootstrap.missing_packages("requirements-dev.txt", requirements) == [
        "no-such-tool",
        "no-such-package",
    ]


def test_a_changed_pin_changes_the_fingerprint_of_all_that_include_it(requirements):
    names = ("requirements.txt", "requirements-dev.txt")
    before = [bootstrap.fingerprint(name, requirements) for name in names]

    (requirements / "requirements.txt").write_text("Django==5.2.20\n")

    after = [bootstrap.fingerprint(name, requirements) for name in names]
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_another_python_changes_the_fingerprint(requirements, monkeypatch):
    before = bootstrap.fingerprint("requirements.txt", requirements)

    monkeypatch.setattr(bootstrap.sys, "version", "3.12.1 (main)")

    assert bootstrap.fingerprint("requirements.txt", requirements) != before


def test_an_install_that_was_interrupted_has_no_stamp_and_is_done_again(tmp_path):
    assert not bootstrap.is_installed("requirements.txt", tmp_path)


def test_only_the_stamp_of_these_very_pins_counts(tmp_path):
    stamp = bootstrap.stamp_of("requirements.txt", tmp_path)
    stamp.write_text("the pins of last year")
    assert not bootstrap.is_installed("requirements.txt", tmp_path)

    stamp.write_text(bootstrap.fingerprint("requirements.txt"))
    assert bootstrap.is_installed("requirements.txt", tmp_path)


def test_a_failed_install_leaves_no_stamp_of_any_kind(tmp_path, monkeypatch):
    def fails(*arguments):
        raise bootstrap.CannotStart("no network")

    monkeypatch.setattr(bootstrap, "stamp_of", lambda name, environment=None: tmp_path / name)
    monkeypatch.setattr(bootstrap, "run_python", fails)
    for name in bootstrap.NEEDS.values():
        (tmp_path / name).write_text("the pins of last year")

    with pytest.raises(bootstrap.CannotStart):
        bootstrap.install("requirements.txt")

    assert list(tmp_path.iterdir()) == []


def test_what_pip_says_is_shown_with_the_way_out(capfd):
    with pytest.raises(bootstrap.CannotStart) as refusal:
        bootstrap.run_python("-c", "raise SystemExit('No matching distribution')")

    assert "No matching distribution" in str(refusal.value)
    assert "run the command again" in str(refusal.value)
    assert capfd.readouterr() == ("", "")


def test_an_environment_half_made_is_made_again(tmp_path):
    environment = tmp_path / ".venv"
    python = bootstrap.environment_python(environment)
    python.parent.mkdir(parents=True)
    python.symlink_to(tmp_path / "a-python-that-was-removed")
    assert not bootstrap.is_made(environment)

    bootstrap.make_environment(environment)

    assert bootstrap.is_made(environment)


def test_every_pin_is_exact_and_says_why():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (bootstrap.ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                pin, _, why = line.partition("#")
                assert "==" in pin, line
                assert why.strip() or name == "requirements-dev.txt", line
