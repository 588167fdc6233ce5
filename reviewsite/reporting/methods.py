"""The methods as sentences, each from what the review's rows say. What no row says is left out."""

from collections.abc import Iterable, Iterator

from analysis.bundle import METAFOR, correction_rule, model_sentences
from analysis.bundle.packing import settings_of
from analysis.estimate.plan import plan_from
from analysis.models import AnalysisRun
from extraction.building.form_versions import form_in_use
from extraction.models import ArmResult, Extraction, Outcome, TimePoint
from reviewsite import __version__
from reviewsite.reviews.models import Protocol, Review, Stage
from screening.deciding.conclusions import Conclusion
from screening.models import DuplicateLink, FlowEvent, SearchRun
from screening.order.reading_order import plan_of
from screening.prisma.flow import OTHER_METHODS
from screening.rounds.agreement_report import report as agreement_at

from .document import Block, Listing, Paragraph, Section
from .words import count_of, joined, lower_first, one_to_ten

QUESTION = (
    ("Population", "population"),
    ("Intervention", "intervention"),
    ("Comparator", "comparator"),
    ("Outcomes", "outcomes"),
    ("Study designs", "study_designs"),
)


def methods(review: Review) -> list[Section]:
    """Sections of the methods; those on which the rows say nothing have no blocks."""
    protocol: Protocol = review.protocol
    return [
        Section("methods-registration", "Registration", _said(_registration(protocol))),
        Section("methods-question", "Review question", _question(protocol)),
        Section("methods-eligibility", "Eligibility criteria", tuple(_eligibility(protocol))),
        Section("methods-sources", "Information sources", _said(" ".join(_sources(review)))),
        Section("methods-search", "Search strategy", _said(_strategies(review))),
        Section("methods-selection", "Selection of studies", tuple(_selection(review))),
        Section("methods-extraction", "Data collection", _said(_extraction(review))),
        Section("methods-outcomes", "Outcomes", tuple(_outcomes(review))),
        Section("methods-variables", "Other variables", tuple(_variables(review))),
        Section("methods-bias", "Risk of bias", _said(" ".join(_bias(review)))),
        Section("methods-preparing", "Preparation of the data", _said(_preparing(review))),
        Section("methods-synthesis", "Synthesis", tuple(_synthesis(review))),
        Section("methods-display", "Display of results", _said(_display(review))),
        Section("methods-heterogeneity", "Exploring heterogeneity", _said(" ".join(_heterogeneity(review)))),
        Section("methods-sensitivity", "Sensitivity analyses", _said(" ".join(_sensitivity(review)))),
        Section("methods-certainty", "Certainty of the evidence", _said(_certainty(review))),
        Section("methods-amendments", "Deviations from the plan", tuple(_amendments(review))),
    ]


def _said(text: str) -> tuple[Block, ...]:
    return (Paragraph(text),) if text.strip() else ()


def _registration(protocol: Protocol) -> str:
    return f"The review was registered as {protocol.registration}." if protocol.registration else ""


def _question(protocol: Protocol) -> tuple[Block, ...]:
    told = [f"{name}: {getattr(protocol, field)}" for name, field in QUESTION if getattr(protocol, field)]
    return (Listing(tuple(told)),) if told else ()


def _eligibility(protocol: Protocol) -> Iterator[Block]:
    for intro, text in (
        ("Studies were eligible if they met these criteria:", protocol.inclusion_criteria),
        ("Studies were excluded if one of these applied:", protocol.exclusion_criteria),
    ):
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())
        if lines:
            yield Paragraph(intro)
            yield Listing(lines)


def _sources(review: Review) -> Iterator[str]:
    runs = list(review.search_runs.complete().order_by("database", "run_on"))
    searched = [run for run in runs if run.kind not in OTHER_METHODS]
    latest: dict[tuple[str, str], SearchRun] = {}
    for run in searched:
        latest[run.database, run.platform] = run
    named = [f"{run.database}{_platform(run)} on {_day(run.run_on)}" for run in latest.values()]
    if named:
        yield f"We searched {joined(named)}."
    if any(run.is_offline_example for run in searched):
        yield "The searches of PubMed are those of an offline example."
    others = [f"{run.database} on {_day(run.run_on)}" for run in runs if run.kind in OTHER_METHODS]
    others += [
        f"{event.source} on {_day(event.on)}"
        for event in FlowEvent.objects.filter(review=review, kind="records").standing()
    ]
    if others:
        yield f"Further records were sought from {joined(others)}."


def _platform(run: SearchRun) -> str:
    return f" ({run.platform})" if run.platform not in ("", run.database) else ""


def _day(day) -> str:
    return f"{day.day} {day:%B %Y}"


