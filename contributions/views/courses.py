"""The steps of a contribution's course as a page offers them: each with its sentence, fields and confirmation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from contributions import selectors, services
from contributions.core.roles import Viewer
from contributions.forms.resources import AnswerForm, FulfilmentForm, ReasonForm, WithdrawalForm
from contributions.templatetags.contributed import text_of
from contributions.templatetags.moyai import called, grouped, quantity_text, text

FORMS: dict[str, type[Form]] = {
    "refuse": ReasonForm,
    "dispute": ReasonForm,
    "reverse": ReasonForm,
    "answer": AnswerForm,
    "withdraw": WithdrawalForm,
    "fulfil": FulfilmentForm,
}
TAKERS: dict[str, Callable] = {
    "submit": services.resources.submit,
    "take_up": services.resources.take_up,
    "accept": services.resources.accept,
    "refuse": services.resources.refuse,
    "dispute": services.resources.dispute,
    "answer": services.resources.answer,
    "reverse": services.resources.reverse,
    "withdraw": services.resources.withdraw,
    "fulfil": services.pledges.fulfil,
}


@dataclass(slots=True)
class Act:
    """One step that the reader may take now."""

    verb: str
    label: str
    sentence: str
    url: str
    form: Form | None
    error: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it takes something away, and so is not what a page leads to."""
        return self.verb in {"dispute", "refuse", "reverse", "withdraw"}


def acts(viewer: Viewer, resource, *, tried: Act | None = None) -> list[Act]:
    """Every step open to the reader; the one that was tried and refused keeps what was typed and why."""
    found = [act(viewer, resource, verb, None) for verb in selectors.resources.steps_open_to(viewer, resource)]
    offered = [one for one in found if one is not None]
    return [tried if tried is not None and tried.verb == one.verb else one for one in offered]


def act(viewer: Viewer, resource, verb: str, typed: Mapping | None) -> Act | None:
    """That step, if this workplace can ever take it; a step that is no longer open is refused by the service."""
    if verb not in TAKERS or verb not in selectors.resources.steps_of(viewer):
        return None
    form = FORMS[verb](typed) if verb in FORMS else None
    url = reverse("contributions:resource_step", args=[resource.number, verb])
    return Act(verb, _labels()[verb], _sentence(verb, resource), url, form)


def take(act: Act, resource, *, by: Viewer, at: datetime) -> None:
    """Take the step with what was typed."""
    typed = act.form.cleaned_data if act.form is not None else {}
    TAKERS[act.verb](resource, **typed, by=by, at=at)


def amount_of(resource) -> str:
    """How much it is, as the pages print it."""
    if resource.unit == "JPY":
        return _("%(amount)s yen") % {"amount": grouped(resource.quantity)}
    return quantity_text(resource.quantity, resource.unit)


def _labels() -> dict[str, str]:
    return {
        "submit": _("Submit"),
        "take_up": _("Take up"),
        "accept": _("Accept"),
        "refuse": _("Refuse"),
        "dispute": _("Dispute"),
        "answer": _("Answer"),
        "reverse": _("Reverse"),
        "withdraw": _("Withdraw"),
        "fulfil": _("Record as fulfilled"),
    }


def _sentence(verb: str, resource) -> str:
    member, kind = called(resource.member.organization), text(text_of("resource", resource.kind))
    named = {"member": member, "kind": kind, "amount": amount_of(resource)}
    sentences = {
        "submit": _("This submits what was pledged, %(kind)s, %(amount)s. It then waits to be accepted."),
        "take_up": _("This shows %(member)s that the contribution (%(kind)s, %(amount)s) is being checked."),
        "accept": _("This accepts from %(member)s: %(kind)s, %(amount)s. From now on it counts."),
        "refuse": _("This refuses %(kind)s, %(amount)s from %(member)s, who reads the reason and may dispute it."),
        "dispute": _("Until it is answered, the contribution (%(kind)s, %(amount)s) counts nothing."),
        "answer": _("This answers the dispute of %(member)s about %(kind)s, %(amount)s."),
        "reverse": _("This takes %(kind)s, %(amount)s of %(member)s off the books, as if it had never been put in."),
        "fulfil": _("This records that what was pledged, %(kind)s, %(amount)s, has been given as what you name below."),
        "withdraw": _("This withdraws %(kind)s, %(amount)s. It cannot be undone; it can be submitted anew."),
    }
    return sentences[verb] % named
