"""What can stand in the way of a ranking, said in a sentence for the person who asked."""


class RankingRefused(ValueError):
    """The ranking or the statement asked for cannot be made."""


class NothingToRank(RankingRefused):
    """The texts hold nothing to learn from."""


class NothingToLearn(RankingRefused):
    """Both a relevant and an irrelevant citation are needed before anything can be learnt."""
