"""Every operation, called with whatever its own description allows and forbids: it answers as described."""

import json
from datetime import timedelta
from itertools import count

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from urllib3 import HTTPResponse

from extraction.bias.assessments import start_assessment
from extraction.entering.entry import start_extraction
from reviewsite.api.site import api
from reviewsite.reviews.models import AuditEntry
from reviewsite.trail.verifying import verify

from ...makers import decide, make_citation, make_member, make_review
from ..pages import populate
from .makers import caller

SITE = "http://testserver"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# The same calls in every run, and few enough for every run.
BOUNDED = settings(
    derandomize=True,
    max_examples=10,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_whatever_is_sent_is_answered_as_described(mode):
    review = make_review()
    people = [make_member(review), make_member(review)]
    rows = populate(review, people)
    known = {
        "slug": review.slug,
        "citation": make_citation(review).pk,
        "decision": decide(make_citation(review), people[0], "include").pk,
        "study": rows["waiting"],
        "extraction": start_extraction(study=review.studies.get(pk=rows["waiting"]), extractor=people[0]).pk,
        "outcome": review.outcomes.first().pk,
    }
    appraisal = review.appraisals.get()
    waiting = review.studies.get(pk=rows["waiting"])
    own = start_assessment(study=waiting, assessor=people[0], appraisal=appraisal)
    known |= {"appraisal": appraisal.pk, "assessment": own.pk, "number": rows["version"]}
    known["arm"] = review.extractions.get(pk=known["extraction"]).arms.get().pk
    headers = {"Authorization": f"Bearer {caller(people[0]).token}"}
    schema = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    described = schemathesis.openapi.from_dict(schema)

    operations = [found.ok() for found in described.get_all_operations()]
    statuses = {operation.label: fuzz(operation, mode, known, headers) for operation in operations}

    assert len(statuses) == 46
    if mode is GenerationMode.POSITIVE:
        # The calls got through to rows, and some of what was written was kept.
        assert {label for label, found in statuses.items() if 200 not in found} <= MAY_BE_REFUSED
        assert AuditEntry.objects.filter(review=review, act="decision made").count() > 1
    assert verify(review).problems == []


# No made-up answers come to a whole extraction or assessment, so none is submitted, agreed or corrected.
MAY_BE_REFUSED = {
    "POST /api/v1/reviews/{slug}/extractions/{extraction}/submit",
    "POST /api/v1/reviews/{slug}/assessments/{assessment}/submit",
    "POST /api/v1/reviews/{slug}/assessments/{assessment}/correct",
    "POST /api/v1/reviews/{slug}/assessments/agree",
}


def fuzz(operation, mode, known, headers):
    """Call an operation a bounded number of times, every other time on rows that are there."""
    numbers, statuses = count(), set()

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case):
        if next(numbers) % 2 == 0:
            fit(case, known)
        response = answered(case, headers)
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    call()
    return statuses


def answered(case, headers):
    """What Django's own test client gets, in the form that the checks read.

    Its requests, unlike those through WSGI, leave the test's connection to the database open.
    """
    asked = requests.Request(**case.as_transport_kwargs(base_url=SITE, headers=headers)).prepare()
    told = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in asked.headers.items()}
    told = {name: value for name, value in told.items() if name not in {"HTTP_CONTENT_LENGTH"}}
    body = asked.body or b""
    answer = Client(raise_request_exception=False).generic(
        asked.method,
        asked.path_url,
        body.encode() if isinstance(body, str) else body,
        content_type=asked.headers.get("Content-Type", ""),
        **told,
    )
    response = requests.Response()
    response.status_code, response._content = answer.status_code, answer.content
    response.headers.update(answer.headers)
    response.raw = HTTPResponse(headers=dict(answer.headers), status=answer.status_code)
    response.request, response.url = asked, asked.url
    response.elapsed = timedelta()
    return response


def fit(case, known):
    """Let a made-up call name rows that are there."""
    for given_names in (case.path_parameters, case.body):
        if isinstance(given_names, dict):
            given_names.update({name: known[name] for name in known.keys() & given_names.keys()})
