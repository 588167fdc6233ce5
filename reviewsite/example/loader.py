"""Loads the worked example through the same rules that people's clicks go through."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from analysis.runs import rerun_stale
from analysis.runs import run as run_analysis
from analysis.specs import create_spec
from extraction.agreeing import consensus
from extraction.bias import assessments
from extraction.bias.appraisals import plan_appraisal
from extraction.building.vocabulary import add_outcome, add_time_point
from extraction.entering import entry
from extraction.models import Appraisal, Arm, ArmResult, Extraction
from extraction.risk_of_bias import MINORS, tool
from extraction.risk_of_bias.judging import parse_answers
from reviewsite.reporting.versions import freeze
from reviewsite.reviews.models import Membership, Review, Stage, User
from reviewsite.reviews.rules import add_member, create_review
from screening.deciding.decisions import adjudicate, record_decision
from screening.deciding.protocol import change_protocol, change_reasons, name_adjudicators
from screening.duplicates.deduplication import settle_pair
from screening.full_text.retrieval import record_retrieval
from screening.models import Citation, DuplicateLink, Record, Round, RoundCitation, Study
from screening.order.reading_order import ask_for_order, change_plan, plan_of
from screening.rounds.choosing import Choice, How
from screening.rounds.rules import Place, open_round
from screening.searches.imports import register_file
from screening.studies.grouping import create_study, mark_overlap
from screening.tasks import order_citations, read_file

from .cell_sources import sources_of
from .sources import FOLDER, Sources, read_sources

# Only for the demonstration: everybody who runs it can read this line.
DEMO_PASSWORD = "winnow-demo"
# Whether the study or report of a key is meant.
IsMeant = Callable[[str], bool]


def load_example() -> tuple[Review, bool]:
    """The example review, and whether it was loaded now; one that is there stays as its visitors made it."""
    sources = read_sources()
    if review := Review.objects.filter(slug=sources.review["slug"]).first():
        return review, False
    with transaction.atomic():
        return _Loader(sources).load(), True


class _Loader:
    """One loading. Keeps the people, the citations and the studies by the keys of the source files."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.people = {p["key"]: self._person(p) for p in sources.review["people"]}
        self.citations: dict[str, Citation] = {}
        self.studies: dict[str, Study] = {}

    def load(self) -> Review:
        self.review = self._review()
        self._searches()
        self._pairs_for_a_person()
        self._find_citations()
        self._plan_the_order()
        self._pilot()
        self._screen(Stage.TITLE_ABSTRACT, "ta")
        self._order_what_is_left()
        self._retrieve()
        self._vocabulary()
        later = self._later()
        self._read_in_full(lambda key: key not in later)
        self._mark_overlaps()
        self._assess_randomised()
        self._analyse()
        self._freeze()
        # What came after the first version, so that the page of versions has something to say.
        self._read_in_full(lambda key: key in later)
        rerun_stale(review=self.review, by=self.people["statistician"])
        return self.review

    def _later(self) -> set[str]:
        """Keys of the studies, and of their reports, that the first version is without."""
        studies = set(self.sources.review["version"]["without"])
        reports = [row["reports"].split() for row in self.sources.studies if row["key"] in studies]
        return studies.union(*reports)

    def _read_in_full(self, is_meant: IsMeant) -> None:
        """From the decision on the full text to the agreed extraction, for the studies that are meant."""
        self._screen(Stage.FULL_TEXT, "ft", is_meant)
        self._group(is_meant)
        self._extract(is_meant)
        self._assess(is_meant)

    def _freeze(self) -> None:
        told = self.sources.review["version"]
        freeze(review=self.review, name=told["name"], note=told["note"], by=self.people["owner"])

    def _person(self, person: Mapping[str, Any]) -> User:
        user = User.objects.filter(email=person["email"]).first()
        return user or User.objects.create_user(person["email"], DEMO_PASSWORD, name=person["name"])

    def _review(self) -> Review:
        told = self.sources.review
        owner = self.people["owner"]
        review = create_review(title=told["title"], slug=told["slug"], note=told["note"], owner=owner)
        for person in told["people"]:
            if person["key"] != "owner":
                add_member(review=review, email=person["email"], role=person["role"], by=owner)
        change_protocol(review=review, by=owner, **told["protocol"])
        for stage, labels in told["reasons"].items():
            change_reasons(review=review, stage=stage, labels=labels, by=owner)
        settlers = [self.people[p["key"]] for p in told["people"] if p.get("settles")]
        members = list(Membership.objects.filter(review=review, user__in=settlers))
        name_adjudicators(review=review, members=members, by=owner)
        return Review.objects.get(pk=review.pk)

    def _searches(self) -> None:
        for search in self.sources.review["searches"]:
            run = register_file(
                review=self.review,
                content=(FOLDER / search["file"]).read_bytes(),
                file_name=search["file"],
                database=search["database"],
                platform=search["platform"],
                kind=search["kind"],
                query=search["query"],
                run_on=date.fromisoformat(search["run_on"]),
                by=self.people["owner"],
            )
            # Read here and now; the worker that finds the queued task later sees that it is done.
            read_file.call(run.pk)

    def _pairs_for_a_person(self) -> None:
        """What the rules leave to a person are copies here: one database adds the meeting's number."""
        for link in DuplicateLink.objects.filter(review=self.review).awaiting_a_person():
            settle_pair(
                first=link.first,
                second=link.second,
                verdict=DuplicateLink.Verdict.SAME,
                person=self.people["owner"],
            )

    def _find_citations(self) -> None:
        # PubMed ends a title with a full stop, the other databases do not.
        records = Record.objects.filter(review=self.review)
        titles = {record.title.rstrip("."): record.citation_id for record in records}
        self.citations = {
            row["key"]: Citation.objects.get(pk=titles[row["title"]]) for row in self.sources.decisions
        }

    def _plan_the_order(self) -> None:
        """Agreed before anybody has read: ranked, from a paper that everybody knew, and when it may stop."""
        told = self.sources.review["reading_plan"]
        change_plan(review=self.review, by=self.people["owner"], **told)
        self._order_here_and_now()

    def _order_what_is_left(self) -> None:
        """From what both have decided; what nobody has read yet comes up by it."""
        ask_for_order(self.review, plan_of(self.review))
        self._order_here_and_now()

    def _order_here_and_now(self) -> None:
        """The worker that finds the queued task later sees that it is done."""
        for run in self.review.ranking_runs.filter(finished_at=None):
            order_citations.call(run.pk)

    def _pilot(self) -> None:
        """Both reviewers read the same citations first; their agreement opens the main round."""
        told = self.sources.review["pilot"]
        open_round(
            review=self.review,
            stage=Stage.TITLE_ABSTRACT,
            by=self.people["owner"],
            kind=Round.Kind.PILOT,
            name=told["name"],
            choice=Choice(How.FIRST, n=told["first"]),
            people=[Place(self.people[key].pk) for key in told["people"]],
        )

    def _pilot_first(self) -> list[dict[str, str]]:
        """The rows in the order in which they could be decided on."""
        placed = set(RoundCitation.objects.filter(round__review=self.review).live())
        return sorted(self.sources.decisions, key=lambda row: self.citations[row["key"]].pk not in placed)

    def _screen(self, stage: Stage, prefix: str, is_meant: IsMeant = bool) -> None:
        reasons = {reason.label: reason for reason in self.review.exclusion_reasons.offered(stage)}
        for row in self._pilot_first():
            if not is_meant(row["key"]):
                continue
            citation = self.citations[row["key"]]
            for who in ("a", "b"):
                if verdict := row[f"{prefix}_{who}"]:
                    record_decision(
                        citation=citation,
                        stage=stage,
                        reviewer=self.people[who],
                        verdict=verdict,
                        reason=reasons.get(row[f"{prefix}_{who}_reason"]),
                        note=row.get(f"{prefix}_{who}_note", ""),
                    )
            if verdict := row[f"{prefix}_settled"]:
                adjudicate(
                    citation=citation,
                    stage=stage,
                    adjudicator=self.people["owner"],
                    verdict=verdict,
                    reason=reasons.get(row[f"{prefix}_settled_reason"]),
                    note=row[f"{prefix}_settled_note"],
                )

    def _retrieve(self) -> None:
        for row in self.sources.decisions:
            if row["retrieval"]:
                report = self.citations[row["key"]].report
                note = row["retrieval_note"]
                record_retrieval(reports=[report], state=row["retrieval"], note=note, by=self.people["a"])

    def _group(self, is_meant: IsMeant) -> None:
        for row in self.sources.studies:
            if not is_meant(row["key"]):
                continue
            self.studies[row["key"]] = create_study(
                review=self.review,
                label=row["label"],
                registration=row["registration"],
                note=row["note"],
                reports=[self.citations[key].report for key in row["reports"].split()],
                by=self.people["a"],
            )

    def _mark_overlaps(self) -> None:
        for overlap in self.sources.review["overlaps"]:
            kept, left_out = self.studies[overlap["kept"]], self.studies[overlap["left_out"]]
            mark_overlap(kept=kept, left_out=left_out, reason=overlap["reason"], by=self.people["a"])

    def _vocabulary(self) -> None:
        owner = self.people["owner"]
        self.outcomes = {
            each["name"]: add_outcome(review=self.review, by=owner, **each)
            for each in self.sources.review["outcomes"]
        }
        self.time_points = {
            label: add_time_point(review=self.review, by=owner, label=label)
            for label in self.sources.review["time_points"]
        }

    def _extract(self, is_meant: IsMeant) -> None:
        for key, told in self.sources.extractions.items():
            if not is_meant(key):
                continue
            study = self.studies[key]
            self._one_extraction(study, self.people["a"], told["answers"], told["first"])
            if told["second"] is None:
                continue
            self._one_extraction(study, self.people["extractor"], told["answers"], told["second"])
            left, right = consensus.pair_of(study)
            # The slips are the second extractor's: what the source prints stands with the first.
            choices = {
                item.key: consensus.Choice(consensus.LEFT)
                for item in consensus.compare(left, right)
                if not item.is_equal
            }
            consensus.agree(study=study, settled_by=self.people["a"], choices=choices)

    def _one_extraction(
        self, study: Study, extractor: User, answers: Mapping[str, str], rows: list[dict[str, Any]]
    ) -> Extraction:
        extraction = entry.start_extraction(study=study, extractor=extractor)
        given = {name: {"value": value} for name, value in answers.items()}
        entry.save_answers(extraction=extraction, by=extractor, answers=given)
        arm = extraction.arms.get()
        entry.save_rows(extraction=extraction, by=extractor, rows=[self._row(arm, row) for row in rows])
        return entry.submit(extraction=extraction, by=extractor)

    def _row(self, arm: Arm, row: Mapping[str, Any]) -> ArmResult:
        names = {**row, **sources_of(row), "outcome": self.outcomes[row["outcome"]], "time_point": None}
        if row["time_point"]:
            names["time_point"] = self.time_points[row["time_point"]]
        result = ArmResult(arm=arm, **names)
        result.full_clean()
        return result

    def _assess(self, is_meant: IsMeant) -> None:
        owner = self.people["owner"]
        appraisal = self.review.appraisals.filter(tool_key=MINORS.key).first()
        appraisal = appraisal or plan_appraisal(review=self.review, by=owner, tool=MINORS)
        for key, told in self.sources.risk_of_bias.items():
            if not is_meant(key):
                continue
            study = self.studies[key]
            self._one_assessment(appraisal, study, self.people["a"], told["first"])
            if told["second"] is None:
                continue
            self._one_assessment(appraisal, study, self.people["extractor"], told["second"])
            sheet = self._sheet(told["first"])
            assessments.agree(study=study, settled_by=owner, appraisal=appraisal, sheet=sheet)

    def _assess_randomised(self) -> None:
        """The one randomised trial by RoB 2, for one result: two people, and what they agreed."""
        owner = self.people["owner"]
        for key, told in self.sources.rob2.items():
            appraisal = plan_appraisal(
                review=self.review,
                by=owner,
                tool=tool("rob2"),
                effect=told["effect"],
                outcome=self.outcomes[told["outcome"]],
            )
            for person, side in ((self.people["a"], "first"), (self.people["extractor"], "second")):
                own = assessments.start_assessment(
                    study=self.studies[key], assessor=person, appraisal=appraisal
                )
                sheet = self._answered(told[side], told["support"])
                assessments.save_assessment(assessment=own, by=person, sheet=sheet)
                assessments.submit_assessment(assessment=own, by=person)
            settled = self._answered(told["settled"], told["support"])
            assessments.agree(study=self.studies[key], settled_by=owner, appraisal=appraisal, sheet=settled)

    @staticmethod
    def _answered(answers: str, support: Mapping[str, str]) -> assessments.Sheet:
        given = parse_answers(answers).items()
        return assessments.Sheet(
            {number: assessments.Given(answer, support.get(number, "")) for number, answer in given}
        )

    def _one_assessment(self, appraisal: Appraisal, study: Study, assessor: User, scores: str) -> None:
        own = assessments.start_assessment(study=study, assessor=assessor, appraisal=appraisal)
        assessments.save_assessment(assessment=own, by=assessor, sheet=self._sheet(scores))
        assessments.submit_assessment(assessment=own, by=assessor)

    @staticmethod
    def _sheet(scores: str) -> assessments.Sheet:
        given = zip(MINORS.items, scores, strict=True)
        return assessments.Sheet({item.number: assessments.Given(score) for item, score in given})

    def _analyse(self) -> None:
        told = self.sources.review
        for each in told["analyses"]:
            published = each.get("published")
            if published:
                published = {
                    **published,
                    "source": told["published_source"],
                    "why_different": told["why_different"],
                }
            spec = create_spec(
                review=self.review,
                by=self.people["statistician"],
                **{
                    **each,
                    "outcome": self.outcomes[each["outcome"]],
                    "time_point": self.time_points.get(each["time_point"]),
                    "published": published,
                },
            )
            run_analysis(spec=spec, by=self.people["statistician"])
