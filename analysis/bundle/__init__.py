"""One analysis as a folder that stands alone: data, settings, results, figures, methods and an R script.

Pure: numbers in, bytes out. `files_of` makes the files, `zip_of` packs them.
"""

from analysis.bundle.contents import Analysis, files_of, zip_in_pieces, zip_of
from analysis.bundle.methods import METAFOR, correction_rule, methods_text, model_sentences
from analysis.bundle.r_script import CannotReproduce, r_script
from analysis.bundle.settings import Settings

__all__ = [
    "METAFOR",
    "Analysis",
    "CannotReproduce",
    "Settings",
    "correction_rule",
    "files_of",
    "methods_text",
    "model_sentences",
    "r_script",
    "zip_in_pieces",
    "zip_of",
]
