"""What differs between two versions of a form, and whose answers need another look because of it."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    found = [Change(f.label, "new question") for key, f in after.items() if key not in before]
    for key in (key for key in after if key in before):
        found += [Change(after[key].label, what) for what in _differences(before[key], after[key])]
    found += [
        Change(f.label, "dropped; its answers stay in the earlier extractions")
        for k, f in before.items()
        if k not in after
    ]
    shared = [key for key in before if key in after]
    if not found and shared != [key for key in after if key in before]:
        found.append(Change("Order", "questions stand in another order"))
    return found


def _differences(old: Field, new: Field) -> list[str]:
    told = []
    if old.label != new.label:
        told.append(f"renamed from “{old.label}”")
    if old.kind != new.kind:
        told.append(f"{old.kind.words.lower()} became {new.kind.words.lower()}")
    if old.required != new.required:
        told.append("now required" if new.required else "no longer required")
    if added := [choice for choice in new.choices if choice not in old.choices]:
        told.append(f"choices added: {', '.join(added)}")
    if dropped := [choice for choice in old.choices if choice not in new.choices]:
        told.append(f"choices dropped: {', '.join(dropped)}")
    for name, words in (
        ("unit", "unit"),
        ("help", "help text"),
        ("columns", "columns"),
        ("show_if", "when it is asked"),
        ("section", "section"),
    ):
        if getattr(old, name) != getattr(new, name):
            told.append(f"{words} changed")
    if (old.low, old.high) != (new.low, new.high):
        told.append("range changed")
    return told


def another_look(old: FormDefinition, new: FormDefinition, answers: Answers) -> list[str]:
    """Why an extraction made with the old version needs another look under the new one; empty if not.

    It does when a question is asked that was not, when an answer no longer fits, or when the answer means
    something else (another unit, further choices that might have been chosen).
    """
    before = {field.key: field for field in old.fields}
    reasons = []
    for field in new.fields:
        if not new.is_shown(field, answers):
            continue
        value = answers.get(field.key, {}).get("value")
        earlier = before.get(field.key)
        if earlier is None:
            reasons.append(f"“{field.label}” is new and has no answer.")
        elif value in (None, "", []):
            if field.required and not earlier.required:
                reasons.append(f"“{field.label}” is now required and has no answer.")
        elif why := _no_longer_fits(earlier, field, value):
            reasons.append(f"“{field.label}”: {why}")
    return reasons


def _no_longer_fits(old: Field, new: Field, value: object) -> str:
    try:
        new.checked(value)
    except WrongAnswer as wrong:
        return f"the answer no longer fits. {wrong}"
    if old.unit != new.unit:
        return f"the unit was {old.unit or 'none'} and is now {new.unit or 'none'}."
    if added := [choice for choice in new.choices if choice not in old.choices]:
        return f"“{added[0]}” can now be chosen and could not when it was answered."
    return ""
