"""Every address of the site. Apps own theirs; this file only includes."""

from django.urls import include, path

urlpatterns = [
    path("", include("reviewsite.reviews.urls")),
    path("accounts/", include("allauth.urls")),
    path("help/", include("reviewsite.guide.urls")),
    path("reviews/<slug:slug>/", include("reviewsite.dashboard.urls")),
    path("reviews/<slug:slug>/", include("screening.urls")),
    path("reviews/<slug:slug>/", include("extraction.urls")),
    path("reviews/<slug:slug>/", include("analysis.urls")),
]
