"""Requests from outside: received without an account, taken up or declined by legal, and erased in time.

Nothing of a request is journaled until legal takes it up: then the company is registered, its first administrator is
invited, and the application is entered, in one transaction.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from contributions.adapters.randomness import random_bytes
from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.periods import jst_date
from contributions.core.roles import LICENSEE, OWNER, Viewer, check_may
from contributions.models import Organization, User
from contributions.selectors import members
from contributions.services import organizations, people
from licensing.core import licensees as applicants
from licensing.core import screening as rules
from licensing.models import Inquiry, Licensee
from licensing.selectors import inquiries
from licensing.services import licensees
from licensing.services.screenings import Conflicted


class TooManyOpen(Refused):
    code = "too-many-inquiries"
    ja = "ただいま受付が混み合っています。しばらくしてから、もう一度お送りください。"
    en = "Too many requests are waiting at the moment. Please send yours again later."


class Decided(Refused):
    code = "inquiry-decided"
    ja = "申込み {number} は既に処理されています。"
    en = "Request {number} has been dealt with already."


def receive(typed: Mapping[str, object], *, language: str, at: datetime) -> tuple[Inquiry, str]:
    """Keep a request, and give the secret of its sender's own link; so many may wait and no more."""
    if Inquiry.objects.filter(state=Inquiry.State.NEW).count() >= settings.INQUIRIES_OPEN_MAX:
        raise TooManyOpen
    key = base64.urlsafe_b64encode(random_bytes(24)).decode()
    number = f"Q-{base64.b32encode(random_bytes(5)).decode()}"  # numbered at random: a count would tell how many ask
    row = Inquiry.objects.create(
        number=number, key_sha256=canonical.sha256_hex(key.encode()), language=language, received_at=at, **typed
    )
    return row, key


@transaction.atomic
def take_up(
    inquiry: Inquiry,
    *,
    code: str,
    username: str,
    licensee_class: str,
    organization: Organization | None = None,
    name_en: str = "",
    address_en: str = "",
    by: Viewer,
    at: datetime,
) -> tuple[Licensee, User]:
    """Register the company unless it is on record, invite its first administrator, and enter the application.

    Its name and address in English are those of the request unless they are given; both are needed for a new company.
    """
    check_may(by, "inquiry.take_up")
    inquiry = _open(inquiry, by)
    who = {"by": by, "at": at}
    english = {
        "name_en": (name_en or inquiry.company_en).strip(),
        "address_en": (address_en or str(inquiry.stated.get("address_en") or "")).strip(),
    }
    if organization is None:
        applicants.check_english(**english)
    company = organization or organizations.register(
        code=code,
        name_ja=inquiry.company_ja,
        name_en=english["name_en"],
        country=str(inquiry.stated.get("seat") or "JP"),
        corporate_number=inquiry.corporate_number,
        address_ja=inquiry.address,
        address_en=english["address_en"],
        **who,
    )
    user = people.invite(
        username=username,
        email=inquiry.email,
        name_ja=inquiry.contact,
        name_en=inquiry.contact,
        home=company,
        language=inquiry.language,
        **who,
    )
    people.grant(user, organization=company, workplace=LICENSEE, role=OWNER, **who)
    licensee = licensees.apply(
        company,
        licensee_class=licensee_class,
        field_of_use=inquiry.field_of_use,
        purpose=inquiry.purpose,
        stated=inquiry.stated,
        applied_on=jst_date(at),
        **who,
    )
    inquiry.state, inquiry.decided_at, inquiry.licensee = Inquiry.State.TAKEN_UP, at, licensee
    inquiry.save(update_fields=["state", "decided_at", "licensee"])
    return licensee, user


@transaction.atomic
def decline(inquiry: Inquiry, *, reason: str, text: str, by: Viewer, at: datetime) -> Inquiry:
    """Decline a request, with a reason in words that name no member; its sender reads it under its own link."""
    check_may(by, "inquiry.take_up")
    inquiry = _open(inquiry, by)
    text = rules.check_words(reason, text, members.names())
    inquiry.state, inquiry.decided_at = Inquiry.State.DECLINED, at
    inquiry.reason_ja = f"{rules.REASONS[reason].ja}{text}"
    inquiry.reason_en = f"{rules.REASONS[reason].en} {text}".strip()
    inquiry.save(update_fields=["state", "decided_at", "reason_ja", "reason_en"])
    return inquiry


def forget(*, at: datetime) -> int:
    """Erase what was dealt with, and what nobody dealt with, after the days of the setting."""
    until = at - timedelta(days=settings.INQUIRY_DAYS)
    return Inquiry.objects.filter(received_at__lt=until).delete()[0]


def _open(inquiry: Inquiry, by: Viewer) -> Inquiry:
    row = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    if not inquiries.visible_to(by).filter(pk=row.pk).exists():
        raise Conflicted
    if row.state != Inquiry.State.NEW:
        raise Decided(number=row.number)
    return row
