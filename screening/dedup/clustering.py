"""Groups of copies: connected components of the pairs held the same, kept apart where a pair differs."""

from collections.abc import Iterable

from .records import Key


def cluster(
    keys: Iterable[Key], same: Iterable[tuple[Key, Key]], different: Iterable[tuple[Key, Key]] = ()
) -> list[list[Key]]:
    """Each key in exactly one group, groups and members in the order of `keys`.

    Pairs of `same` are taken in the order given, the surest first; one that would bring a pair of
    `different` together is passed over, so a chain of likenesses cannot run away.
    """
    order = {key: position for position, key in enumerate(keys)}
    members: dict[Key, set[Key]] = {key: {key} for key in order}
    apart: dict[Key, set[Key]] = {key: set() for key in order}
    for a, b in different:
        apart[a].add(b)
        apart[b].add(a)
    for a, b in same:
        left, right = members[a], members[b]
        if left is right:
            continue
        small, large = sorted((left, right), key=len)
        if any(not apart[key].isdisjoint(large) for key in small):
            continue
        large |= small
        for key in small:
            members[key] = large
    groups = {id(group): sorted(group, key=order.__getitem__) for group in members.values()}
    return sorted(groups.values(), key=lambda group: order[group[0]])


def components(same: Iterable[tuple[Key, Key]]) -> list[list[Key]]:
    """What the pairs connect, whatever speaks against it."""
    pairs = list(same)
    return cluster(dict.fromkeys(key for pair in pairs for key in pair), pairs)
