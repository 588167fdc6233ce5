"""What can stop a review from being carried over, as a sentence for the person."""


class CarryingRefused(Exception):
    """The review cannot be written into a file, or a file cannot be brought in; nothing was changed."""
