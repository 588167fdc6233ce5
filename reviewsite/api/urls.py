"""Addresses of the API, of its documentation, and of one's own tokens."""

from django.urls import include, path

from . import views
from .site import api

account = (
    [
        path("", views.tokens, name="tokens"),
        path("make/", views.token_make, name="token_make"),
        path("<int:token_pk>/revoke/", views.token_revoke, name="token_revoke"),
    ],
    "api",
)

urlpatterns = [
    path("api/v1/", api.urls),
    path("api/", views.documentation, name="api_documentation"),
    path("account/tokens/", include(account)),
]
