"""Addresses of watching: for load balancers, for Prometheus, and for a review's owner."""

from django.urls import path

from . import views

app_name = "operations"

urlpatterns = [
    path("health/", views.health, name="health"),
    path("metrics/", views.metrics, name="metrics"),
    path("reviews/<slug:slug>/status/", views.status, name="status"),
]
