"""Every operation of the API, with the roles that may ask for it."""

from reviewsite.reviews.models import Role

SCREENS = {Role.OWNER, Role.REVIEWER}


EXTRACTS = SCREENS | {Role.EXTRACTOR}


EVERYBODY = set(Role)


ZERO = "00000000-0000-4000-8000-000000000000"


# Operation of a review -> body of a post (None: a read) and who may.
OPERATIONS = {
    "": (None, EVERYBODY),
    "/records": (None, EVERYBODY),
    "/citations": (None, EVERYBODY),
    "/citations/{citation}": (None, EVERYBODY),
    "/reasons": (None, EVERYBODY),
    "/decisions": (None, EVERYBODY),
    "/conclusions": (None, EVERYBODY),
    "/reports": (None, EVERYBODY),
    "/studies": (None, EVERYBODY),
    "/vocabulary": (None, EVERYBODY),
    "/extractions": (None, EVERYBODY),
    "/results": (None, EVERYBODY),
    "/contrasts": (None, EVERYBODY),
    "/analyses": (None, EVERYBODY),
    "/runs": (None, EVERYBODY),
    "/flow": (None, EVERYBODY),
    "/votes": (None, EVERYBODY),
    "/conflicts": (None, EVERYBODY),
    "/protocol": (None, EVERYBODY),
    "/members": (None, EVERYBODY),
    "/searches": (None, EVERYBODY),
    "/saved-searches": (None, EVERYBODY),
    "/documents": (None, EVERYBODY),
    "/datasets": (None, EVERYBODY),
    "/certainty": (None, EVERYBODY),
    "/appraisals": (None, EVERYBODY),
    "/assessments": (None, EVERYBODY),
    "/checklists/{name}": (None, EVERYBODY),
    "/versions": (None, EVERYBODY),
    "/versions/{number}": (None, EVERYBODY),
    "/versions/{number}/changes": (None, EVERYBODY),
    "/log": (None, EVERYBODY),
    "/queue": ({"count": 1}, SCREENS),
    "/decisions ": ({"citation": 1, "verdict": "include", "uuid": ZERO}, SCREENS),
    "/decisions/{decision}/withdraw": ({}, SCREENS),
    "/extractions ": ({"study": 1}, EXTRACTS),
    "/extractions/{extraction}/answers": ({"answers": {}}, EXTRACTS),
    "/extractions/{extraction}/results": ({"arm": 1, "outcome": 1, "values": {}}, EXTRACTS),
    "/extractions/{extraction}/submit": ({}, EXTRACTS),
    "/assessments ": ({"appraisal": 1, "study": 1}, EXTRACTS),
    "/assessments/agree": ({"appraisal": 1, "study": 1}, EXTRACTS),
    "/assessments/{assessment}/answers": ({"answers": {}}, EXTRACTS),
    "/assessments/{assessment}/submit": ({}, EXTRACTS),
    "/assessments/{assessment}/correct": ({"reason": "A slip."}, EXTRACTS),
}


def path(review, operation, citation=1):
    numbers = dict.fromkeys(("decision", "extraction", "assessment", "number"), 1)
    at = operation.strip().format(citation=citation, name="prisma-2020", **numbers)
    return f"/reviews/{review.slug}{at}"
