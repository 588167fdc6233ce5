"""Every address of the site. Apps own theirs; this file only includes."""

from django.urls import include, path

from reviewsite.web.language import script_texts

handler403 = "reviewsite.reviews.views.not_allowed"
handler500 = "reviewsite.web.trouble.server_error"

urlpatterns = [
    path("", include("reviewsite.reviews.urls")),
    path("texts/<slug:language>/<slug:version>.js", script_texts, name="script_texts"),
    path("accounts/", include("allauth.urls")),
    path("", include("reviewsite.api.urls")),
    path("", include("reviewsite.portability.urls")),
    path("help/", include("reviewsite.guide.urls")),
    path("", include("reviewsite.example.urls")),
    path("", include("reviewsite.operations.urls")),
    path("reviews/<slug:slug>/", include("reviewsite.dashboard.urls")),
    path("reviews/<slug:slug>/", include("reviewsite.tour.urls")),
    path("reviews/<slug:slug>/", include("reviewsite.trail.urls")),
    path("reviews/<slug:slug>/", include("screening.urls")),
    path("reviews/<slug:slug>/", include("extraction.urls")),
    path("reviews/<slug:slug>/", include("analysis.urls")),
    path("reviews/<slug:slug>/", include("reviewsite.reporting.urls")),
]
