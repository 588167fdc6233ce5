"""Labels and sentences of analyses that runs hold or pure packages say; pages show them through `in_words`.

tests/analysis/test_stored_words.py makes the packages say theirs and holds that each is listed here.
"""

from django.utils.translation import gettext_noop as _

from reviewsite.web.phrases import Phrases

MEASURES = (
    *(_("Proportion, logit scale"), _("Proportion, raw"), _("Proportion, arcsine scale")),
    *(_("Proportion, Freeman-Tukey scale"), _("Proportion, log scale"), _("Mean")),
    *(_("Incidence rate, log scale"), _("Incidence rate difference"), _("Hazard ratio, as reported")),
    *(_("Risk ratio, as reported"), _("Odds ratio, as reported"), _("Risk difference, as reported")),
    *(_("Mean difference, as reported"), _("Standardised mean difference, as reported")),
)
NOTES = (
    _(
        "A limit lies outside 0 to 100%, as limits of raw proportions can. It is "
        "kept as computed; the figure ends at the edge. The logit scale keeps "
        "every limit within."
    ),
    _(
        "Peto's odds ratio is trustworthy for rare events, small effects and "
        "groups of like size; elsewhere it is biased."
    ),
    _("Shares are not given: a mixed model of counts weighs the counts, not the studies' effects."),
    _("One study only: the result is that study's own, with a normal interval."),
    _(
        "The studies' effects are identical, so the Hartung-Knapp standard error "
        "is 0 and its interval has no width. Use the Wald interval or the "
        "Hartung-Knapp interval with its floor."
    ),
    _(
        "The effects vary less than their standard errors explain, which makes this Hartung-Knapp standard "
        "error smaller than the inverse-variance one. The floor, or a Wald interval, is the cautious choice."
    ),
    _("tau2 is estimated as 0, so the estimate equals that of a common-effect model."),
    _("No prediction interval: with two studies, k - 2 leaves no degrees of freedom."),
    _("{study} is pooled although some people count twice, which makes the intervals too narrow. {why}"),
)
REFUSALS = (
    _("No agreed row answers this analysis yet."),
    _("No study has an effect to pool: {reason}."),
    _("There is no study to pool."),
    _("A mixed model needs at least two studies with events."),
    _("A test for small-study effects needs {number} studies at least, and better ten."),
    _("All studies are of the same size or precision: there is nothing to compare."),
    _("All studies are in one subgroup: there is nothing to compare."),
    _("Influence diagnostics need at least two studies."),
    _("Leaving one study out needs at least two."),
    _("Trim and fill needs at least three studies."),
    _("The Henmi-Copas interval needs at least two studies."),
    _("The equation for tau2 was not solved; choose the DerSimonian-Laird estimator."),
    _("The likelihood of tau2 was not maximised; choose the Paule-Mandel estimator."),
    _("The likelihood was not maximised; choose another model, or inverse variance."),
    _("A study's level was not found; a conditional model may do (model CM.EL)."),
    _("A study's random effect was not found; pool log odds with a correction instead."),
    _("Fisher scoring did not settle; leave out the threshold to get the REML maximum."),
    _(
        "No study has events in one group and persons at risk of them in the other: {measure} is not "
        "estimable."
    ),
    _("{measure} is not estimable: without events its variance is 0."),
    _("This figure needs at least three studies."),
)
LEFT_OUT = (
    _("All its data"),
    _("Its extraction is not agreed yet."),
    _("Its study has a main row in this analysis already; one study counts once."),
    _("It has no group that is marked as the comparator."),
    _("It has no group that is marked as the intervention."),
    _("A comparator: the question is about the treated group."),
    _("Only studies at low risk of bias are pooled here; this one is judged “{judgement}”."),
    _("Only studies at low risk of bias are pooled here; this one has no agreed judgement."),
    _("Marked as an alternative denominator or definition, kept beside the main row."),
    _("Of a part of the participants only ({subgroup})."),
    _("No number of events out of participants."),
    _("No mean with a standard deviation and the number of participants."),
    _("No number of events with the person-time they came in."),
    _("Reported as {measure}, which is not what is pooled here."),
    _("No estimate is reported."),
    _("Neither a standard error nor a confidence interval, so it has no variance."),
    _("a row without numbers"),
    _("a number it needs is not reported"),
    _("no events, or only events, in both groups: such a study says nothing of a ratio"),
    _("a group is too small for this effect to have a variance"),
    _("a group has no persons"),
    _("no finite effect with a variance above zero on this scale; a continuity correction may give one"),
)
CHANGES = (_("added: {numbers}"), _("no longer in: {numbers}"), _("Not stated"))
ROBUSTNESS = (
    *(_("At low risk of bias only"), _("Without derived numbers"), _("Common effect"), _("Peto")),
    *(_("Mantel-Haenszel"), _("Mixed model of the counts"), _("Egger's regression")),
    _("Random effects, {estimator}, Hartung-Knapp with floor"),
    _("Random effects, {estimator}, {interval}"),
    _("{study} (no year)"),
    _("Begg and Mazumdar's rank correlation"),
    _("t = {t} on {df} df"),
    _("Whether small studies give systematically other effects than large ones."),
    _("Whether effects and their variances are ranked alike; weak with few studies."),
    _(
        "Tests for small-study effects are offered from {fewest} studies on: with "
        "the {k} here their power is too low to tell chance from asymmetry "
        "(Cochrane Handbook 13.3.5.4)."
    ),
    *(_("left"), _("right")),
)
FIGURES = (
    *(_("Forest"), _("Forest of subgroups"), _("Leave-one-out"), _("Cumulative"), _("Caterpillar")),
    *(_("Funnel"), _("Funnel with contours"), _("Radial"), _("Doi"), _("Baujat"), _("Influence")),
    *(_("GOSH"), _("Drapery"), _("L'Abbé"), _("Bubble"), _("Normal quantiles")),
    _("Specification curve"),
)
DOMAINS = (
    *(_("Risk of bias"), _("Inconsistency"), _("Indirectness"), _("Imprecision"), _("Publication bias")),
    *(_("Large effect"), _("Dose-response gradient")),
    _("Plausible confounding would lessen the effect"),
)
CERTAINTY = (
    *(_("Very low"), _("Low"), _("Moderate"), _("High"), _("Not judged yet"), _("not serious")),
    *(_("serious (−{steps})"), _("very serious (−{steps})"), _("extremely serious (−{steps})")),
    *(_("rated up by {steps}"), _("no"), _("no result yet"), _("single arm"), _("{risk} per 1,000")),
    *(_("{people} ({k} study)"), _("{people} ({k} studies)"), _("{k} study"), _("{k} studies")),
    *(_("{n} more [{low}, {high}]"), _("{n} fewer [{low}, {high}]"), _("{n} more"), _("{n} fewer")),
    _("{domain}: {reason}"),
)
PROPOSALS = (
    _("Nothing is computed: compare population, intervention and outcome."),
    _("Nothing is computed: look for a gradient."),
    _("Nothing is computed: think about residual confounding."),
    _("Nothing is computed without a ratio."),
    _("No study of the analysis has an agreed overall risk-of-bias judgement."),
    _("{high}% of the weight comes from studies at high risk, {low}% from low."),
    _("{share}% comes from studies without an agreed judgement."),
    _(
        "Rule of thumb: from {serious}% at high risk serious, from {worse}% very "
        "serious; serious too when less than half is at low risk."
    ),
    _("One study cannot be inconsistent with itself."),
    _("The analysis gives no I²."),
    _("The prediction interval is {low} to {high}."),
    _("It includes no effect, which the confidence interval does not."),
    _(
        "Rule of thumb: from I² {serious}% serious; very serious from {worse}% when the prediction interval "
        "includes no effect and the confidence interval does not."
    ),
    _("The confidence interval reaches {points} points to either side on average."),
    _("{n} participants; {needed} would give a proportion of {share}% to within {points} points."),
    _("Rule of thumb: serious beyond 10 points or below that size, very serious beyond 20 points."),
    _(
        "{n} participants; the optimal information size is {needed} (a quarter fewer events than {risk} per "
        "1,000, two-sided 5%, power 80%)."
    ),
    _("The confidence interval includes no effect."),
    _("The confidence interval excludes no effect."),
    _("It reaches both appreciable benefit and harm (beyond {low} or {high})."),
    _("It reaches appreciable benefit or harm (beyond {low} or {high})."),
    _("It reaches neither (beyond {low} or {high})."),
    _(
        "Rule of thumb: serious below the optimal information size, or when the interval includes no effect "
        "and an appreciable one; very serious when it includes appreciable benefit and harm."
    ),
    _("{k} studies: fewer than the {needed} that a test for small-study effects needs."),
    _("Think of unpublished trials and of who paid for them."),
    _("The test for small-study effects could not be made."),
    _("Egger's test for small-study effects: p = {p}."),
    _("Rule of thumb: suspected below 0.1."),
    _("For proportions the test often signals asymmetry that the measure itself makes."),
    _("The ratio is {ratio}."),
    _("GRADE: large above 2 or below 0.5, very large above 5 or below 0.2."),
)
VERDICTS = (
    *(_("impossible"), _("implausible"), _("suspicious"), _("warning"), _("advice"), _("information")),
    *(_("passes"), _("Our result"), _("Printed elsewhere"), _("Extracted estimate")),
)
ASSUMPTIONS = (
    _("I2 is computed from Q, 100 (Q - df) / Q"),
    _("the results are of the same patients, or of studies that are alike"),
    _("inverse-variance weights with a Wald standard error; not Hartung-Knapp, not a mixed model of counts"),
    _(
        "both intervals are at the same level, and not a Hartung-Knapp confidence interval beside a normal "
        "prediction interval"
    ),
    _("an interval of the form estimate +- quantile x SE"),
    _("the raw scale, and studies whose proportions do not lie far from the pooled one"),
    _("a prediction interval of the form estimate +- quantile x sqrt(tau2 + SE^2)"),
)
AUDIT = (
    _("I2 of {i2}% and p {p} cannot both be true with {k} studies: p would lie between {low} and {high}."),
    _("I2 of {i2}% and p {p} cannot both be true with any number of studies."),
    _("I2 of {i2}% and p {p} can both be true from {least} studies on."),
    _("I2 of {i2}% and p {p} can both be true from {least} studies on and up to {most}."),
    _("The {value_name}, {value}, is not a possible {scale}."),
    _(
        "The {value_name}, {value}, is not a possible {scale}. Limits of raw "
        "proportions can leave the scale; another scale keeps them in."
    ),
    _("I2 is printed as {i2}%, but it lies from 0 to below 100%."),
    _("The p value is printed as {p}."),
    _("The confidence interval runs from {low} down to {high}."),
    _("The prediction interval runs from {low} down to {high}."),
    _("The estimate, {estimate}, lies outside its own interval, {interval}."),
    _(
        "The prediction interval, {interval}, does not hold the estimate, {estimate}: it is centred on it by "
        "construction."
    ),
    _("The prediction interval does not hold the confidence interval: {side}; {other_side}."),
    _("The prediction interval does not hold the confidence interval: {side}."),
    _("its lower limit, {limit}, is above the interval's, {other}"),
    _("its upper limit, {limit}, is below the interval's, {other}"),
    _(
        "The {which} prediction limit, {limit}, is the {other_which} confidence "
        "limit: with heterogeneity the two differ, so one may be a copy of the "
        "other."
    ),
    _("The confidence interval is symmetric about the estimate on this scale: {scales}."),
    _("The confidence interval is symmetric about the estimate on no usual scale ({scales})."),
    _("With I2 of {i2}% a prediction interval would show how far true effects differ; none is printed."),
    _("{later} at {at} follows {earlier} at {before}, but {what} can only fall with time."),
    _("{later} at {at} follows {earlier} at {before}, but {what} can only rise with time."),
    _("{part}, {estimate}, is above {whole}, {other}, of which it is a part."),
    _("The interval is as narrow as that of about {n} persons."),
    _("The interval is as narrow as that of about {n} persons (of {known})."),
    _("The interval is as narrow as that of about {n} persons, more than the {known} there are."),
    _("The interval, less its heterogeneity, is as narrow as that of about {n} persons."),
    _("The interval, less its heterogeneity, is as narrow as that of about {n} persons (of {known})."),
    _(
        "The interval, less its heterogeneity, is as narrow as that of about {n} "
        "persons, more than the {known} there are."
    ),
    _(
        "The prediction interval reaches {reach} from the estimate; with {k} studies it can reach at most "
        "{bound} on the {scale} scale."
    ),
    _(
        "The prediction interval reaches {reach} from the estimate; with {k} studies it can reach at most "
        "{bound} (at k = {at}) on the {scale} scale."
    ),
    _(
        "The prediction interval reaches {reach} from the estimate; with {k} studies it can reach at most "
        "{bound} (at k = {at}) on the {scale} scale. With another number of studies it could be so wide."
    ),
    _(
        "The prediction interval, {interval}, is centred on the estimate, {estimate}, on none of the usual "
        "scales ({scales})."
    ),
    *(_("estimate"), _("lower confidence limit"), _("upper confidence limit"), _("lower prediction limit")),
    *(_("upper prediction limit"), _("lower"), _("upper"), _("percent"), _("proportion"), _("ratio")),
    *(_("correlation"), _("difference")),
)
TABLES = (
    _("{file}: the file is empty; it needs a header and a line for each result"),
    _("{file}: there is a header but no result below it"),
    _("{file}, line 1: there is no column {column} (nor one called {known})"),
    _(
        "{file}, line {line}: {cells} cells under {headings} headings; a comma inside a number needs quotes "
        "around it"
    ),
    _("{file}, line {line}, estimate: a result needs its estimate"),
    _("{file}, line {line}, scale: {cell} is not known; take one of {known}"),
    _("{file}, line {line}, level: {cell} is no confidence level; take one such as 95"),
    _("{file}, line {line}, {column}: {cell} is not a number"),
    _("{file}, line {line}, {column}: {cell} is not two numbers such as 1.2 to 3.4"),
    _("{file}, line {line}, {column}: the other limit is there, this one is not"),
    _("{file}, line {line}, {column}: {cell} is not a whole number above zero"),
)
SENTENCES = (*(*NOTES, *REFUSALS, *LEFT_OUT, *CHANGES, *ROBUSTNESS, *CERTAINTY, *PROPOSALS, *AUDIT, *TABLES),)
_book = Phrases(
    SENTENCES,
    with_words=(
        "reason",
        "domain",
        "measure",
        "side",
        "other_side",
        "value_name",
        "scale",
        "which",
        "other_which",
    ),
)
in_words = _book.in_words
