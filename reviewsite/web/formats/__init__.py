"""How numbers are written in a language where that differs from what Django says of it."""
