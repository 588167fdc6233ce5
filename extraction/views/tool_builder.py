"""A tool of one's own drawn up in a form, seen as reviewers will see it, and stored."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from reviewsite.reviews.models import Review
from reviewsite.web.keys import key_in

from ..bias.appraisals import AppraisalRefused, save_own_tool
from ..bias.tool_form import FEWEST_DOMAINS, ToolDraftForm
from ..risk_of_bias import DefinitionRefused, catalogue
from ..risk_of_bias.drafting import definition_of
from ..wording import in_words
from .bias import may_assess


@may_assess
def tool_builder(request: HttpRequest, review: Review) -> HttpResponse:
    """The form; `add` gives it another domain, `preview` shows the tool, `store` keeps it."""
    if request.method != "POST":
        return render(request, "extraction/tool_builder.html", {"review": review, "form": ToolDraftForm()})
    act, count = request.POST.get("act"), _count(request)
    if act == "add":
        form = ToolDraftForm(domains=count + 1, kept=request.POST)
        return render(request, "extraction/tool_builder.html", {"review": review, "form": form})
    return _checked(request, review, ToolDraftForm(request.POST, domains=count), is_stored=act == "store")


def _checked(request: HttpRequest, review: Review, form: ToolDraftForm, *, is_stored: bool) -> HttpResponse:
    context = {"review": review, "form": form}
    if form.is_valid():
        try:
            text = definition_of(form.draft)
            context |= {"tool": catalogue.read_own(text), "text": text}
            if is_stored:
                saved = save_own_tool(review=review, by=request.user, definition=text)
                messages.success(
                    request, gettext("%(saved)s is stored; put it to use below.") % {"saved": saved}
                )
                return redirect("extraction:risk_of_bias", review.slug)
        except (DefinitionRefused, AppraisalRefused) as refusal:
            form.add_error(None, in_words(refusal))
    return render(request, "extraction/tool_builder.html", context, status=422 if form.errors else 200)


def _count(request: HttpRequest) -> int:
    told = request.POST.get("domains", "")
    return key_in(told) or FEWEST_DOMAINS
