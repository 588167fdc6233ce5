"""Probes a running demo as somebody who means no good: every page, field and number in an address.

    python manage.py demo --port 8000 --no-browser &
    python benchmarks/probe.py http://127.0.0.1:8000

Only a site on this machine is probed. It is filled with rubbish: use a demo, never a site with work in it.
Prints what it found and how much it tried; exit 1 when it found anything.
"""

import argparse
import http.client
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MOST_PAGES = 260
A_ROUTE = 2
MARK = "zq\"'><svg/onload=zq>"
PAYLOADS = (
    MARK,
    "' OR 1=1--",
    "{{7*7}}${7*7}",
    "../../../../etc/passwd",
    "\x00",
    "9" * 40,
    "-1",
    "\ud7ff\uffff\u202e",
    "A" * 20_000,
    "(a+)+$" * 40,
)
# What makes a careless pattern, a comparison or a parser slow, or fall over.
LONG = (
    "a" * 100_000,
    " " * 60_000 + "x",
    "\t\n" * 40_000,
    "a@" * 30_000,
    "10.5555/" * 12_000,
    "((((" * 15_000,
    "[" * 50_000,
    "A: " * 20_000,
    "0." * 30_000,
    "1e" + "9" * 5_000,
    "9" * 5_000,
    "\u00b2",
    "e\u0301" * 30_000,
    "\u202e\u0000\ufeff" * 9_000,
    "-" * 60_000 + "1",
    "and or not " * 8_000,
    "x*" * 30_000,
)
UUID = "5f0f3c1e-0d4b-4b6e-9d5c-1b1f2a3c4d5e"
BODIES = (
    "[" * 100_000,
    '{"a":' * 50_000,
    '{"reviewer": 1e999, "acts": []}',
    '{"reviewer": NaN, "acts": [{}]}',
    '{"reviewer": null, "acts": {"a": 1}}',
    '{"changes": [{"cell": [], "was": {}, "value": [[]]}]}',
    '{"changes": [{"cell": "' + "a:" * 30_000 + '", "was": "", "value": "1"}]}',
    '{"changes": 5}',
    '"' + "\\u0000" * 20_000 + '"',
    "\x00\xff\xfe",
    "",
)
SLOW_SECONDS = 1.0
NUMBERS = (
    "0",
    "-1",
    "9" * 19,
    "9" * 40,
    "abc",
    "%00",
    "%2e%2e%2f%2e%2e%2f",
    "1;DROP",
    "\u0661".encode().hex(),
)
PUBLIC = re.compile(r"^/($|accounts/|help/|static/|health/|invitations/)")


