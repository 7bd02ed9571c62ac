from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "licensing"
    verbose_name = "Licensing"

    def ready(self) -> None:
        from contributions.selectors import kinds as journal_kinds
        from licensing.core import kinds

        journal_kinds.admit(kinds.KINDS)
