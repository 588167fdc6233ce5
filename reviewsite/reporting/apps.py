from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reviewsite.reporting"
    label = "reporting"