@dataclass
class Answer:
    url: str
    status: int
    headers: dict[str, list[str]]
    body: str
    seconds: float = 0.0

    def header(self, name: str) -> str:
        return ", ".join(self.headers.get(name.lower(), []))


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """Links, forms, and whatever the policy of the site forbids."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.base, self.links, self.forms, self.wrong = answer.url, [], [], []
        self.feed(answer.body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.wrong += [f"<{tag} {name}>" for name in given if name.startswith("on") or name == "style"]
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") != "application/json"
        ):
            self.wrong.append(f"<{tag}> within the page")
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            if given.get(name, "").lower().lstrip().startswith(("javascript:", "data:text", "vbscript:")):
                self.wrong.append(f"<{tag} {name}={given[name][:30]}>")
        if tag in ("script", "link", "img", "iframe") and re.match(r"(https?:)?//", given.get("src") or ""):
            self.wrong.append(f"<{tag}> from elsewhere: {given['src'][:60]}")
        if tag == "a" and given.get("target") == "_blank" and "noopener" not in given.get("rel", "noopener"):
            self.wrong.append("a new window that can reach back")
        self._note(tag, given)

    def _note(self, tag: str, given: dict[str, str]) -> None:
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.base, given["href"]))
        elif tag == "form":
            action = urljoin(self.base, given.get("action") or self.base)
            self.forms.append(Form(action, given.get("method", "get").upper()))
        elif tag in ("input", "select", "textarea", "button") and self.forms and given.get("name"):
            form = self.forms[-1]
            form.fields.setdefault(given["name"], given.get("value", ""))
            if tag == "textarea" or given.get("type", "text") in (
                "text",
                "search",
                "email",
                "hidden",
                "number",
            ):
                form.texts.append(given["name"])


class Visitor:
    """One person's browser: keeps cookies, follows no redirect by itself."""

    def __init__(self, base: str) -> None:
        self.base, self.cookies, self.seen_cookies = urlsplit(base), {}, {}
        self.requests = 0

    def ask(
        self,
        url: str,
        method: str = "GET",
        fields: dict[str, str] | None = None,
        plain: str | None = None,
        **headers: str,
    ) -> Answer:
        """fields: posted as of a form. plain: posted as JSON."""
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        body = urlencode(fields, errors="replace").encode() if fields is not None else None
        sent = {
            "Host": self.base.netloc,
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            **headers,
        }
        if plain is not None:
            body = plain.encode(errors="replace")
            sent |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
            sent["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        elif body is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        sent.setdefault("Referer", f"{self.base.scheme}://{self.base.netloc}/")
        connection = http.client.HTTPConnection(self.base.hostname or "", self.base.port or 80, timeout=60)
        self.requests += 1
        began = time.monotonic()
        try:
            connection.request(method, target, body, sent)
            response = connection.getresponse()
            found: dict[str, list[str]] = {}
            for name, value in response.getheaders():
                found.setdefault(name.lower(), []).append(value)
            text = response.read().decode("utf-8", "replace")
            answer = Answer(url, response.status, found, text, time.monotonic() - began)
        finally:
            connection.close()
        for cookie in found.get("set-cookie", []):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name], self.seen_cookies[name] = value, cookie.lower()
        return answer

    def sign_in(self, email: str, password: str) -> None:
        url = f"{self.base.scheme}://{self.base.netloc}/accounts/login/"
        form = next(f for f in Page(self.ask(url)).forms if "password" in f.fields)
        answer = self.ask(url, "POST", {**form.fields, "login": email, "password": password})
        if answer.status != 302:
            raise SystemExit("Could not sign in: is this the demo?")


