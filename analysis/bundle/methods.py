"""The statistical methods of an analysis as a paragraph for a paper, of what was really done."""

from analysis.bundle.settings import Settings

MEASURES = {
    "PR": "Raw proportions",
    "PLO": "Logit-transformed proportions",
    "PLN": "Log-transformed proportions",
    "PAS": "Arcsine-transformed proportions",
    "PFT": "Freeman-Tukey double-arcsine-transformed proportions",
    "RR": "Log risk ratios",
    "OR": "Log odds ratios",
    "RD": "Risk differences",
    "AS": "Arcsine differences",
    "PETO": "Log odds ratios",
    "IRR": "Log incidence rate ratios",
    "IRD": "Incidence rate differences",
    "MD": "Mean differences",
    "SMD": "Standardised mean differences (Hedges' g)",
    "ROM": "Log ratios of means",
    "ZCOR": "Fisher's z-transformed correlations",
    "GEN": "Effects as reported, with their standard errors,",
}
ESTIMATORS = {
    "DL": ("the DerSimonian-Laird estimator", "DerSimonian R, Laird N. Control Clin Trials 1986;7:177"),
    "REML": ("restricted maximum likelihood", "Viechtbauer W. J Educ Behav Stat 2005;30:261"),
    "ML": ("maximum likelihood", "Hardy RJ, Thompson SG. Stat Med 1996;15:619"),
    "PM": ("the Paule-Mandel estimator", "Paule RC, Mandel J. J Res Natl Bur Stand 1982;87:377"),
    "EB": ("the empirical Bayes estimator", "Morris CN. J Am Stat Assoc 1983;78:47"),
    "HE": ("Hedges' estimator", "Hedges LV, Olkin I. Statistical Methods for Meta-Analysis, 1985"),
    "HS": ("the Hunter-Schmidt estimator", "Hunter JE, Schmidt FL. Methods of Meta-Analysis, 1990"),
    "SJ": ("the Sidik-Jonkman estimator", "Sidik K, Jonkman JN. Appl Stat 2005;54:367"),
}
INTERVALS = {
    "wald": ("Wald-type with a normal quantile", ""),
    "t": ("with a t quantile on k - 1 degrees of freedom", ""),
    "hartung_knapp": ("by the Hartung-Knapp method", "Hartung J, Knapp G. Stat Med 2001;20:3875"),
    "hartung_knapp_floor": (
        "by the Hartung-Knapp method, never narrower than the inverse-variance standard error allows",
        "Rover C, Knapp G, Friede T. BMC Med Res Methodol 2015;15:99",
    ),
}
PREDICTIONS = {
    "normal": "a normal quantile",
    "t_k_minus_1": "a t quantile on k - 1 degrees of freedom",
    "t_k_minus_2": "a t quantile on k - 2 degrees of freedom",
}
CORRECTIONS = {
    "only0": "0.5 was added to the cells of studies with a zero cell",
    "all": "0.5 was added to the cells of all studies",
    "if0all": "0.5 was added to the cells of all studies once any had a zero cell",
    "none": "no continuity correction was made",
}
METAFOR = "Viechtbauer W. J Stat Softw 2010;36(3):1"
COUNTED = ("PR", "PLO", "PLN", "RR", "OR", "RD", "IRR", "IRD")


def methods_text(settings: Settings, *, k: int, corrected: int = 0, software: str = "Winnow") -> str:
    """Sentences on model, heterogeneity, intervals and corrections, then the works they cite.

    k: studies pooled. corrected: how many of them got a continuity correction.
    """
    sentences, cited = model_sentences(settings, f" of {k} studies")
    if rule := correction_rule(settings):
        sentences.append(
            f"{rule[0].upper()}{rule[1:]} ({corrected} of {k})."
            if corrected
            else "No study needed a continuity correction."
        )
    sentences.append(
        f"The analysis was done with {software}; the script beside it repeats it with R's metafor."
    )
    cited.append(METAFOR)
    return " ".join(sentences) + "\n\n" + "\n".join(f"- {work}" for work in dict.fromkeys(cited)) + "\n"


def correction_rule(settings: Settings) -> str:
    """What is done about cells without events, as a clause; empty where the method needs nothing."""
    if settings.method == "inverse_variance" and settings.measure in COUNTED:
        return CORRECTIONS[settings.zero_cells]
    return ""


def model_sentences(settings: Settings, of_studies: str = "") -> tuple[list[str], list[str]]:
    """What was pooled how, without any number of the data, and the works to cite.

    of_studies: " of 9 studies" where one analysis is told of; empty where several share the sentences.
    """
    sentences: list[str] = []
    cited: list[str] = []
    measure = MEASURES.get(settings.measure, settings.measure)
    if settings.method == "inverse_variance":
        name = "random-effects" if settings.model == "random" else "common-effect"
        sentences.append(f"{measure}{of_studies} were pooled in a {name} model by inverse variance.")
    elif settings.method == "glmm":
        sentences.append(
            f"Counts{of_studies} were pooled in a generalised linear mixed model"
            + (
                " with one common effect."
                if settings.model == "common"
                else ", without continuity correction."
            )
        )
        cited.append("Stijnen T, Hamza TH, Ozdemir P. Stat Med 2010;29:3046")
    elif settings.method == "peto":
        sentences.append(f"Odds ratios{of_studies} were pooled by Peto's method.")
        cited.append("Yusuf S, Peto R, Lewis J, et al. Prog Cardiovasc Dis 1985;27:335")
    else:
        sentences.append(f"{measure}{of_studies} were pooled by the Mantel-Haenszel method.")
        cited.append("Mantel N, Haenszel W. J Natl Cancer Inst 1959;22:719")
    if settings.is_random and settings.method == "inverse_variance":
        name, source = ESTIMATORS[settings.tau2_estimator]
        sentences.append(f"Between-study variance was estimated by {name}.")
        cited.append(source)
    sentences.append(_interval_sentence(settings, cited))
    if settings.is_random and settings.prediction in PREDICTIONS:
        sentences.append(f"Prediction intervals use {PREDICTIONS[settings.prediction]}.")
        cited.append("Higgins JPT, Thompson SG, Spiegelhalter DJ. J R Stat Soc A 2009;172:137")
    return sentences, cited


def _interval_sentence(settings: Settings, cited: list[str]) -> str:
    interval = settings.interval
    if settings.method in ("mantel_haenszel", "peto") or (settings.method == "glmm" and interval != "t"):
        interval = "wald"
    words, source = INTERVALS[interval]
    if source:
        cited.append(source)
    return f"Confidence intervals ({settings.level:g}%) are {words}."
