"""What is stored in English is shown in the language of the page, and only what Winnow said itself."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from reviewsite.reviews.job_words import JOBS
from screening import stored_words
from screening.dedup.verdicts import GUARD_RULES, RULES
from screening.models import SavedSearch
from screening.prisma import words as flow_words
from screening.room.keys import ACTS
from screening.stored_words import in_words

# Begins as one and ends as one; what begins with a gap is the second half of another.
SENTENCE = re.compile(r"^[A-Z“][^\n]* [^\n]* [^\n]*[.?]$")


def in_spanish(text):
    with override("es"):
        return in_words(text)


def names_of_evidence():
    """The first argument of every `add` and `add_details` of the weighing, read from its source."""
    for module in ("evidence.py", "guards.py"):
        source = (settings.BASE_DIR / "screening" / "dedup" / Path(module)).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if (
                is_call
                and node.func.attr in ("add", "add_details")
                and isinstance(node.args[0], ast.Constant)
            ):
                yield node.args[0].value


def sentences_of(folder):
    """Every sentence that the modules of a pure package say, with a 7 in its gaps, read from their source."""
    for path in sorted((settings.BASE_DIR / "screening").glob(folder)):
        for text in texts_of(ast.parse(path.read_text(encoding="utf-8"))):
            if SENTENCE.search(text):
                yield text


def texts_of(tree):
    """The strings of a module but for its docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    skipped = {
        id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and is_told(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(each) for each in ast.walk(node) if each is not node}
            if id(node) not in skipped:
                yield "".join(piece(each) for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def piece(node):
    if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.IfExp):
        node = node.value.orelse
    return str(node.value) if isinstance(node, ast.Constant) else "7"


def is_told(node):
    return bool(node.body) and isinstance(node.body[0], ast.Expr)


def test_a_sentence_with_gaps_keeps_what_stands_in_them():
    assert in_spanish("DOI 10.1/a.b (c) on page 3") == "DOI 10.1/a.b (c) en la página 3"


def test_of_two_sentences_that_fit_the_one_that_says_more_is_meant():
    said = in_spanish("1,200 reported by the database, 1,199 brought in")

    assert said == "1,200 indicados por la base de datos, 1,199 incorporados"


def test_words_within_a_gap_are_told_too():
    assert in_spanish("“i” already stands for “Include”.") == "«i» ya corresponde a «Incluir»."


@pytest.mark.parametrize("text", ["", "Ítem", "10.1000/182", "A trial of DOI 3 on page"])
def test_what_winnow_did_not_say_stays_as_it_is(text):
    assert in_spanish(text) == text


def test_in_english_nothing_changes():
    with override("en-gb"):
        assert in_words("same DOI") == "same DOI"


def test_all_evidence_and_every_rule_has_its_words():
    rules = {rule for rule, _ in RULES} | GUARD_RULES | {"sum_of_evidence", "same_title_elsewhere"}
    said = {*names_of_evidence(), *(rule.replace("_", " ") for rule in rules)}

    assert len(said) > 50
    assert said <= {*stored_words.PAIRS, *stored_words.RULES, *stored_words.FIELDS}


def test_every_key_has_its_words():
    with override("es"):
        same = [act.label for act in ACTS if in_words(act.label) == act.label]

    assert same == []


@pytest.mark.parametrize(
    "folder", ["importers/*.py", "searches/pubmed.py", "documents/reading.py", "documents/process.py"]
)
def test_what_a_pure_package_says_has_its_translation(folder):
    said = list(sentences_of(folder))

    assert len(said) > 1
    assert [text for text in said if in_spanish(text) == text] == []


def test_every_label_of_the_flow_can_be_filled_in():
    source = (settings.BASE_DIR / "screening" / "prisma" / "boxes.py").read_text(encoding="utf-8")
    labels = {text for text in texts_of(ast.parse(source)) if re.fullmatch(r"[A-Z][a-z]+ [A-Za-z ]+:?", text)}

    with override("en-gb"):
        usual = {str(label) for label in flow_words.USUAL}
    assert len(labels) > 15
    # Only ever the half of a label.
    assert labels - {"New studies"} <= usual


def test_a_schedule_is_told_in_the_middle_of_a_sentence():
    with override("es"):
        told = {in_words(label.lower()) for label in SavedSearch.Schedule.labels}
        labels = {gettext(label).lower() for label in SavedSearch.Schedule.labels}

    assert told == labels


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("Reading export.ris", "Lectura de export.ris"),
        ("Reading records", "Leyendo registros"),
        ("Reading a, b.pdf, page 3 of 12", "Leyendo a, b.pdf, página 3 de 12"),
        (
            "12 records read, 3 possible duplicates found among all records. 4 records have been retracted "
            "or merged in PubMed since.",
            "12 registros leídos; 3 posibles duplicados encontrados entre todos los registros. 4 registros "
            "se han retractado o fusionado en PubMed desde entonces.",
        ),
        (
            "Something went wrong that should not have (KeyError). Nothing was kept.",
            "Ha fallado algo que no debía fallar (KeyError). No se ha conservado nada.",
        ),
    ],
)
def test_what_background_work_says_is_told(stored, told):
    assert in_spanish(stored) == told


def test_every_word_of_background_work_has_its_translation():
    assert [each for each in JOBS if in_spanish(each) == each] == []