def _strategies(review: Review) -> str:
    runs = list(review.search_runs.complete())
    told = [run for run in runs if run.query]
    if not told:
        return ""
    sentence = (
        f"The strategies of {len(told)} of {len(runs)} searches stand in the appendix as they were run."
    )
    reviewed = [f"{run.database}: {run.peer_review}" for run in runs if run.peer_review]
    return f"{sentence} Peer review: {'; '.join(reviewed)}." if reviewed else sentence


def _selection(review: Review) -> Iterator[Block]:
    if not review.search_runs.complete().exists():
        return
    links = DuplicateLink.objects.filter(review=review).live()
    by_hand = links.exclude(decided_by=None).count()
    yield Paragraph(
        "Records were compared by identifiers, title, authors, year, journal and pages; "
        f"{count_of(links.filter(verdict='same').count(), 'pair')} of records stand as copies"
        + (f", and {count_of(by_hand, 'pair')} {_was(by_hand)} judged by a person." if by_hand else ".")
    )
    yield Paragraph(" ".join(_screening(review)))
    if order := _reading(review):
        yield Paragraph(order)
    if agreed := " ".join(_agreement(review)):
        yield Paragraph(agreed)


def _screening(review: Review) -> Iterator[str]:
    protocol = review.protocol
    for stage, what in (
        (Stage.TITLE_ABSTRACT, "Titles and abstracts"),
        (Stage.FULL_TEXT, "Full texts"),
    ):
        votes = review.decisions.filter(stage=stage).standing().screening()
        people = votes.values("reviewer").distinct().count()
        if not people:
            continue
        needed = protocol.decisions_needed(stage)
        how = "independently, each blind to the other's decision" if needed > 1 else "once"
        by = f"{one_to_ten(needed)} reviewer{'s' if needed > 1 else ''}"
        yield f"{what} were screened by {by} each, {how} ({count_of(people, 'person', 'people')} took part)."
        settled = review.decisions.filter(stage=stage).standing().adjudications().count()
        if settled:
            yield f"{count_of(settled, 'conflict')} at this stage {_was(settled)} settled by an adjudicator."
    if protocol.maybe_counts_as_include and protocol.title_abstract_decisions > 1:
        yield "A “maybe” counted as an inclusion, so that the full text decided."
    rounds = review.rounds.standing().filter(kind="pilot").count()
    if rounds:
        yield f"{count_of(rounds, 'pilot round')} preceded the main screening."


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _reading(review: Review) -> str:
    plan = plan_of(review)
    last = review.stop_events.last()
    said = ""
    if plan.order == plan.Order.RANKED:
        said = (
            "Citations were read in an order that a classifier of title and abstract made anew as decisions "
            f"came in, with {plan.random_percent}% drawn at random (seed {plan.seed})."
        )
    elif plan.order == plan.Order.RANDOM:
        said = f"Citations were read in random order (seed {plan.seed})."
    if last is not None and last.act == last.Act.STOPPED:
        said += (
            f" Screening was stopped on {_day(last.at)} by a rule that asked for {plan.confidence_percent}% "
            f"confidence of having found {plan.recall_percent}% of the relevant citations."
        )
    return said.strip()


def _agreement(review: Review) -> Iterator[str]:
    """Cohen's kappa of the pairs of each stage, from first votes; once nothing of the stage is open."""
    for stage in Stage:
        if review.citations.in_state(stage, Conclusion.UNDECIDED, Conclusion.CONFLICT).exists():
            continue
        for round in agreement_at(review, stage):
            for pair in round.pairs:
                raw, kappa = pair.agreement.raw.value, pair.agreement.kappa.value
                if raw is None or kappa is None:
                    continue
                yield (
                    f"On {stage.label.lower()}, a pair of reviewers agreed on {100 * raw:.0f}% of "
                    f"{pair.agreement.n} citations (Cohen's kappa {kappa:.2f})."
                )


def _extraction(review: Review) -> str:
    agreed = Extraction.objects.filter(review=review).agreed().count()
    if not agreed:
        return ""
    how = (
        "by one person, and a second verified every cell"
        if review.protocol.extraction_mode == "verify"
        else "by two people, each blind to the other; they compared cell by cell and agreed"
    )
    return f"Data of {count_of(agreed, 'study', 'studies')} were extracted {how}."


def _outcomes(review: Review) -> Iterator[Block]:
    outcomes = list(Outcome.objects.filter(review=review))
    if outcomes:
        yield Listing(tuple(f"{o.name} ({o.get_kind_display().lower()})" for o in outcomes))
    times = list(TimePoint.objects.filter(review=review).values_list("label", flat=True))
    if times:
        yield Paragraph(f"Time points: {joined(times)}.")


def _variables(review: Review) -> Iterator[Block]:
    if not Extraction.objects.filter(review=review).agreed().exists():
        return
    form = form_in_use(review)
    fields = [field.label for field in form.form.fields] if form else []
    if fields:
        yield Paragraph(f"The form also asked for: {joined([lower_first(label) for label in fields])}.")


