"""Decisions and what follows from them: votes, conflicts, the protocol that says how they are folded."""
