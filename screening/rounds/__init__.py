"""Rounds and the team in them: who screens what, the pilot and its gate, how far people agree."""
