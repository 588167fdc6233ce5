"""Addresses of exports and imports."""

from django.urls import path

from . import views

app_name = "portability"

urlpatterns = [
    path("reviews/<slug:slug>/export/", views.export, name="export"),
    path("reviews/<slug:slug>/export/make/", views.export_make, name="export_make"),
    path("reviews/<slug:slug>/export/<int:transfer_pk>/file.zip", views.export_file, name="export_file"),
    path("reviews/<slug:slug>/export/<int:transfer_pk>/act/", views.export_act, name="export_act"),
    path("account/import/", views.bring_in, name="import"),
    path("account/import/<int:transfer_pk>/act/", views.import_act, name="import_act"),
]
