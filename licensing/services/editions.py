"""Editions of an agreement put together: from the very wording that each fixed, proved equal in language and money."""

from __future__ import annotations

from datetime import date

from licensing.core import agreements as contracts
from licensing.core import assembly
from licensing.core import editions as rules
from licensing.core.editions import Edition
from licensing.models import Agreement, Schedule
from licensing.selectors import amendments as wording
from licensing.selectors import lives as standing
from licensing.services.agreements import Assembled, ScheduleNotAdopted


def text_of(agreement: Agreement, edition: Edition, schedule: Schedule | None = None) -> Assembled:
    """An edition put together from the very wording that it fixed, and proved equal in both languages and in money."""
    schedule = schedule or standing.schedule_of(agreement, edition)
    return assembled(agreement, edition, wording.wording(agreement, edition), schedule)


def consolidated(agreement: Agreement, day: date, *, on: date) -> tuple[Edition, Assembled]:
    """The text in force on a day, as known today: every amendment that had taken effect by then worked in."""
    edition = rules.as_of(standing.editions_of(agreement, max(on, day)), day)
    return edition, text_of(agreement, edition)


def assembled(agreement: Agreement, edition: Edition, library, schedule: Schedule) -> Assembled:
    """The text of an edition from a choice of wordings; refused naming the figure in which anything differs."""
    template, library = wording.overlaid(agreement, library)
    tree = assembly.assemble(template, library, edition.variables)
    proofs = contracts.prove_equal(tree, template, edition.variables, _rated(agreement, edition, schedule))
    embedded = contracts.embedded(
        agreement.number, edition.version, template, library, tree, edition.variables, edition.schedule
    )
    return Assembled(tree, embedded, proofs)


def _rated(agreement: Agreement, edition: Edition, schedule: Schedule) -> dict:
    """The terms that fees are rated by: a price that was negotiated, while it stands, else the price list's."""
    negotiated = agreement.agreed_terms
    stands = edition.schedule == str(agreement.schedule) and edition.variables.get("terms") == negotiated
    return negotiated if negotiated and stands else schedule.terms


def priced(schedule: Schedule) -> dict:
    """The variables that an adopted price list sets."""
    if schedule.state != Schedule.State.ADOPTED:
        raise ScheduleNotAdopted(schedule=str(schedule))
    return {
        "terms": schedule.terms,
        "minimum": schedule.terms.get("minimum", "0"),
        "schedule": {
            "ja": f"{schedule.name_ja}（第{schedule.version}版）",
            "en": f"{schedule.name_en} (version {schedule.version})",
        },
    }
