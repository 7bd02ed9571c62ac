"""Registering legal entities and how they belong together."""

from datetime import date, datetime

from django.db import transaction

from contributions.core import organizations as rules
from contributions.core.roles import Viewer, check_may
from contributions.models import Affiliation, Organization
from contributions.services import journal


@transaction.atomic
def register(
    *,
    code: str,
    name_ja: str,
    name_en: str,
    by: Viewer,
    at: datetime,
    short_ja: str = "",
    short_en: str = "",
    kind: str = Organization.Kind.COMPANY,
    country: str = "JP",
    corporate_number: str = "",
    invoice_number: str = "",
    address_ja: str = "",
    address_en: str = "",
    invented: bool = False,
) -> Organization:
    """Enter a legal entity. A Japanese corporate number must satisfy its check digit."""
    check_may(by, "organization.register")
    corporate_number = rules.corporate_number(corporate_number)
    invoice_number = rules.invoice_number(invoice_number, corporate_number)
    entry = journal.append(
        "organization.registered",
        subject=f"organization:{code}",
        facts={
            "organization": code,
            "name_ja": name_ja,
            "name_en": name_en,
            "country": country,
            "kind": str(kind),
            "invented": invented,
            "corporate_number": corporate_number,
        },
        by=by,
        at=at,
    )
    return Organization.objects.create(
        seq=entry.seq,
        code=code,
        name_ja=name_ja,
        name_en=name_en,
        short_ja=short_ja or name_ja,
        short_en=short_en or name_en,
        kind=kind,
        country=country,
        corporate_number=corporate_number,
        invoice_number=invoice_number,
        address_ja=address_ja,
        address_en=address_en,
        invented=invented,
    )


@transaction.atomic
def affiliate(*, parent: Organization, child: Organization, control: str, valid_from: date, by: Viewer, at: datetime):
    """Record that a parent controls a share of a child from a day on."""
    check_may(by, "organization.register")
    entry = journal.append(
        "organization.affiliated",
        subject=f"organization:{child.code}",
        facts={"parent": parent.code, "child": child.code, "control": control, "from": valid_from.isoformat()},
        by=by,
        at=at,
    )
    return Affiliation.objects.create(seq=entry.seq, parent=parent, child=child, control=control, valid_from=valid_from)