class Probe:
    """Tries everything and keeps what it found."""

    def __init__(self, base: str, email: str, password: str, most_pages: int = MOST_PAGES) -> None:
        self.most_pages = most_pages
        self.base = base.rstrip("/")
        self.member, self.visitor = Visitor(self.base), Visitor(self.base)
        self.member.sign_in(email, password)
        self.found: Counter[str] = Counter()
        self.slowest = (0.0, "")
        self.pages: list[tuple[Answer, Page]] = []

    def report(self, what: str, where: str) -> None:
        self.found[f"{what}: {route(where)}"] += 1

    def run(self) -> None:
        self.crawl()
        for answer, page in self.pages:
            self.look(answer, page)
        for url in sorted({answer.url for answer, _ in self.pages}):
            self.closed_to_visitors(url)
            self.bad_numbers(url)
            self.bad_questions(url)
        for form in self.forms():
            self.bad_form(form)
            self.long_form(form)
        for url in sorted({answer.url for answer, _ in self.pages}):
            self.long_questions(url)
        self.bad_bodies()
        self.bad_requests()
        self.bad_cookies()

    def crawl(self) -> None:
        waiting, seen, of_route = [f"{self.base}/"], set(), Counter[str]()
        while waiting and len(self.pages) < self.most_pages:
            url = waiting.pop(0).split("#")[0]
            if url in seen or not url.startswith(self.base + "/") or of_route[route(url)] >= A_ROUTE:
                continue
            seen.add(url)
            of_route[route(url)] += 1
            answer = self.member.ask(url)
            if answer.status in (301, 302):
                waiting.append(urljoin(url, answer.header("location")))
            if answer.status >= 500:
                self.report(f"answers {answer.status}", url)
            if answer.header("content-type").startswith("text/html"):
                page = Page(answer)
                self.pages.append((answer, page))
                waiting += page.links

    def look(self, answer: Answer, page: Page) -> None:
        policy = answer.header("content-security-policy")
        if "default-src 'self'" not in policy or "unsafe" in policy:
            self.report(f"content policy {policy[:40]!r}", answer.url)
        for name, expected in (
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", ""),
        ):
            if expected not in answer.header(name) or not answer.header(name):
                self.report(f"header {name} is {answer.header(name)!r}", answer.url)
        for wrong in page.wrong:
            self.report(wrong, answer.url)
        for form in page.forms:
            if form.method == "POST" and "csrfmiddlewaretoken" not in form.fields:
                self.report("a form without its token", answer.url)
            if not form.action.startswith(self.base):
                self.report(f"a form that leads to {form.action[:40]}", answer.url)

    def closed_to_visitors(self, url: str) -> None:
        answer = self.visitor.ask(url)
        if answer.status == 200 and not PUBLIC.match(urlsplit(url).path):
            self.report("open to visitors", url)

    def bad_numbers(self, url: str) -> None:
        parts = urlsplit(url)
        for place in re.finditer(r"(?<=/)\d+(?=[/.])", parts.path):
            for number in NUMBERS:
                self.harmless(self.base + parts.path[: place.start()] + number + parts.path[place.end() :])

    def bad_questions(self, url: str) -> None:
        parts = urlsplit(url)
        names = {name for name, _ in parse_qsl(parts.query)} | {
            "page",
            "next",
            "q",
            "words",
            "of",
            "sort",
            "row",
        }
        for name in sorted(names):
            for payload in PAYLOADS:
                kept = [pair for pair in parse_qsl(parts.query) if pair[0] != name]
                query = urlencode([*kept, (name, payload[:2000])], errors="replace")
                self.harmless(f"{self.base}{parts.path}?{query}")

    def harmless(self, url: str) -> None:
        self.judge(self.member.ask(url))

    def judge(self, answer: Answer) -> None:
        if answer.seconds > SLOW_SECONDS:
            self.report("takes more than a second", answer.url)
            self.slowest = max(self.slowest, (answer.seconds, route(answer.url)))
        if answer.status >= 500:
            self.report(f"answers {answer.status}", answer.url)
        if "<svg/onload=zq" in answer.body:
            self.report("gives back a tag that was sent", answer.url)
        if "root:x:0" in answer.body or "Traceback (most recent call last)" in answer.body:
            self.report("tells of the inside", answer.url)
        location = answer.header("location")
        if location and urlsplit(urljoin(self.base, location)).netloc != urlsplit(self.base).netloc:
            self.report(f"leads away to {location[:40]}", answer.url)

    def forms(self) -> Iterator[Form]:
        done = set()
        for _, page in self.pages:
            for form in page.forms:
                key = (route(form.action), form.method)
                if key not in done and "logout" not in form.action and "password" not in form.action:
                    done.add(key)
                    yield form

    def bad_form(self, form: Form) -> None:
        token = {"csrfmiddlewaretoken": self.member.cookies.get("csrftoken", "")}
        if form.method == "POST":
            forged = {name: value for name, value in form.fields.items() if name != "csrfmiddlewaretoken"}
            if self.member.ask(form.action, "POST", forged).status != 403:
                self.report("takes a form without its token", form.action)
        for name in form.texts:
            if name == "csrfmiddlewaretoken":
                continue
            for payload in PAYLOADS:
                fields = {**form.fields, name: payload, **(token if form.method == "POST" else {})}
                if form.method == "POST":
                    self.judge(self.member.ask(form.action, "POST", fields))
                else:
                    query = urlencode({k: v[:2000] for k, v in fields.items()}, errors="replace")
                    self.harmless(f"{form.action.split('?')[0]}?{query}")

    def long_form(self, form: Form) -> None:
        """Every text of a form at once: each is read before the first is refused."""
        names = [name for name in form.texts if name != "csrfmiddlewaretoken"]
        token = {"csrfmiddlewaretoken": self.member.cookies.get("csrftoken", "")}
        for payload in LONG:
            filled = {**form.fields, **dict.fromkeys(names, payload)}
            if names and form.method == "POST":
                self.judge(self.member.ask(form.action, "POST", {**filled, **token}))
            elif names:
                query = urlencode({name: value[:3000] for name, value in filled.items()}, errors="replace")
                self.harmless(f"{form.action.split('?')[0]}?{query}")

    def long_questions(self, url: str) -> None:
        parts = urlsplit(url)
        for name in sorted(
            {name for name, _ in parse_qsl(parts.query)} | {"text", "held", "citation", "page"}
        ):
            for payload in LONG:
                query = urlencode({name: payload[:6000]}, errors="replace")
                self.harmless(f"{self.base}{parts.path}?{query}")

    def bad_bodies(self) -> None:
        """JSON that is none, is too deep, or says what nothing can be, where pages post it."""
        own = re.compile(r'data-(?:acts|autosave|cells|post)="([^"]+)"')
        found = {urljoin(answer.url, path) for answer, _ in self.pages for path in own.findall(answer.body)}
        acts = ("decide", "undo", "skip", "unskip", "label", [], None)
        odd = ("9" * 5000, "\u00b2", "\u0000", [], {}, 1e308, -1)
        for url in sorted(found):
            for body in BODIES:
                self.judge(self.member.ask(url, "POST", plain=body))
            for person in range(1, 8):
                told = [
                    {
                        "uuid": UUID,
                        "kind": act,
                        "citation": key,
                        "verdict": key,
                        "note": key,
                        "name": key,
                        "of": key,
                    }
                    for act in acts
                    for key in odd
                ]
                self.judge(self.member.ask(url, "POST", plain=json.dumps({"reviewer": person, "acts": told})))

    def bad_requests(self) -> None:
        for url in (f"{self.base}/", f"{self.base}/accounts/login/", f"{self.base}/static/../manage.py"):
            for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"):
                self.judge(self.member.ask(url, method))
        for path in (
            "/static/%2e%2e/%2e%2e/settings.py",
            "/static/..%5c..%5cmanage.py",
            "/%2e%2e/etc/passwd",
            "//evil.example/",
        ):
            self.harmless(self.base + path)
        evil = self.visitor.ask(f"{self.base}/accounts/password/reset/", Host="evil.example")
        if evil.status != 400:
            self.report("answers to another host's name", evil.url)
        for away in ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
            for name in ("login", "logout", "signup", "reauthenticate"):
                self.harmless(f"{self.base}/accounts/{name}/?next={urlencode({'': away})[1:]}")
        long = self.visitor.ask(f"{self.base}/accounts/login/", "POST", {"login": "a" * 2_000_000})
        if long.status not in (400, 403, 413):
            self.report(f"reads two megabytes of a visitor ({long.status})", long.url)

    def bad_cookies(self) -> None:
        session = self.member.seen_cookies.get("sessionid", "")
        if "httponly" not in session or "samesite=lax" not in session:
            self.report("the session's cookie is open", session)


