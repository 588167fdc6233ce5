"""Certainty of the evidence as a team keeps it. Proposals from numbers are in `analysis.grade`."""
