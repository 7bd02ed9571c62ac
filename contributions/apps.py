from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContributionsConfig(AppConfig):
    name = "contributions"
    verbose_name = "Contributions"

    def ready(self) -> None:
        from contributions import checks  # noqa: F401 registers the system checks
        from contributions.models import guards, rights
        from contributions.selectors import invariants, meter_totals

        if meter_totals.unequal not in invariants.DEEP:
            invariants.DEEP.append(meter_totals.unequal)

        # A migration on SQLite remakes tables and drops their triggers without a word.
        post_migrate.connect(guards.rearm, dispatch_uid="contributions.guards")
        post_migrate.connect(rights.grant, dispatch_uid="contributions.rights")
