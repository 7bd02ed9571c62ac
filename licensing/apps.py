from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "licensing"
    verbose_name = "Licensing"

    def ready(self) -> None:
        from contributions.core.kinds import OF_DATA
        from contributions.core.roles import DESK, FINANCE, LEGAL
        from contributions.selectors import companions, datasets, exclusions, invariants, journal, residency
        from contributions.selectors import kinds as journal_kinds
        from contributions.services import facilities
        from licensing.core import kinds
        from licensing.selectors import ballots, entries, impacts, releases
        from licensing.services import allocations
        from licensing.services import releases as release_services
        from licensing.views import search

        journal_kinds.admit(kinds.KINDS)
        search.join()
        journal.BARRED[DESK] = kinds.OF_LICENSEES | kinds.OF_SECRET_VOTES | kinds.OF_INVENTIONS
        journal.BARRED[LEGAL] = kinds.OF_VALUATIONS | kinds.OF_SECRET_VOTES
        journal.INDIVISIBLE |= kinds.INDIVISIBLE
        if entries.closed_to not in journal.CLOSED:
            journal.CLOSED.append(entries.closed_to)
        closed_to_both = kinds.OF_SECRET_VOTES | kinds.OF_VALUATIONS | kinds.OF_INVENTIONS
        journal.BARRED[FINANCE] = closed_to_both | set(OF_DATA)
        if releases.uses_of not in datasets.USES:
            datasets.USES.append(releases.uses_of)
            datasets.CONSEQUENCES.append(impacts.consequences)
            exclusions.USES.append(releases.uses_on_record)
            residency.RUNS.append(releases.touched)
            facilities.MOVED.append(release_services.moved)
        companions.ERASING.add("outside.erased")
        if entries.subjects_of not in journal.SUBJECTS:
            journal.SUBJECTS.append(entries.subjects_of)
        if allocations.unrepeatable not in invariants.DEEP:
            invariants.DEEP.append(allocations.unrepeatable)
        if ballots.unfaithful not in invariants.DEEP:
            invariants.DEEP.append(ballots.unfaithful)
