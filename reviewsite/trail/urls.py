"""Addresses of the audit log."""

from django.urls import path

from . import views

app_name = "trail"

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/log.csv", views.audit_csv, name="audit_csv"),
]
