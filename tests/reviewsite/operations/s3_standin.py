"""The part of S3 that the file store uses, on the loopback and in memory: put, get, head, delete, list."""

import hashlib
import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


class StandIn(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kept: dict[str, bytes] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    @property
    def key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2]

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self) -> None:  # noqa: N802 - the library's names
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            content = joined(content)
        self.server.kept[self.key] = content
        self.answer(200, ETag=tag(content))

    def do_GET(self) -> None:  # noqa: N802
        asked = parse_qs(urlsplit(self.path).query)
        if not self.key:
            return self.answer(
                200, listing(self.server.kept, asked.get("prefix", [""])[0]), Content_Type="application/xml"
            )
        content = self.server.kept.get(self.key)
        if content is None:
            return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        told = {"ETag": tag(content), "Last_Modified": formatdate(usegmt=True)}
        first, _, last = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
        if not first:
            return self.answer(200, content, **told)
        part = content[int(first) : int(last) + 1 if last else None]
        told["Content_Range"] = f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}"
        return self.answer(206, part, **told)

    do_HEAD = do_GET  # noqa: N815

    def do_DELETE(self) -> None:  # noqa: N802
        self.server.kept.pop(self.key, None)
        self.answer(204)

    def log_message(self, *args: object) -> None:
        pass


def joined(content: bytes) -> bytes:
    """The chunks of an upload whose checksum comes last."""
    whole = b""
    while content:
        size, _, rest = content.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if not length:
            break
        whole, content = whole + rest[:length], rest[length + 2 :]
    return whole


def tag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def listing(kept: dict[str, bytes], prefix: str) -> bytes:
    below = {key.removeprefix(prefix) for key in kept if key.startswith(prefix)}
    files = "".join(
        f"<Contents><Key>{escape(prefix + name)}</Key><Size>{len(kept[prefix + name])}</Size></Contents>"
        for name in sorted(below)
        if "/" not in name
    )
    folders = "".join(
        f"<CommonPrefixes><Prefix>{escape(prefix + name)}/</Prefix></CommonPrefixes>"
        for name in sorted({name.split("/")[0] for name in below if "/" in name})
    )
    told = f"<IsTruncated>false</IsTruncated>{files}{folders}"
    return f'<ListBucketResult xmlns="{NAMESPACE}">{told}</ListBucketResult>'.encode()
