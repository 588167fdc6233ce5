from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "reviewsite.operations"
    label = "operations"
