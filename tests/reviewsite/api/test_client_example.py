"""The client that docs/api.md shows, run as it stands there."""

import re
import sys

import pytest
from django.conf import settings

from screening.models import Decision

from ...extraction.makers import make_agreed
from ...makers import make_member, make_review, make_search_run
from .makers import caller

CODE = re.compile(r"```python\n(.*?)```", re.S)


@pytest.mark.django_db(transaction=True)
def test_the_client_screens_three_citations_and_reads_a_data_frame(live_server, monkeypatch, capsys):
    review = make_review()
    ann, bob = make_member(review), make_member(review)
    make_agreed(review, [ann, bob], "Kim 2016", 30, 40)
    make_search_run(review, ["A randomised trial of zorifen", "Itch in mice", "A letter", "One more"])
    before = Decision.objects.filter(reviewer=ann).count()
    [code] = CODE.findall((settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8"))
    monkeypatch.setattr(sys, "argv", ["client.py", live_server.url, review.slug, caller(ann).token])

    exec(compile(code, "docs/api.md", "exec"), {})

    told = capsys.readouterr().out
    new = Decision.objects.filter(reviewer=ann).order_by("pk")[before:]
    assert [decision.verdict for decision in new] == ["include", "maybe", "maybe"]
    assert f"{before + 3} decisions of mine" in told
    assert re.search(r"Kim 2016 .* 30 +40\n", told)
