from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "reviewsite.api"
    label = "api"
