"""How often a token may call: so many times in a minute of the clock, then 429 until the next one begins.

Counted in the site's cache, as tries of passwords are: on PostgreSQL over all web processes together, on
SQLite in each of them. A count a minute, and not a list of times, so that a call costs one small entry.
"""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

MINUTE = 60


class CallsOfAToken(BaseThrottle):
    """Holds nothing itself: one of these is shared by all threads."""

    def allow_request(self, request: HttpRequest) -> bool:
        if not settings.API_CALLS_A_MINUTE:
            return True
        token = request.auth.pk  # type: ignore[attr-defined]
        key = f"api-calls-{token}-{int(time.time() // MINUTE)}"
        cache.add(key, 0, timeout=2 * MINUTE)
        try:
            return cache.incr(key) <= settings.API_CALLS_A_MINUTE
        except ValueError:  # thrown out of a full cache between the two lines
            return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return MINUTE - time.time() % MINUTE
