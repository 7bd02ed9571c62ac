"""Who tells the demo: its people, its days, its own files, and the fixed ids that make each telling the same."""

from __future__ import annotations

import json
from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from contributions import services as contributed
from contributions.core.periods import JST
from contributions.core.roles import Viewer
from contributions.models import Checkpoint, Member
from licensing.models import Agreement

FOLDER = settings.BASE_DIR / "demo"
NAMESPACE = uuid5(NAMESPACE_URL, "urn:moyai:demo")
PASSWORD = "moyai-demo"
FIRST_YEAR = (date(2026, 4, 1), date(2027, 4, 1))
HALF_YEAR = (date(2026, 4, 1), date(2026, 10, 1))


def read(name: str):
    """One of the demo's own JSON files."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def moment(text: str) -> datetime:
    """An instant of the story, in Japan's time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=JST)


def act(username: str, when: str, step: str) -> dict:
    """The keyword arguments `by` and `at` of a verb done by one of the demo's people."""
    person = next(row for row in read("consortium.json")["people"] if row["username"] == username)
    viewer = Viewer(
        identity(username), person["name_ja"], person["home"], person["organization"], person["workplace"],
        request=uuid5(NAMESPACE, f"{username}/{when}/{step}"),
    )  # fmt: skip
    return {"by": viewer, "at": moment(when)}


def act_of(code: str, when: str, step: str, workplace: str = "member") -> dict:
    """The same for a member or licensee that has no login in the demo."""
    request = uuid5(NAMESPACE, f"{code}/{when}/{step}")
    return {"by": Viewer(None, code, code, code, workplace, request=request), "at": moment(when)}


def identity(username: str) -> UUID:
    """The fixed id of one of the demo's people."""
    return uuid5(NAMESPACE, f"person/{username}")


def seal(when: str) -> Checkpoint:
    """A checkpoint of the story."""
    return contributed.log.seal(by=Viewer.system("demo"), at=moment(when))


def member_of(code: str) -> Member:
    return Member.objects.select_related("organization").get(organization__code=code)


def fresh(row: Agreement) -> Agreement:
    return Agreement.objects.select_related("licensee__organization", "schedule", "release", "template").get(pk=row.pk)
