"""The keys of the screening room: what each does, which are usual, which may stand in for them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

REASON_KEYS = 9


@dataclass(frozen=True)
class Act:
    """Something a key does; `usual` are keys as browsers name them (KeyboardEvent.key)."""

    name: str
    label: str
    usual: tuple[str, ...]


ACTS = (
    Act("include", "Include", ("i", "ArrowRight")),
    Act("exclude", "Exclude without a reason", ("e", "ArrowLeft")),
    Act("maybe", "Maybe", ("m", "ArrowDown")),
    *(Act(f"reason{n}", f"Exclude with reason {n}", (str(n),)) for n in range(1, REASON_KEYS + 1)),
    Act("undo", "Undo my last decision", ("u", "Backspace")),
    Act("note", "Write a note (Esc leaves it)", ("n",)),
    Act("label", "Labels", ("t",)),
    Act("skip", "Skip to the end of my queue", ("s",)),
    Act("duplicate", "Duplicate of another citation", ("d",)),
    Act("open", "Open the PDF or the DOI", ("o",)),
    Act("highlights", "Highlighted words on or off", ("h",)),
    Act("criteria", "Criteria", ("c",)),
    Act("help", "These keys", ("?",)),
)
USUAL = {act.name: act.usual for act in ACTS}

# How named keys are printed on the page, and what people may type for them.
PRINTED = {
    "ArrowLeft": "←",
    "ArrowRight": "→",
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    "Backspace": "Backspace",
    "Delete": "Delete",
    "Home": "Home",
    "End": "End",
    "PageUp": "PageUp",
    "PageDown": "PageDown",
}
TYPED = {
    **{printed: name for name, printed in PRINTED.items()},
    **{name.lower(): name for name in PRINTED},
    **{name.removeprefix("Arrow").lower(): name for name in PRINTED},
}


class KeysRefused(Exception):
    """A layout that cannot be; `act` is the act whose keys are wrong, the text a sentence for the person."""

    def __init__(self, act: str, sentence: str) -> None:
        self.act = act
        super().__init__(sentence)


def layout(own: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Act -> keys: a person's own where they chose any, else the usual, less what they gave another act."""
    taken = {key for keys in own.values() for key in keys}
    return {
        act.name: tuple(own[act.name])
        if act.name in own
        else tuple(key for key in act.usual if key not in taken)
        for act in ACTS
    }


def read_keys(act: str, text: str) -> list[str]:
    """The keys that a person typed for an act, divided by spaces. Raises KeysRefused."""
    keys = []
    for word in text.split():
        key = TYPED.get(word) or TYPED.get(word.lower()) or (word.lower() if len(word) == 1 else "")
        if not key or not key.isprintable():
            names = ", ".join(printed for printed in PRINTED.values())
            raise KeysRefused(act, f"“{word}” is no key that can be used: one character, or one of {names}.")
        if key not in keys:
            keys.append(key)
    return keys


def check_layout(keys: Mapping[str, Sequence[str]]) -> None:
    """Raise KeysRefused when a key does two things."""
    owner: dict[str, Act] = {}
    for act in ACTS:
        for key in keys.get(act.name, ()):
            if key in owner:
                other = owner[key].label
                raise KeysRefused(act.name, f"“{print_key(key)}” already stands for “{other}”.")
            owner[key] = act


def print_key(key: str) -> str:
    return PRINTED.get(key, key)
