from django.apps import AppConfig


class PortabilityConfig(AppConfig):
    name = "reviewsite.portability"
    label = "portability"
