import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewsite.settings")
application = get_wsgi_application()

# Every page's code is read now: otherwise whoever comes first after a start waits seconds for it, and so do all
# who come at the same time.
from django.urls import get_resolver  # noqa: E402

get_resolver().url_patterns  # noqa: B018
