from django.urls import path

from . import views

app_name = "help"

urlpatterns = [
    path("", views.index, name="index"),
    path("pictures/<slug:name>.png", views.picture, name="picture"),
    path("<slug:name>/", views.page, name="page"),
]
