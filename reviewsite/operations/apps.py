from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "reviewsite.operations"
    label = "operations"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the checks
