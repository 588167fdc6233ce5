"""Files to try an import with: the searches of the worked example, as their databases would export them.

Open to everybody: the example is no secret, and these hold no decision.
"""

from django.http import FileResponse, Http404, HttpRequest

from .sources import FOLDER

SAMPLES = {
    "pubmed": "pubmed.nbib",
    "embase": "embase.ris",
    "central": "central.ris",
}
TEXT = "text/plain; charset=utf-8"


def sample(request: HttpRequest, name: str) -> FileResponse:
    if name not in SAMPLES:
        raise Http404
    file = (FOLDER / SAMPLES[name]).open("rb")
    return FileResponse(file, as_attachment=True, filename=SAMPLES[name], content_type=TEXT)
