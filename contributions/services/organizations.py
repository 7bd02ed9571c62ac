"""Registering legal entities, amending their particulars, and how they belong together."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from contributions.core import codes
from contributions.core import organizations as rules
from contributions.core.money import fraction, fraction_text
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.models import Affiliation, Organization, Particulars
from contributions.selectors import organizations
from contributions.services import journal

PARTICULARS = (
    "name_ja", "name_en", "short_ja", "short_en", "country",
    "corporate_number", "invoice_number", "address_ja", "address_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Registered:
    """What the register says of an entity, checked."""

    values: dict[str, str]

    @classmethod
    def of(cls, values: dict[str, str]) -> "_Registered":
        corporate = rules.corporate_number(values["corporate_number"])
        invoice = rules.invoice_number(values["invoice_number"], corporate)
        return cls(values | {"corporate_number": corporate, "invoice_number": invoice})


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
    valid_from: date | None = None,
) -> Organization:
    """Enter a legal entity. A Japanese corporate number must satisfy its check digit."""
    check_may(by, "organization.register")
    values = {
        "name_ja": name_ja,
        "name_en": name_en,
        "short_ja": short_ja or name_ja,
        "short_en": short_en or name_en,
        "country": country,
        "corporate_number": corporate_number,
        "invoice_number": invoice_number,
        "address_ja": address_ja,
        "address_en": address_en,
    }
    registered = _Registered.of(values).values
    _check_new(code, registered["corporate_number"])
    valid_from = valid_from or jst_date(at)
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
            "corporate_number": registered["corporate_number"],
            "from": valid_from.isoformat(),
        },
        by=by,
        at=at,
    )
    organization = Organization.objects.create(seq=entry.seq, code=code, kind=kind, invented=invented, **registered)
    Particulars.objects.create(seq=entry.seq, organization=organization, valid_from=valid_from, **registered)
    return organization


@transaction.atomic
def amend(organization: Organization, *, valid_from: date, by: Viewer, at: datetime, **changes: str) -> Organization:
    """Record that particulars changed on a day (rename, move, new number); what stood before stays readable."""
    check_may(by, "organization.amend")
    assert set(changes) <= set(PARTICULARS)
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    before = organizations.as_of(organization, valid_from) or organization
    stood = {name: getattr(before, name) for name in PARTICULARS}
    values = _Registered.of(stood | changes).values
    if values == stood:
        raise rules.NothingAmended
    if values["corporate_number"] != stood["corporate_number"]:
        _check_new("", values["corporate_number"])
    entry = journal.append(
        "organization.amended",
        subject=f"organization:{organization.code}",
        facts={
            "organization": organization.code,
            "from": valid_from.isoformat(),
            **{name: values[name] for name in PARTICULARS if values[name] != stood[name]},
        },
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    is_newest = not organization.particulars.filter(valid_from__gt=valid_from).exists()
    Particulars.objects.create(seq=entry.seq, organization=organization, valid_from=valid_from, **values)
    if is_newest:
        organization.seq = entry.seq
        for name, value in values.items():
            setattr(organization, name, value)
        organization.save()
    return organization


@transaction.atomic
def affiliate(
    *, parent: Organization, child: Organization, control: str, valid_from: date, by: Viewer, at: datetime
) -> Affiliation:
    """Record what share of control a parent holds of a child from a day on; 0 says that it holds none any more."""
    check_may(by, "organization.affiliate")
    journal.lock()  # a circle may close over others, stated at the same time
    share = fraction(control)
    links = organizations.links_on_record()
    rules.check_link(links, rules.Link(parent.code, child.code, share, valid_from))
    held = rules.in_force(links, valid_from)
    if not share and not any((one.parent, one.child) == (parent.code, child.code) for one in held):
        raise rules.NoLink(parent=parent.code, child=child.code)
    entry = journal.append(
        "organization.affiliated",
        subject=f"organization:{child.code}",
        facts={
            "parent": parent.code,
            "child": child.code,
            "control": fraction_text(share),
            "from": valid_from.isoformat(),
        },
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return Affiliation.objects.create(
        seq=entry.seq, parent=parent, child=child, control=fraction_text(share), valid_from=valid_from
    )


def _check_new(code: str, corporate_number: str) -> None:
    codes.check_free(code)
    if code and Organization.objects.filter(code=code).exists():
        raise rules.Duplicate(what=Text("コード", "The code"), value=code, code=code)
    held = Organization.objects.filter(corporate_number=corporate_number).first() if corporate_number else None
    if held is not None:
        raise rules.Duplicate(what=Text("法人番号", "The corporate number"), value=corporate_number, code=held.code)
