"""How much may be sent at once. Checked by the length that is announced, before any of it is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

# A form without files is far smaller; a visitor has none to send.
FOR_VISITORS = 1024 * 1024


class BodyLimitMiddleware:
    """Answers 413 to a body that is too long: Django would write all of it to the disk first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = int(request.headers.get("Content-Length") or 0)
        # The session is only looked at for what is long.
        if length > FOR_VISITORS and length > (
            settings.REQUEST_MAX_BYTES if request.user.is_authenticated else FOR_VISITORS
        ):
            return HttpResponse(
                gettext("This is more than may be sent at once."), status=413, content_type="text/plain"
            )
        return self.get_response(request)