def route(url: str) -> str:
    """The address without its numbers and what is asked of it."""
    path = urlsplit(url).path
    path = re.sub(r"(?<=/)([\d-]+|9{5,}|abc|%[\w%]+|1;DROP|[0-9a-f]{6,})(?=[/.])", "N", path)
    return re.sub(r"/invitations/[^/]+/", "/invitations/S/", path)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("site")
    words.add_argument("--email", default="owner@example.org")
    words.add_argument("--password", default="winnow-demo")
    words.add_argument("--pages", type=int, default=MOST_PAGES, help="how many pages are looked at, at most")
    asked = words.parse_args()
    if urlsplit(asked.site).hostname not in LOOPBACK:
        raise SystemExit("Only a site on this machine is probed.")
    probe = Probe(asked.site, asked.email, asked.password, asked.pages)
    probe.run()
    requests = probe.member.requests + probe.visitor.requests
    print(f"{len(probe.pages)} pages, {len(list(probe.forms()))} forms, {requests} requests")
    for what, count in probe.found.most_common():
        print(f"{count:5} {what}")
    print(f"slowest over a second: {probe.slowest[0]:.1f} s {probe.slowest[1]}")
    print("Nothing found." if not probe.found else f"{len(probe.found)} findings.")
    sys.exit(bool(probe.found))


if __name__ == "__main__":
    main()
