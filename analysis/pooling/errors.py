"""What can go wrong in pooling, in sentences that say what to do."""

from collections.abc import Sequence


class PoolingError(ValueError):
    """The studies cannot be pooled as asked; the text says why and what to do."""


class TooFewStudies(PoolingError):
    """A method needs more studies than were given."""


class DidNotConverge(PoolingError):
    """An iterative method found no answer; another method is suggested."""


class ImpossibleInput(PoolingError):
    """A study's numbers cannot be true. `studies` holds their positions, counted from 0."""

    def __init__(self, problem: str, studies: Sequence[int] = ()) -> None:
        self.studies = tuple(int(study) for study in studies)
        named = ", ".join(str(study + 1) for study in self.studies)
        where = f"Study {named}: " if len(self.studies) == 1 else f"Studies {named}: " if named else ""
        super().__init__(f"{where}{problem}")
