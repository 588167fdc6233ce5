"""What can be wrong with a definition or with answers; each text is a sentence for a person."""


class DefinitionRefused(Exception):
    """A definition that makes no tool; says where in it and why."""


class AnswersRefused(Exception):
    """Answers that the tool does not take or that lead to no judgement; says which."""
