"""How figures, dates, names and states read on a page: exact, in the reader's language, the same everywhere.

Shares are `Fraction` and amounts are integers; nothing here passes through a float. A value that is not there reads as
an en dash, never as zero. Instants are shown in Japan's time.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy

from contributions.core import periods
from contributions.core.errors import Finding, Refused
from contributions.core.money import fraction as read_fraction
from contributions.core.periods import JST
from contributions.core.roles import WORKPLACES
from contributions.core.units import UNITS
from contributions.core.words import Text

register = template.Library()

NOTHING = "–"
PER_CENT = "\u00a0%"
MAN, OKU, CHO = 10**4, 10**8, 10**12

# What a state looks like: draft (dashed), wait, ok, stop, final (seal red, for what can never change again).
STATES: dict[str, tuple[str, object]] = {
    "draft": ("draft", pgettext_lazy("state", "Draft")),
    "drafted": ("draft", pgettext_lazy("state", "Draft")),
    "proposed": ("draft", pgettext_lazy("state", "Proposed")),
    "simulated": ("draft", pgettext_lazy("state", "What-if")),
    "new": ("draft", pgettext_lazy("state", "New")),
    "pledged": ("draft", pgettext_lazy("state", "Pledged")),
    "computed": ("wait", pgettext_lazy("state", "Computed")),
    "run": ("wait", pgettext_lazy("state", "Computed")),
    "open": ("wait", pgettext_lazy("state", "Open")),
    "opened": ("wait", pgettext_lazy("state", "Open")),
    "pending": ("wait", pgettext_lazy("state", "Waiting")),
    "waiting": ("wait", pgettext_lazy("state", "Waiting")),
    "queued": ("wait", pgettext_lazy("state", "Waiting")),
    "requested": ("wait", pgettext_lazy("state", "Requested")),
    "running": ("wait", pgettext_lazy("state", "In progress")),
    "reading": ("wait", pgettext_lazy("state", "Being read")),
    "unmapped": ("wait", pgettext_lazy("state", "Columns to be named")),
    "previewed": ("wait", pgettext_lazy("state", "To be committed")),
    "committing": ("wait", pgettext_lazy("state", "In progress")),
    "committed": ("ok", pgettext_lazy("state", "Committed")),
    "claimed": ("wait", pgettext_lazy("state", "In progress")),
    "in_review": ("wait", pgettext_lazy("state", "Under review")),
    "applied": ("wait", pgettext_lazy("state", "Applied")),
    "screening": ("wait", pgettext_lazy("state", "Being screened")),
    "screened": ("wait", pgettext_lazy("state", "Screened")),
    "submitted": ("wait", pgettext_lazy("state", "Submitted")),
    "received": ("wait", pgettext_lazy("state", "Received")),
    "recorded": ("wait", pgettext_lazy("state", "Recorded")),
    "offered": ("wait", pgettext_lazy("state", "Offered")),
    "with_licensee": ("wait", pgettext_lazy("state", "With the licensee")),
    "with_licensor": ("wait", pgettext_lazy("state", "With the licensor")),
    "in_approval": ("wait", pgettext_lazy("state", "In approval")),
    "agreed": ("ok", pgettext_lazy("state", "Text agreed")),
    "broken_off": ("stop", pgettext_lazy("state", "Broken off")),
    "countered": ("", pgettext_lazy("state", "Countered")),
    "awaiting": ("wait", pgettext_lazy("state", "Awaiting approval")),
    "allowed": ("ok", pgettext_lazy("state", "No approval needed")),
    "lapsed": ("stop", pgettext_lazy("state", "Lapsed")),
    "sent_back": ("wait", pgettext_lazy("state", "Sent back")),
    "partly_paid": ("wait", pgettext_lazy("state", "Partly paid")),
    "notified": ("wait", pgettext_lazy("state", "Notified")),
    "filed": ("ok", pgettext_lazy("state", "Filed")),
    "kept": ("ok", pgettext_lazy("state", "Kept secret")),
    "carried": ("ok", pgettext_lazy("state", "Carried")),
    "attested": ("ok", pgettext_lazy("state", "Attested")),
    "metered": ("wait", pgettext_lazy("state", "Metered")),
    "unchecked": ("wait", pgettext_lazy("state", "Not checked yet")),
    "not_passed": ("stop", pgettext_lazy("state", "Not passed")),
    "passed": ("ok", pgettext_lazy("state", "Passed")),
    "usable": ("ok", pgettext_lazy("state", "Usable")),
    "counted": ("ok", pgettext_lazy("state", "Counted")),
    "concluded": ("ok", pgettext_lazy("state", "Concluded")),
    "accepted": ("ok", pgettext_lazy("state", "Accepted")),
    "approved": ("ok", pgettext_lazy("state", "Approved")),
    "confirmed": ("ok", pgettext_lazy("state", "Confirmed")),
    "active": ("ok", pgettext_lazy("state", "In force")),
    "in_force": ("ok", pgettext_lazy("state", "In force")),
    "published": ("ok", pgettext_lazy("state", "Published")),
    "prepared": ("ok", pgettext_lazy("state", "Prepared")),
    "registered": ("ok", pgettext_lazy("state", "Registered")),
    "witnessed": ("ok", pgettext_lazy("state", "Witnessed")),
    "unwitnessed": ("wait", pgettext_lazy("state", "Not yet witnessed")),
    "verified": ("ok", pgettext_lazy("state", "Verified")),
    "done": ("ok", pgettext_lazy("state", "Done")),
    "finished": ("ok", pgettext_lazy("state", "Done")),
    "taken_up": ("ok", pgettext_lazy("state", "Taken up")),
    "ready": ("ok", pgettext_lazy("state", "Ready")),
    "papers": ("wait", pgettext_lazy("state", "Documents needed")),
    "stop": ("stop", pgettext_lazy("state", "Blocked")),
    "adopted": ("final", pgettext_lazy("state", "Adopted")),
    "signed": ("final", pgettext_lazy("state", "Signed")),
    "executed": ("final", pgettext_lazy("state", "Executed")),
    "issued": ("final", pgettext_lazy("state", "Issued")),
    "paid": ("final", pgettext_lazy("state", "Paid")),
    "closed": ("final", pgettext_lazy("state", "Closed")),
    "sealed": ("final", pgettext_lazy("state", "Sealed")),
    "refused": ("stop", pgettext_lazy("state", "Refused")),
    "rejected": ("stop", pgettext_lazy("state", "Rejected")),
    "declined": ("stop", pgettext_lazy("state", "Declined")),
    "lost": ("stop", pgettext_lazy("state", "Lost")),
    "failed": ("stop", pgettext_lazy("state", "Failed")),
    "not_counted": ("stop", pgettext_lazy("state", "Not counted")),
    "disputed": ("stop", pgettext_lazy("state", "Disputed")),
    "not_begun": ("wait", pgettext_lazy("state", "Not yet in force")),
    "winding_down": ("wait", pgettext_lazy("state", "Winding down")),
    "future": ("", pgettext_lazy("state", "To come")),
    "due": ("wait", pgettext_lazy("state", "Due")),
    "late": ("stop", pgettext_lazy("state", "Late")),
    "waived": ("", pgettext_lazy("state", "Waived")),
    "delivered": ("wait", pgettext_lazy("state", "Delivered")),
    "deemed": ("ok", pgettext_lazy("state", "Deemed accepted")),
    "date": ("", pgettext_lazy("state", "Date")),
    "expired": ("stop", pgettext_lazy("state", "Expired")),
    "overdue": ("stop", pgettext_lazy("state", "Overdue")),
    "suspended": ("stop", pgettext_lazy("state", "Suspended")),
    "withdrawn": ("", pgettext_lazy("state", "Withdrawn")),
    "reversed": ("", pgettext_lazy("state", "Reversed")),
    "superseded": ("", pgettext_lazy("state", "Superseded")),
    "fulfilled": ("ok", pgettext_lazy("state", "Fulfilled")),
    "retired": ("", pgettext_lazy("state", "Retired")),
    "terminated": ("", pgettext_lazy("state", "Terminated")),
    "cancelled": ("", pgettext_lazy("state", "Cancelled")),
}

Number = int | str | Fraction


def exact(value: Number) -> Fraction:
    """An integer, a Fraction, or the "n/d" text of either; a float is a bug."""
    assert not isinstance(value, float), "figures are exact: no float reaches a page"
    return read_fraction(value) if isinstance(value, str) else Fraction(value)


def decimal_text(value: Fraction, places: int) -> str:
    """The value with that many decimals, ties to the even digit, thousands grouped."""
    assert places >= 0
    scaled = round(value * 10**places)
    whole, rest = divmod(abs(scaled), 10**places)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole:,}.{rest:0{places}d}" if places else f"{sign}{whole:,}"


def kanji_yen(amount: int) -> str:
    """123450000 reads 1億2,345万円, exact to the yen."""
    if amount < 0:
        return f"-{kanji_yen(-amount)}"
    parts, left = [], amount
    for size, mark in ((CHO, "兆"), (OKU, "億"), (MAN, "万")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count:,}{mark}")
    if left or not parts:
        parts.append(f"{left:,}")
    return "".join(parts) + "円"


def missing(value: object) -> bool:
    """Whether there is nothing to show. Zero is something."""
    return value is None or value == ""


@register.filter(name="text")
def text(value: object) -> str:
    """A Text, a refusal or a finding in the reader's language; anything else as it stands."""
    language = get_language()
    if isinstance(value, Text):
        return value.of(language)
    if isinstance(value, (Refused, Finding)):
        return value.text(language)
    return "" if value is None else str(value)


