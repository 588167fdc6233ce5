import pytest

from screening.agreement import NothingToCompare, cohen_kappa

# Agresti, Categorical Data Analysis (2nd edition), table 10.8: two pathologists on 118 slides of the uterine
# cervix. Printed there: kappa 0.493 with standard error 0.057.
PATHOLOGISTS = [[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]]


def test_kappa_and_its_interval_are_those_printed_for_the_pathologists():
    agreement = cohen_kappa(PATHOLOGISTS)

    assert agreement.n == 118
    assert agreement.kappa == pytest.approx(0.493, abs=0.0005)
    assert (agreement.kappa_high - agreement.kappa_low) / (2 * 1.96) == pytest.approx(0.057, abs=0.0005)


def test_perfect_agreement_is_one():
    assert cohen_kappa([[10, 0], [0, 30]]).kappa == 1


def test_pabak_of_two_categories_is_twice_the_raw_agreement_less_one():
    # Byrt, Bishop and Carlin 1993, J Clin Epidemiol 46:423: PABAK = 2 p_o - 1.
    agreement = cohen_kappa([[80, 10], [10, 0]])

    assert agreement.pabak == pytest.approx(2 * agreement.observed - 1)


def test_kappa_is_not_defined_when_everything_falls_on_one_side():
    assert cohen_kappa([[20, 0], [0, 0]]).kappa is None


def test_an_empty_table_is_refused():
    with pytest.raises(NothingToCompare):
        cohen_kappa([[0, 0], [0, 0]])
