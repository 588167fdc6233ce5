import pytest

from reviewsite import bootstrap


@pytest.fixture
def requirements(tmp_path):
    (tmp_path / "requirements.txt").write_text("Django==5.2.19\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest==9.2.0\n")
    return tmp_path


def test_an_old_python_is_told_which_one_is_needed():
    with pytest.raises(bootstrap.CannotStart, match=r"needs Python 3\.11 or newer; this is 3\.9"):
        bootstrap.check_python((3, 9))


def test_a_changed_pin_changes_the_fingerprint_of_all_that_include_it(requirements):
    before = [
        bootstrap.fingerprint(name, requirements) for name in ("requirements.txt", "requirements-dev.txt")
    ]

    (requirements / "requirements.txt").write_text("Django==5.2.20\n")

    after = [
        bootstrap.fingerprint(name, requirements) for name in ("requirements.txt", "requirements-dev.txt")
    ]
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_an_install_that_was_interrupted_has_no_stamp_and_is_done_again(tmp_path):
    assert not bootstrap.is_installed("requirements.txt", tmp_path)


def test_only_the_stamp_of_these_very_pins_counts(tmp_path):
    stamp = bootstrap.stamp_of("requirements.txt", tmp_path)
    stamp.write_text("the pins of last year")
    assert not bootstrap.is_installed("requirements.txt", tmp_path)

    stamp.write_text(bootstrap.fingerprint("requirements.txt"))
    assert bootstrap.is_installed("requirements.txt", tmp_path)


def test_every_pin_is_exact_and_says_why():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (bootstrap.ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                pin, _, why = line.partition("#")
                assert "==" in pin, line
                assert why.strip() or name == "requirements-dev.txt", line
