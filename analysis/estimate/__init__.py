"""One analysis as plain values, from rows to a pooled result and what it rests on. Pure: no Django."""