def _bias(review: Review) -> Iterator[str]:
    for appraisal in review.appraisals.select_related("outcome", "own_tool"):
        agreed = appraisal.assessments.agreed().count()
        if agreed:
            of = f" for {lower_first(appraisal.outcome.name)}" if appraisal.outcome else ""
            yield (
                f"Risk of bias was assessed with {appraisal.tool.title}{of} by two people independently, who "
                f"then agreed ({count_of(agreed, 'study', 'studies')})."
            )


def _preparing(review: Review) -> str:
    rows = ArmResult.objects.agreed(review)
    total, derived = rows.count(), rows.exclude(provenance="reported").count()
    if not derived:
        return ""
    return (
        f"{derived:,} of {total:,} result rows were not printed as such: they were calculated, converted or "
        "read from a figure, and the data file names the way of each."
    )


def latest_runs(review: Review) -> list[AnalysisRun]:
    """The latest run of each analysis that has a result, in the order of the plan."""
    found: dict[int, AnalysisRun] = {}
    runs = AnalysisRun.objects.filter(spec__review=review).select_related("spec__outcome", "snapshot")
    for run in runs.order_by("spec__position", "spec", "run_at", "pk"):
        found[run.spec_id] = run
    return [run for run in found.values() if run.result]


def _synthesis(review: Review) -> Iterator[Block]:
    """Analyses that were done alike share a paragraph; each is named with its number of studies."""
    alike: dict[tuple[str, str], list[AnalysisRun]] = {}
    cited: dict[str, None] = {}
    runs = latest_runs(review)
    for run in runs:
        if _k(run) > 1:
            settings = settings_of(plan_from(run.plan))
            sentences, works = model_sentences(settings)
            alike.setdefault((" ".join(sentences), correction_rule(settings)), []).append(run)
            cited.update(dict.fromkeys(works))
    for (text, rule), of in alike.items():
        named = joined([f"{run.spec.title} ({count_of(_k(run), 'study', 'studies')})" for run in of])
        yield Paragraph(f"{named}: {lower_first(text)}{_corrections(rule, of)}")
    if single := [run.spec.title for run in runs if _k(run) == 1]:
        yield Paragraph(f"{joined(single)}: one study only, so nothing was pooled.")
    if runs:
        yield Paragraph(
            f"The analyses were done with Winnow {__version__}; "
            "a script beside each repeats it with R's metafor."
        )
        yield Paragraph("Sources of the methods:")
        yield Listing((*cited, METAFOR))


def _k(run: AnalysisRun) -> int:
    return int(run.result["scale"]["k"])


def _corrections(rule: str, runs: list[AnalysisRun]) -> str:
    """What was done about cells without events, and in which analyses it came to that."""
    if not rule:
        return ""
    counted = [(run, sum(bool(study.get("corrected")) for study in run.result["studies"])) for run in runs]
    told = [f"{run.spec.title}: {n} of {_k(run)}" for run, n in counted if n]
    return (
        f" {rule[0].upper()}{rule[1:]} ({'; '.join(told)})."
        if told
        else " No study needed a continuity correction."
    )


def _display(review: Review) -> str:
    count = len(latest_runs(review))
    if not count:
        return ""
    return f"{count_of(count, 'forest plot')} show studies and syntheses; tables name the studies."


def _heterogeneity(review: Review) -> Iterator[str]:
    for run in latest_runs(review):
        if run.result.get("subgroups"):
            yield f"{run.spec.title} was split by {run.plan.get('group_by')}."
        if run.result.get("regression"):
            yield f"{run.spec.title} was regressed on {run.plan.get('moderator')}."


def _sensitivity(review: Review) -> Iterator[str]:
    for run in latest_runs(review):
        if run.plan.get("only_low_risk"):
            yield f"{run.spec.title} used only studies at low risk of bias."
        for _, reason in run.plan.get("excluded", ()):
            yield f"{run.spec.title} left out a study: {reason.rstrip('.')}."


def _certainty(review: Review) -> str:
    count = review.evidence_profiles.count()
    if not count:
        return ""
    return (
        f"Certainty was judged by GRADE for {count_of(count, 'outcome')}: risk of bias, inconsistency, "
        "indirectness, imprecision and publication bias, each with its reason."
    )


def _amendments(review: Review) -> Iterator[Block]:
    freeze = getattr(review, "plan_freeze", None)
    if freeze is not None:
        yield Paragraph(
            f"The analyses were planned and frozen on {_day(freeze.frozen_at)}, when data of "
            f"{count_of(freeze.agreed_extractions, 'study', 'studies')} had been agreed."
        )
    told = _deviations(review.plan_deviations.all())
    if told:
        yield Listing(told)


def _deviations(deviations: Iterable) -> tuple[str, ...]:
    return tuple(f"{each.title}: {each.what} Reason: {each.reason}" for each in deviations)
