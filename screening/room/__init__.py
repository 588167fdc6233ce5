"""The screening room: which citation comes next to whom, and what a reviewer does before it."""
