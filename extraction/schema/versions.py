"""What differs between two versions of a form, and whose answers need another look because of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..told import reason, told
from .fields import Field, FormDefinition, WrongAnswer

Answers = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: the question and what happened to it."""

    label: str
    what: str


def changes(old: FormDefinition, new: FormDefinition) -> list[Change]:
    """Differences from an old to a new version: questions added, changed, moved, dropped."""
    before = {field.key: field for field in old.fields}
    after = {field.key: field for field in new.fields}
    found = [Change(f.label, told("new question")) for key, f in after.items() if key not in before]
    for key in (key for key in after if key in before):
        found += [Change(after[key].label, what) for what in _differences(before[key], after[key])]
    found += [
        Change(f.label, told("dropped; its answers stay in the earlier extractions"))
        for k, f in before.items()
        if k not in after
    ]
    shared = [key for key in before if key in after]
    if not found and shared != [key for key in after if key in before]:
        found.append(Change(told("Order"), told("questions stand in another order")))
    return found


def _differences(old: Field, new: Field) -> list[str]:
    found: list[str] = []
    if old.label != new.label:
        found.append(told("renamed from “{old}”", old=old.label))
    if old.kind != new.kind:
        found.append(told("{old} became {new}", old=old.kind.words.lower(), new=new.kind.words.lower()))
    if old.required != new.required:
        found.append(told("now required") if new.required else told("no longer required"))
    if added := [choice for choice in new.choices if choice not in old.choices]:
        found.append(told("choices added: {choices}", choices=", ".join(added)))
    if dropped := [choice for choice in old.choices if choice not in new.choices]:
        found.append(told("choices dropped: {choices}", choices=", ".join(dropped)))
    for name, words in (
        ("unit", told("unit")),
        ("help", told("help text")),
        ("columns", told("columns")),
        ("show_if", told("when it is asked")),
        ("section", told("section")),
    ):
        if getattr(old, name) != getattr(new, name):
            found.append(told("{part} changed", part=words))
    if (old.low, old.high) != (new.low, new.high):
        found.append(told("range changed"))
    return found


def another_look(old: FormDefinition, new: FormDefinition, answers: Answers) -> list[str]:
    """Why an extraction made with the old version needs another look under the new one; empty if not.

    It does when a question is asked that was not, when an answer no longer fits, or when the answer means
    something else (another unit, further choices that might have been chosen).
    """
    before = {field.key: field for field in old.fields}
    reasons: list[str] = []
    for field in new.fields:
        if not new.is_shown(field, answers):
            continue
        value = answers.get(field.key, {}).get("value")
        earlier = before.get(field.key)
        if earlier is None:
            reasons.append(told("“{question}” is new and has no answer.", question=field.label))
        elif value in (None, "", []):
            if field.required and not earlier.required:
                reasons.append(told("“{question}” is now required and has no answer.", question=field.label))
        elif why := _no_longer_fits(earlier, field, value):
            reasons.append(told("“{question}”: {why}", question=field.label, why=why))
    return reasons


def _no_longer_fits(old: Field, new: Field, value: object) -> str:
    try:
        new.checked(value)
    except WrongAnswer as wrong:
        return told("the answer no longer fits. {problem}", problem=reason(wrong))
    if old.unit != new.unit:
        return told(
            "the unit was {old} and is now {new}.", old=old.unit or told("none"), new=new.unit or told("none")
        )
    if added := [choice for choice in new.choices if choice not in old.choices]:
        return told("“{choice}” can now be chosen and could not when it was answered.", choice=added[0])
    return ""
