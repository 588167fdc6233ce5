from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviewsite.reviews"
    label = "reviews"
