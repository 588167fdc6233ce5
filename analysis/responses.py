"""Answers that are files."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

CONTENT_TYPES = {
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "eps": "application/postscript",
    "tiff": "image/tiff",
    "zip": "application/zip",
}
# A figure is a document of its own: it may style itself and do nothing else.
FIGURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# What browsers cannot show is always handed out as a file.
SHOWN = frozenset({"svg", "pdf", "png"})


def figure_response(request: HttpRequest, drawn: bytes, name: str, file_format: str) -> HttpResponse:
    """A figure shown in the page; with `?download` as a file of that name."""
    response = HttpResponse(drawn, content_type=CONTENT_TYPES[file_format])
    response["Content-Security-Policy"] = FIGURE_POLICY
    is_file = "download" in request.GET or file_format not in SHOWN
    response["Content-Disposition"] = (
        f'{"attachment" if is_file else "inline"}; filename="{name}.{file_format}"'
    )
    return response


def zip_response(packed: bytes | Iterator[bytes], name: str) -> HttpResponseBase:
    """A zip as a file; one that comes in pieces is sent as it is made."""
    kind = HttpResponse if isinstance(packed, bytes) else StreamingHttpResponse
    response = kind(packed, content_type=CONTENT_TYPES["zip"])
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response
