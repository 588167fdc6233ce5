"""Addresses of what the example gives away."""

from django.urls import path

from . import views

app_name = "example"
urlpatterns = [path("samples/<slug:name>/", views.sample, name="sample")]
