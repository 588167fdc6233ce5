import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewsite.settings")
application = get_wsgi_application()
# Every page's code is read now: otherwise whoever comes first after a start waits seconds for it, and so do
# all who come at the same time.
len(get_resolver().url_patterns)
