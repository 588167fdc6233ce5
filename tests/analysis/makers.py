"""Makers of agreed studies with several arms or reported estimates, through the real rules."""

from collections.abc import Sequence
from typing import Any

from extraction.entering.entry import save_answers, save_rows, start_extraction, submit
from extraction.models import Arm, ArmResult, Contrast, Extraction, Outcome

from ..extraction.makers import ANSWERS, agree_on_left, make_study

Numbers = dict[str, Any]


def make_compared(
    review,
    people,
    label: str,
    outcome: Outcome,
    treated: Sequence[Numbers],
    compared: Numbers,
    *,
    contrast: Numbers | None = None,
    **answers: str,
) -> Extraction:
    """An agreed study: each of `treated` is an arm's numbers, `compared` those of the comparator."""
    study = make_study(review, people, label)
    for person in people:
        extraction = start_extraction(study=study, extractor=person)
        given = {name: {"value": value} for name, value in {**ANSWERS, **answers}.items()}
        save_answers(extraction=extraction, by=person, answers=given)
        arms = _arms(extraction, person, len(treated))
        rows: list[ArmResult | Contrast] = [
            ArmResult(arm=arm, outcome=outcome, **numbers)
            for arm, numbers in zip(arms, [*treated, compared], strict=True)
            if numbers
        ]
        if contrast:
            rows.append(Contrast(arm=arms[0], comparator=arms[-1], outcome=outcome, **contrast))
        save_rows(extraction=extraction, by=person, rows=rows)
        submit(extraction=extraction, by=person)
    return agree_on_left(study, people[0])


def _arms(extraction: Extraction, person, treated: int) -> list[Arm]:
    """The first arm of a new extraction and further ones: the treated groups, then the comparator."""
    first = extraction.arms.get()
    first.label, first.role = "Zorifen 1", Arm.Role.INTERVENTION
    others = [
        Arm(label=f"Zorifen {n}", role=Arm.Role.INTERVENTION, position=n) for n in range(2, treated + 1)
    ]
    comparator = Arm(label="Placebo", role=Arm.Role.COMPARATOR, position=treated + 1)
    save_rows(extraction=extraction, by=person, rows=[first, *others, comparator])
    return [first, *others, comparator]
