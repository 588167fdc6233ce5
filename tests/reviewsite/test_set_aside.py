"""What `demo --fresh` does with the site that was there."""

import sqlite3

import pytest

from reviewsite.set_aside import DatabaseInUse, set_aside


@pytest.fixture
def places(tmp_path):
    return {
        "database": tmp_path / "winnow.sqlite3",
        "files": tmp_path / "files",
        "folder": tmp_path / "set-aside",
    }


def open_site(places):
    """A connection to a database with one decision in it; an uploaded file is there too."""
    places["files"].mkdir()
    (places["files"] / "search.nbib").write_text("PMID- 1")
    site = sqlite3.connect(places["database"], isolation_level=None)
    site.execute("PRAGMA journal_mode = WAL")
    site.execute("CREATE TABLE decision (verdict)")
    site.execute("INSERT INTO decision VALUES ('include')")
    return site


def test_database_and_files_are_kept_whole_in_the_folder(places, tmp_path):
    open_site(places).close()

    assert set_aside(**places)

    assert [path.name for path in tmp_path.iterdir()] == ["set-aside"]
    assert (places["folder"] / "files" / "search.nbib").read_text() == "PMID- 1"
    kept = sqlite3.connect(places["folder"] / "winnow.sqlite3")
    assert kept.execute("SELECT verdict FROM decision").fetchall() == [("include",)]
    kept.close()


def test_a_database_that_another_site_has_open_stays_where_it_is(places):
    other_site = open_site(places)

    with pytest.raises(DatabaseInUse):
        set_aside(**places)

    assert places["database"].exists()
    assert places["files"].exists()
    other_site.close()


def test_where_nothing_was_there_is_nothing_to_keep(places):
    assert not set_aside(**places)
    assert not places["folder"].exists()
