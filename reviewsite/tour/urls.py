from django.urls import path

from . import views

app_name = "tour"

urlpatterns = [
    path("tour/", views.resume, name="resume"),
    path("tour/<int:number>/", views.step, name="step"),
]
