"""Addresses of the reporting app, below /reviews/<slug>/."""

from django.urls import path, re_path

from .views import checklists, kits, living

app_name = "reporting"
LISTS = "prisma-2020|prisma-2020-abstract|prisma-s"

urlpatterns = [
    path("report/", kits.kits, name="kits"),
    path("report/make/", kits.make, name="kit_make"),
    re_path(r"^report/kits/(?P<kit_pk>\d+)\.(?P<format>docx|zip)$", kits.kit_file, name="kit_file"),
    re_path(r"^report/data/(?P<name>revman|long)\.csv$", kits.data_file, name="data_file"),
    re_path(rf"^report/checklists/(?P<name>{LISTS})/$", checklists.checklist, name="checklist"),
    re_path(rf"^report/checklists/(?P<name>{LISTS})/note/$", checklists.note, name="checklist_note"),
    re_path(
        rf"^report/checklists/(?P<name>{LISTS})\.(?P<format>docx|csv)$",
        checklists.checklist_file,
        name="checklist_file",
    ),
    path("versions/", living.versions, name="versions"),
    path("versions/freeze/", living.version_freeze, name="version_freeze"),
    path("versions/<int:number>/", living.version, name="version"),
    path("versions/<int:number>.json", living.version_file, name="version_file"),
    path("versions/<int:number>/update/", living.update_round, name="update_round"),
]
