"""Numbers that people quote: D-honda-0001, INV-2026-0002. Gapless within their prefix, given under the head's lock.

What a member contributes is numbered within that member: a number common to all would tell each how much the others
put in.
"""

from django.db.models import Model

from contributions.services import journal


def take(model: type[Model], prefix: str, *, width: int = 4, field: str = "number") -> str:
    """The next number of that prefix."""
    journal.lock()
    last = model.objects.filter(**{f"{field}__startswith": f"{prefix}-"}).order_by(f"-{field}").first()
    count = int(getattr(last, field).rsplit("-", 1)[1]) if last else 0
    return f"{prefix}-{count + 1:0{width}d}"
