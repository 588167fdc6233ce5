"""Addresses of one's own reviews and of a review's team."""

from django.urls import path

from . import views

app_name = "reviews"

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.language, name="language"),
    path("reviews/new/", views.new, name="new"),
    path("reviews/<slug:slug>/members/", views.members, name="members"),
    path("reviews/<slug:slug>/members/add/", views.member_add, name="member_add"),
    path("reviews/<slug:slug>/members/<int:membership_pk>/", views.member_change, name="member_change"),
    path("reviews/<slug:slug>/members/invite/", views.invite_person, name="invite"),
    path(
        "reviews/<slug:slug>/members/invitations/<int:invitation_pk>/",
        views.invitation_take_back,
        name="invitation_take_back",
    ),
    path("reviews/<slug:slug>/members/two-factors/", views.two_factors, name="two_factors"),
    path("invitations/<str:secret>/", views.invitation, name="invitation"),
    path("reviews/<slug:slug>/jobs/<int:job_pk>/cancel/", views.job_cancel, name="job_cancel"),
]
