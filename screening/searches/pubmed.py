"""PubMed through NCBI's E-utilities (Bio.Entrez); the only module that talks to the outside.

Polite by construction: tool and e-mail with every request, at most 3 requests a second, 10 with an API key
(Bio.Entrez keeps the pace). Asks again, with growing pauses, when NCBI is busy, when an answer breaks off,
and when an answer with status 200 carries an error.

A search gives the numbers of all its records first; what PubMed lists at once is limited, so that a larger
result is split by the date on which records were entered. Records are then fetched by number, so that a fetch
that was interrupted goes on where it was, whatever PubMed has added meanwhile.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from xml.parsers.expat import ExpatError

from Bio import Entrez
from Bio.Entrez.Parser import ValidationError

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
PAUSES = (1.0, 3.0, 9.0)
# ESearch lists no more than this many records of one search.
MOST_LISTED = 9_999
# Records to one request for their text, and numbers to one search.
BATCH = 200
# Before the first record of PubMed was entered.
FIRST_DAY = date(1900, 1, 1)

Progress = Callable[[int, int], None] | None
Sleep = Callable[[float], None]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class EntrezAccess:
    """How to reach E-utilities. An empty base_url means NCBI itself; timeout is in seconds."""

    email: str
    api_key: str = ""
    tool: str = "winnow"
    base_url: str = ""
    timeout: float = 60
    most_listed: int = MOST_LISTED


@dataclass(frozen=True)
class Understanding:
    """How PubMed reads a query: hits, its own reading, and what of the query it did not find or use."""

    count: int
    translation: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchAnswer:
    """What a search came to. `pmids` are all hits, newest first within what was listed at once."""

    understanding: Understanding
    pmids: tuple[str, ...]


class PubMedError(Exception):
    """PubMed could not be searched; the text says why and what to do."""


class _AskAgain(Exception):
    """A passing failure; the same request may succeed in a moment."""


# Bio.Entrez has its address built in. The address of the call under way is kept in a context variable, so
# that threads with different addresses do not disturb one another.
_base_url: ContextVar[str] = ContextVar("entrez_base_url", default=NCBI)
_timeout: ContextVar[float] = ContextVar("entrez_timeout", default=60)


def _open_at_base_url(request: Request) -> Any:
    request.full_url = request.full_url.replace(NCBI, _base_url.get(), 1)
    return urlopen(request, timeout=_timeout.get())


Entrez.urlopen = _open_at_base_url  # type: ignore[attr-defined,assignment]
Entrez.max_tries = 1  # the pauses between tries are ours


def understand(
    access: EntrezAccess, query: str, *, tries: int = len(PAUSES) + 1, sleep: Sleep = time.sleep
) -> Understanding:
    """How many hits a query has and how PubMed reads it; nothing is listed. Raises PubMedError."""
    return _listed(access, query, sleep, most=0, tries=tries).understanding


def search(
    access: EntrezAccess, query: str, *, progress: Progress = None, sleep: Sleep = time.sleep
) -> SearchAnswer:
    """All hits of a query by their numbers.

    progress: called with numbers listed and hits in all. Raises PubMedError.
    """
    whole = _listed(access, query, sleep)
    understood = whole.understanding
    if understood.count <= access.most_listed:
        return whole
    pmids: dict[str, None] = {}
    for listed in _by_date(access, query, sleep, FIRST_DAY, date.today() + timedelta(days=366)):
        pmids.update(dict.fromkeys(listed.pmids))
        if progress:
            progress(min(len(pmids), understood.count), understood.count)
    if len(pmids) < understood.count:
        raise PubMedError(
            f"PubMed reported {understood.count:,} hits and listed {len(pmids):,} of them by date. "
            "Nothing was imported; search again, or split the query yourself."
        )
    return SearchAnswer(understood, tuple(pmids))


def fetch(access: EntrezAccess, pmids: Sequence[str], *, sleep: Sleep = time.sleep) -> bytes:
    """The records with these numbers, BATCH at most, as one document of PubMed XML. Raises PubMedError."""
    return _patiently(access, partial(_batch, access, pmids), sleep)


def batches(pmids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The numbers in portions for one request each."""
    for start in range(0, len(pmids), BATCH):
        yield tuple(pmids[start : start + BATCH])


def retracted(access: EntrezAccess, pmids: Sequence[str], *, sleep: Sleep = time.sleep) -> set[str]:
    """Those of these records, BATCH at most, that PubMed marks as retracted. Raises PubMedError."""
    return set(_listed(access, f'"retracted publication"[pt] AND ({_any_of(pmids)})', sleep).pmids)


def present(access: EntrezAccess, pmids: Sequence[str], *, sleep: Sleep = time.sleep) -> set[str]:
    """Those of these numbers, BATCH at most, that PubMed still has. Raises PubMedError."""
    return set(_listed(access, _any_of(pmids), sleep).pmids)


def _any_of(pmids: Sequence[str]) -> str:
    return " OR ".join(f"{pmid}[uid]" for pmid in pmids)


