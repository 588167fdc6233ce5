"""The stand-in's web server: loopback only, with faults that tests can order."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from .index import Article, QueryError, find, load

NOT_PUBMED = "offline example, not PubMed"
MOST_LISTED = 9_999
SLOW_SECONDS = 0.6


@dataclass
class Faults:
    """What the next answers do instead of being right, in order.

    "429" and "500" are statuses, "error" is told inside an answer of status 200, "truncated" breaks off
    half-way, "slow" comes late.
    """

    ordered: deque[str] = field(default_factory=deque)

    def next(self) -> str:
        return self.ordered.popleft() if self.ordered else ""


class StandIn:
    """A running stand-in. `requests` lists the addresses asked for, for tests of politeness."""

    def __init__(self, articles: list[Article], port: int, most_listed: int = MOST_LISTED) -> None:
        self.articles = articles
        self.most_listed = most_listed
        # Numbers that PubMed gave up for another record's: old -> new.
        self.merged: dict[str, str] = {}
        self.history: dict[str, list[Article]] = {}
        self.faults = Faults()
        self.requests: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/entrez/eutils/"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, parameters: dict[str, str]) -> tuple[int, str]:
        """Status and body of one request."""
        if path.endswith("esearch.fcgi"):
            return self._search(parameters)
        if path.endswith("efetch.fcgi"):
            return self._fetch(parameters)
        return 404, "<eFetchResult><ERROR>The stand-in knows esearch and efetch only.</ERROR></eFetchResult>"

    def _search(self, parameters: dict[str, str]) -> tuple[int, str]:
        term = parameters.get("term", "")
        try:
            found = find(self.articles, term)
        except QueryError as error:
            return 200, _search_result(f"<ERROR>{escape(str(error))}</ERROR>")
        first, last = parameters.get("mindate", ""), parameters.get("maxdate", "9999")
        found = [article for article in found if first <= article.entered <= last]
        key = str(len(self.history) + 1)
        self.history[key] = found
        start, size = int(parameters.get("retstart", 0)), int(parameters.get("retmax", 20))
        ids = "".join(f"<Id>{a.pmid}</Id>" for a in found[start : min(start + size, self.most_listed)])
        return 200, _search_result(
            f"<Count>{len(found)}</Count><RetMax>{size}</RetMax><RetStart>{start}</RetStart>"
            f"<QueryKey>{key}</QueryKey><WebEnv>STANDIN_{key}</WebEnv><IdList>{ids}</IdList>"
            f"<TranslationSet/><QueryTranslation>{escape(term)} ({NOT_PUBMED})</QueryTranslation>"
        )

    def _fetch(self, parameters: dict[str, str]) -> tuple[int, str]:
        if "id" in parameters:
            wanted = {self.merged.get(pmid, pmid) for pmid in parameters["id"].split(",")}
            found = [a for a in self.articles if a.pmid in wanted]
        elif (found_before := self.history.get(parameters.get("query_key", ""))) is not None:
            found = found_before
        else:
            return 400, "<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"
        start, size = int(parameters.get("retstart", 0)), int(parameters.get("retmax", 20))
        body = "\n".join(a.xml for a in found[start : start + min(size, MOST_LISTED)])
        return (
            200,
            f'<?xml version="1.0" encoding="UTF-8"?>\n<PubmedArticleSet>\n{body}\n</PubmedArticleSet>\n',
        )


def serve(records: Path, port: int = 0, most_listed: int = MOST_LISTED) -> StandIn:
    """Start answering from a PubmedArticleSet file; port 0 takes a free one."""
    return StandIn(load(records), port, most_listed)


def _search_result(inner: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n'
        '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN"'
        ' "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
        f"<eSearchResult>{inner}</eSearchResult>\n"
    )


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            address = urlsplit(self.path)
            self.reply(address.path, address.query)

        def do_POST(self) -> None:  # noqa: N802
            length = int(self.headers.get("Content-Length", 0))
            self.reply(self.path, self.rfile.read(length).decode())

        def reply(self, path: str, query: str) -> None:
            stand_in.requests.append(f"{path}?{query}")
            parameters = {name: values[0] for name, values in parse_qs(query).items()}
            fault = stand_in.faults.next()
            if fault in {"429", "500"}:
                self.send_error(int(fault))
                return
            if fault == "slow":
                time.sleep(SLOW_SECONDS)
            status, body = stand_in.answer(path, parameters)
            if fault == "error":
                body = '{"error":"API rate limit exceeded"}'
            content = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/xml; charset=UTF-8")
            self.send_header("X-Winnow-Stand-In", NOT_PUBMED)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if fault == "truncated" else content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the site's log is not the place for the stand-in's."""

    return Handler