@register.filter
def of(value: Text, language: str) -> str:
    """Words in one of their two languages, whatever the reader's is: for texts that stand in both."""
    return value.of(language)


@register.simple_tag
def text_of(value: object) -> str:
    """`{% text_of refusal %}`: the same as the filter, as a tag."""
    return text(value)


@register.filter
def called(value: object) -> str:
    """The name of a thing in the reader's language: `name_ja`/`name_en`, of an object or of a dict, or a Text."""
    if missing(value):
        return NOTHING
    if isinstance(value, (Text, str)):
        return text(value)
    ja, en = (_read(value, name) for name in ("name_ja", "name_en"))
    if ja or en:
        return (Text(str(ja or en), str(en or ja))).of(get_language())
    name = _read(value, "name")
    return text(value if name is None else name)


@register.filter
def named(value: object, prefix: str) -> str:
    """The pair of columns `prefix_ja` and `prefix_en` of a row, in the reader's language."""
    return text(Text(str(getattr(value, f"{prefix}_ja")), str(getattr(value, f"{prefix}_en"))))


@register.filter
def called_otherwise(value: object) -> str:
    """The name in the other language, to stand small beside the first; empty where both are the same."""
    ja, en = (str(_read(value, name) or "") for name in ("name_ja", "name_en"))
    other = en if (get_language() or "").startswith("ja") else ja
    return "" if ja == en else other


