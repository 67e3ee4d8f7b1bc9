from django.apps import AppConfig


class TransferHubConfig(AppConfig):
    name = "transferhub"
    verbose_name = "TransferHub"