def _by_date(
    access: EntrezAccess, query: str, sleep: Sleep, first: date, last: date
) -> Iterator[SearchAnswer]:
    """The hits entered from one day to another, in as many parts as PubMed needs to list them."""
    listed = _listed(access, query, sleep, entered=(first, last))
    if listed.understanding.count <= access.most_listed:
        yield listed
    elif first == last:
        raise PubMedError(
            f"PubMed entered {listed.understanding.count:,} of the hits on {first:%d %B %Y} alone, more "
            "than it lists at once. Narrow the query, for example by language or publication type."
        )
    else:
        middle = first + (last - first) // 2
        yield from _by_date(access, query, sleep, first, middle)
        yield from _by_date(access, query, sleep, middle + timedelta(days=1), last)


def _listed(
    access: EntrezAccess,
    query: str,
    sleep: Sleep,
    *,
    most: int | None = None,
    entered: tuple[date, date] | None = None,
    tries: int = len(PAUSES) + 1,
) -> SearchAnswer:
    """One ESearch: as many numbers as PubMed lists at once, of all hits or of a span of days."""
    limits = (
        {"datetype": "edat", "mindate": f"{entered[0]:%Y/%m/%d}", "maxdate": f"{entered[1]:%Y/%m/%d}"}
        if entered
        else {}
    )
    retmax = access.most_listed if most is None else most

    def ask() -> SearchAnswer:
        answer: Any = Entrez.read(  # type: ignore[no-untyped-call]
            _request(access, Entrez.esearch, db="pubmed", term=query, retmax=retmax, **limits)
        )
        if problem := answer.get("ErrorList", {}).get("FieldNotFound") or answer.get("ERROR"):
            said = "; ".join(problem) if isinstance(problem, list) else problem
            raise PubMedError(f"PubMed does not understand the query: {said}. Mend it and search again.")
        understood = Understanding(
            int(answer["Count"]), answer.get("QueryTranslation", ""), _warnings(answer)
        )
        return SearchAnswer(understood, tuple(map(str, answer["IdList"])))

    return _patiently(access, ask, sleep, tries)


def _warnings(answer: Any) -> tuple[str, ...]:
    """What PubMed did not find or left out, in its own words."""
    words = {
        "PhraseNotFound": "Not found",
        "PhraseIgnored": "Left out",
        "QuotedPhraseNotFound": "Phrase not found",
        "OutputMessage": "PubMed says",
    }
    lists = (answer.get("ErrorList", {}), answer.get("WarningList", {}))
    return tuple(
        f"{label}: {said}" for each in lists for name, label in words.items() for said in each.get(name, ())
    )


def _batch(access: EntrezAccess, pmids: Sequence[str]) -> bytes:
    content: bytes = _request(
        access, Entrez.efetch, db="pubmed", retmode="xml", id=",".join(pmids), retmax=len(pmids)
    ).read()
    if b"</PubmedArticleSet>" not in content and b"<PubmedArticleSet/>" not in content:
        # An error told inside an answer of status 200, or an answer that broke off.
        raise _AskAgain(content[:200].decode("utf-8", "replace"))
    return content


def _request(access: EntrezAccess, call: Callable[..., Any], **parameters: Any) -> Any:
    parameters |= {"tool": access.tool, "email": access.email or None, "api_key": access.api_key or None}
    return call(**parameters)


def _patiently(
    access: EntrezAccess, ask: Callable[[], Answer], sleep: Sleep, tries: int = len(PAUSES) + 1
) -> Answer:
    if not access.email and not access.base_url:
        raise PubMedError(
            "NCBI asks everybody for an e-mail address. Set WINNOW_ENTREZ_EMAIL and start Winnow again."
        )
    address = _base_url.set(access.base_url or NCBI)
    timeout = _timeout.set(access.timeout)
    try:
        return _tried_again(ask, sleep, tries)
    finally:
        _base_url.reset(address)
        _timeout.reset(timeout)


def _tried_again(ask: Callable[[], Answer], sleep: Sleep, tries: int) -> Answer:
    said = ""
    for pause in (0.0, *PAUSES)[:tries]:
        if pause:
            sleep(pause)
        try:
            return ask()
        except HTTPError as error:
            if error.code != 429 and error.code < 500:
                raise PubMedError(
                    f"PubMed refused the request (status {error.code}): {error.reason}."
                ) from None
            said = f"status {error.code}"
        except URLError as error:
            said = f"no connection ({error.reason})"
        except RuntimeError as error:
            # Bio.Entrez raises this for an error told inside an answer.
            said = str(error)
        except (
            _AskAgain,
            HTTPException,
            ExpatError,
            ValidationError,
            OSError,
            ValueError,
        ) as error:
            said = str(error) or type(error).__name__
    raise PubMedError(
        f"PubMed did not answer as it should, asked {tries} {'time' if tries == 1 else 'times'}: "
        f"{said.rstrip('.')}. Nothing is lost; look at the query, or try again later."
    )
