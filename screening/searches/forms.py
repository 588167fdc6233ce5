"""Forms of the search pages: an uploaded file and the search behind it, a table's columns, a PubMed query."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from reviewsite.web.language import shown_choices
from reviewsite.web.many_files import ManyFilesField
from reviewsite.web.stale import StaleAware

from ..importers import Table, columns
from ..models import SavedSearch, SearchRun
from ..stored_words import in_words
from .imports import ASKED

# How the fields of a table are called where their plain name does not do.
FIELD_LABELS = {
    "doi": "DOI",
    "pmid": "PMID",
    "url": gettext_lazy("Web address"),
    "database id": gettext_lazy("Number in the database"),
    "citation": gettext_lazy("Journal, year and pages in one"),
}
# What several files cannot share.
OF_ONE_SEARCH = ("reported_count", "query")
LIMITS_HELP = gettext_lazy("Dates, languages, study designs; a validated filter with its source.")


def _label(field: str) -> str:
    known = FIELD_LABELS.get(field)
    return str(known) if known else in_words(field).capitalize()


class SearchDetailsForm(forms.Form):
    """What is known of the search behind a file; PRISMA-S asks for each of these."""

    database = forms.CharField(
        label=gettext_lazy("Database"),
        max_length=80,
        help_text=gettext_lazy("As PRISMA will name it: PubMed, Embase, CENTRAL, ClinicalTrials.gov."),
    )
    platform = forms.CharField(
        label=gettext_lazy("Platform"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For example Ovid, Embase.com."),
    )
    kind = forms.ChoiceField(
        choices=shown_choices(SearchRun.SourceKind), label=gettext_lazy("Kind of source")
    )
    run_on = forms.DateField(
        label=gettext_lazy("Searched on"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reported_count = forms.IntegerField(
        required=False,
        min_value=0,
        label=gettext_lazy("Hits the database reported"),
        help_text=gettext_lazy("To compare with what is read."),
    )
    query = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=gettext_lazy("Search strategy"),
        help_text=gettext_lazy("Copied whole, line by line, as it was run."),
    )
    limits = forms.CharField(
        required=False, max_length=2000, label=gettext_lazy("Limits and filters"), help_text=LIMITS_HELP
    )
    strategy_source = forms.CharField(
        required=False,
        max_length=2000,
        label=gettext_lazy("Strategy adapted from"),
        help_text=gettext_lazy("An earlier review's search, if one was reused."),
    )
    peer_review = forms.CharField(
        required=False,
        max_length=2000,
        label=gettext_lazy("Peer review of the search"),
        help_text=gettext_lazy("Who looked at it, for example with PRESS."),
    )

    def clean_run_on(self) -> Any:
        if self.cleaned_data["run_on"] > timezone.localdate():
            raise forms.ValidationError(gettext("This date is in the future."))
        return self.cleaned_data["run_on"]


class StoredDetailsForm(StaleAware, SearchDetailsForm):
    """The details of a run as they stand; what Winnow itself asked of PubMed is not a person's to change."""

    def __init__(self, run: SearchRun, data: Any = None) -> None:
        super().__init__(data, initial={name: getattr(run, name) for name in self.base_fields})
        for name in () if run.file else ASKED:
            self.fields[name].disabled = True


class UploadForm(SearchDetailsForm):
    """Files that databases exported, and what is known of the search behind them."""

    files = ManyFilesField(
        label=gettext_lazy("Export files"),
        error_messages={"required": gettext_lazy("Choose one or more files.")},
        help_text=gettext_lazy(
            "RIS, PubMed, EndNote, Web of Science, BibTeX, CSV, Excel or a trial register's export; "
            "recognised by its content, not its name. Several at once, if you like."
        ),
    )
    field_order = ("files",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        database = self.fields["database"]
        database.required = False
        database.help_text = gettext_lazy("Left empty, it is read from the file where the file names it.")
        self.fields["kind"].required = False
        self.fields["kind"].choices = [("", gettext_lazy("As the file says")), *self.fields["kind"].choices]

    def clean_files(self) -> Any:
        files = self.cleaned_data["files"]
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        too_large = [
            gettext("{name} is larger than {limit} MB; export the search in parts.").format(
                name=file.name, limit=limit
            )
            for file in files
            if file.size > settings.UPLOAD_MAX_BYTES
        ]
        if too_large:
            raise forms.ValidationError(too_large)
        return files

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        of_one = [name for name in OF_ONE_SEARCH if cleaned.get(name) not in (None, "")]
        if len(cleaned.get("files", ())) > 1 and of_one:
            for name in of_one:
                self.add_error(
                    name,
                    gettext(
                        "This is of one search. With several files, state it on each one's page afterwards."
                    ),
                )
        return cleaned

    def rule_arguments(self) -> dict[str, Any]:
        """What `register_files` takes."""
        cleaned = dict(self.cleaned_data)
        return {**cleaned, "files": [(file.name, file.read()) for file in cleaned["files"]]}


class ScheduleForm(forms.Form):
    """When a saved search runs by itself."""

    schedule = forms.ChoiceField(
        choices=shown_choices(SavedSearch.Schedule), label=gettext_lazy("Run it again")
    )


class ColumnsForm(forms.Form):
    """What each column of a table is: one choice a column, in their order."""

    def __init__(self, table: Table, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", gettext("Keep as it is")),
            *((field, _label(field)) for field in columns.FIELDS),
        ]
        guesses = table.guess
        for place, header in enumerate(table.headers):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=guesses[place],
                label=header or gettext("column {n}").format(n=place + 1),
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )

    def chosen(self) -> list[str]:
        """The field of each column, in the order of the columns."""
        return [self.cleaned_data[name] for name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = [field for field in cleaned.values() if field]
        if "title" not in chosen:
            raise forms.ValidationError(
                gettext("Say which column holds the title; records are screened by it.")
            )
        twice = {field for field in chosen if chosen.count(field) > 1} - columns.FROM_SEVERAL
        if twice:
            raise forms.ValidationError(
                gettext("Two columns cannot both be the {names}.").format(
                    names=gettext(" and the ").join(sorted(map(in_words, twice)))
                )
            )
        return cleaned


class PubMedForm(forms.Form):
    """A PubMed query; with a name it is kept, to be run again."""

    query = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        label=gettext_lazy("PubMed query"),
        help_text=gettext_lazy("As you would type it on PubMed, field tags included."),
    )

    limits = forms.CharField(
        required=False, max_length=2000, label=gettext_lazy("Limits and filters"), help_text=LIMITS_HELP
    )
    name = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Save it as"),
        help_text=gettext_lazy("A saved search can be run again and brings in only what is new."),
    )
    schedule = forms.ChoiceField(
        choices=shown_choices(SavedSearch.Schedule), required=False, label=gettext_lazy("Run it again")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        schedule = cleaned.get("schedule") or SavedSearch.Schedule.BY_HAND
        if schedule != SavedSearch.Schedule.BY_HAND and not cleaned.get("name"):
            self.add_error("name", gettext("Give the search a name, so that it can be run again."))
        return {**cleaned, "schedule": schedule}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands on one page with the upload form, which has a query of its own.
        super().__init__(*args, auto_id="pubmed_%s", **kwargs)