def _read(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


@register.filter
def grouped(value: Number | None) -> str:
    """1234567 → 1,234,567. A fraction that is no integer is an error: choose `percent` or `fraction`."""
    if missing(value):
        return NOTHING
    number = exact(value)
    assert number.denominator == 1, "only integers are grouped"
    return f"{number.numerator:,}"


@register.filter
def yen(value: Number | None, style: str = "") -> str | SafeString:
    """123450000 → 123,450,000; `|yen:"unit"` → 123,450,000円. The page's toggle turns both into 1億2,345万円."""
    if missing(value):
        return NOTHING
    amount = int(grouped(value).replace(",", ""))
    shown = f"{amount:,}"
    if style == "unit":
        shown = Text(f"{shown}円", f"¥{shown}" if amount >= 0 else f"-¥{-amount:,}").of(get_language())
    return format_html('<data class="yen" value="{}" data-kanji="{}">{}</data>', amount, kanji_yen(amount), shown)


@register.filter
def percent(value: Number | None, places: int = 2) -> str:
    """Fraction(1, 3)|percent:4 → 33.3333 %, ties to the even digit."""
    return NOTHING if missing(value) else percent_bare(value, places) + PER_CENT


@register.filter
def percent_bare(value: Number | None, places: int = 2) -> str:
    """The same without the sign, for a column whose heading carries it."""
    return NOTHING if missing(value) else decimal_text(exact(value) * 100, int(places))


@register.filter
def decimal(value: Number | None, places: int = 2) -> str:
    """A fraction to that many decimals: points, factors, reference hours."""
    return NOTHING if missing(value) else decimal_text(exact(value), int(places))


@register.filter
def fraction(value: Number | None) -> str:
    """The exact value, digits grouped: 3,383,173 / 17,575,880."""
    if missing(value):
        return NOTHING
    number = exact(value)
    if number.denominator == 1:
        return f"{number.numerator:,}"
    return f"{number.numerator:,}\u00a0/\u00a0{number.denominator:,}"


@register.filter
def quantity(value: Number | None, unit_code: str) -> str | SafeString:
    """An amount of smallest parts in the unit people read: 1824886|quantity:"gpu_s" → 506.91 GPU時間.

    A line may end between figure and unit, and within neither.
    """
    if missing(value):
        return NOTHING
    shown, _space, reads = quantity_text(value, unit_code).partition("\u00a0")
    return format_html('<span class="unbroken">{}</span> <span class="unbroken">{}</span>', shown, reads)


@register.filter
def size(value: Number | None, unit_code: str) -> str | SafeString:
    """How much a dataset holds. Its 0 stands where neither owner nor description states it, and is never shown as one.

    Said apart from `quantity`, whose 0 is a figure: a day without a job has 0 GPU hours.
    """
    if missing(value) or not value:
        return format_html('<span class="quiet">{}</span>', gettext("not stated"))
    return quantity(value, unit_code)


def quantity_text(value: Number | None, unit_code: str) -> str:
    """The same as plain text, for files and for sentences."""
    if missing(value):
        return NOTHING
    unit = UNITS[unit_code]
    shown = grouped(value) if unit.per == 1 else decimal_text(exact(value) / unit.per, 2)
    return f"{shown}\u00a0{unit.reads.of(get_language())}"


@register.filter
def unit(unit_code: str) -> str:
    """The unit people read, for the head of a column."""
    return UNITS[unit_code].reads.of(get_language())


@register.filter
def hours(value: Number | None, places: int = 2) -> str:
    """Seconds as hours: 1824886|hours:6 → 506.912778."""
    return NOTHING if missing(value) else decimal_text(exact(value) / 3600, int(places))


@register.filter
def day(value: date | str | None) -> str:
    """2026-04-12; an instant by its date in Japan."""
    if missing(value):
        return NOTHING
    if isinstance(value, datetime):
        return value.astimezone(JST).strftime("%Y-%m-%d")
    return value.isoformat() if isinstance(value, date) else str(value)[:10]


@register.filter
def last_day(until: date | str | None) -> str:
    """The last day of a half-open period: 2026-10-01 → 2026-09-30. A period without end has none."""
    if missing(until):
        return NOTHING
    return day(periods.last_day(date.fromisoformat(until) if isinstance(until, str) else until))


@register.filter
def moment(value: datetime | str | None) -> str:
    """2026-10-31 14:02 in Japan's time."""
    if missing(value):
        return NOTHING
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant.astimezone(JST).strftime("%Y-%m-%d %H:%M")


@register.filter
def short(value: str | bytes | None) -> str:
    """The first eight characters of a digest or of an identity."""
    if missing(value):
        return NOTHING
    return (value.hex() if isinstance(value, bytes) else str(value))[:8]


@register.filter
def state_class(state: str) -> str:
    """How a state is drawn; an unknown one is drawn plainly."""
    return STATES.get(str(state).replace("-", "_"), ("", ""))[0]


@register.filter
def state_label(state: str) -> str:
    """How a state is called, never its raw code where we know a word."""
    known = STATES.get(str(state).replace("-", "_"))
    return str(known[1]) if known else str(state).replace("_", " ")


@register.filter
def workplace(code: str) -> str:
    """The workplace's name."""
    return text(WORKPLACES.get(code, code))
