"""PubMed through NCBI's E-utilities (Bio.Entrez); the only module that talks to the outside.

Polite by construction: tool and e-mail with every request, at most 3 requests a second, 10 with an API key
(Bio.Entrez keeps the pace). Asks again, with growing pauses, when NCBI is busy, when an answer breaks off,
and when an answer with status 200 carries an error.
"""

import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
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
# The history server hands out no more than this many records of one search.
MOST_RECORDS = 10_000

Progress = Callable[[int, int], None] | None
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class EntrezAccess:
    """How to reach E-utilities. An empty base_url means NCBI itself."""

    email: str
    api_key: str = ""
    tool: str = "winnow"
    base_url: str = ""


@dataclass(frozen=True)
class SearchAnswer:
    """What a search came to: hits, PubMed's own reading of the query, and its place on the history server."""

    count: int
    translation: str
    webenv: str
    query_key: str


class PubMedError(Exception):
    """PubMed could not be searched; the text says why and what to do."""


class _AskAgain(Exception):
    """A passing failure; the same request may succeed in a moment."""


# Bio.Entrez has its address built in. The address of the call under way is kept in a context variable, so
# that threads with different addresses do not disturb one another.
_base_url: ContextVar[str] = ContextVar("entrez_base_url", default=NCBI)


def _open_at_base_url(request: Request) -> Any:
    request.full_url = request.full_url.replace(NCBI, _base_url.get(), 1)
    return urlopen(request, timeout=60)


Entrez.urlopen = _open_at_base_url  # type: ignore[attr-defined,assignment]
Entrez.max_tries = 1  # the pauses between tries are ours


def search(access: EntrezAccess, query: str, *, sleep: Callable[[float], None] = time.sleep) -> SearchAnswer:
    """Run a query and leave its result on the history server. Raises PubMedError."""

    def ask() -> SearchAnswer:
        answer: Any = Entrez.read(  # type: ignore[no-untyped-call]
            _request(access, Entrez.esearch, db="pubmed", term=query, usehistory="y", retmax=0)
        )
        if problem := answer.get("ErrorList", {}).get("FieldNotFound") or answer.get("ERROR"):
            raise PubMedError(f"PubMed does not understand the query: {problem}. Mend it and search again.")
        return SearchAnswer(
            int(answer["Count"]), answer.get("QueryTranslation", ""), answer["WebEnv"], answer["QueryKey"]
        )

    return _patiently(access, ask, sleep)


def fetch(
    access: EntrezAccess,
    answer: SearchAnswer,
    *,
    batch: int = 200,
    start: int = 0,
    progress: Progress = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[bytes]:
    """The records of an answer as PubMed XML, a document a batch, from position `start` on.

    Raises PubMedError when NCBI keeps failing, or when there are more records than it hands out at once.
    """
    if answer.count > MOST_RECORDS:
        raise PubMedError(
            f"The search has {answer.count:,} hits, and NCBI hands out {MOST_RECORDS:,} at most. "
            "Narrow it, or split it by publication date into several searches."
        )
    for first in range(start, answer.count, batch):
        yield _patiently(access, partial(_batch, access, answer, first, batch), sleep)
        if progress:
            progress(min(first + batch, answer.count), answer.count)


def _batch(access: EntrezAccess, answer: SearchAnswer, first: int, size: int) -> bytes:
    content: bytes = _request(
        access,
        Entrez.efetch,
        db="pubmed",
        retmode="xml",
        retstart=first,
        retmax=size,
        webenv=answer.webenv,
        query_key=answer.query_key,
    ).read()
    if b"</PubmedArticleSet>" not in content:
        # An error told inside an answer of status 200, or an answer that broke off.
        raise _AskAgain(content[:200].decode("utf-8", "replace"))
    return content


def _request(access: EntrezAccess, call: Callable[..., Any], **parameters: Any) -> Any:
    parameters |= {"tool": access.tool, "email": access.email or None, "api_key": access.api_key or None}
    return call(**parameters)


def _patiently(access: EntrezAccess, ask: Callable[[], Answer], sleep: Callable[[float], None]) -> Answer:
    if not access.email and not access.base_url:
        raise PubMedError(
            "NCBI asks everybody for an e-mail address. Set WINNOW_ENTREZ_EMAIL and start Winnow again."
        )
    token = _base_url.set(access.base_url or NCBI)
    try:
        return _tried_again(ask, sleep)
    finally:
        _base_url.reset(token)


def _tried_again(ask: Callable[[], Answer], sleep: Callable[[float], None]) -> Answer:
    said = ""
    for pause in (0.0, *PAUSES):
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
        f"PubMed did not answer after {len(PAUSES) + 1} tries: {said}. Nothing was imported; try again later."
    )
