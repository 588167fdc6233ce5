"""Answers that are files."""

from django.http import HttpRequest, HttpResponse

CONTENT_TYPES = {"svg": "image/svg+xml", "pdf": "application/pdf", "png": "image/png"}
# A figure is a document of its own: it may style itself and do nothing else.
FIGURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def figure_response(request: HttpRequest, drawn: bytes, name: str, file_format: str) -> HttpResponse:
    """A figure shown in the page; with `?download` as a file of that name."""
    response = HttpResponse(drawn, content_type=CONTENT_TYPES[file_format])
    response["Content-Security-Policy"] = FIGURE_POLICY
    disposition = "attachment" if "download" in request.GET else "inline"
    response["Content-Disposition"] = f'{disposition}; filename="{name}.{file_format}"'
    return response
