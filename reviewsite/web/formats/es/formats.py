"""Spanish with a decimal point, as medical journals print it, and its dates.

Figures, files and a report's own numbers have the point in every language; a page that wrote 1,5 beside them
would invite typing 1,500 for one and a half. The Spanish academy accepts either sign.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = "\u202f"
# What templates ask for is the name of what Spanish writes.
globals().update(
    {
        "d F Y": r"j \d\e F \d\e Y",
        "j F Y": r"j \d\e F \d\e Y",
        "j F Y, H:i": r"j \d\e F \d\e Y, H:i",
        "j M Y": "j b Y",
        "j M Y, H:i": "j b Y, H:i",
        "j M, H:i": "j b, H:i",
    }
)
