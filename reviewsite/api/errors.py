"""What goes wrong, as a status and a sentence."""


class Refused(Exception):
    """Answered with this status and this sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)
