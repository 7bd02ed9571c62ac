"""Numbers that people quote: D-honda-0001, INV-2026-0002. Gapless within their prefix, given under the head's lock.

What a member contributes is numbered within that member: a number common to all would tell each how much the others
put in.
"""

import re

from django.db.models import Model
from django.db.models.functions import Length

from contributions.services import journal


def take(model: type[Model], prefix: str, *, width: int = 4, field: str = "number") -> str:
    """The next number of that prefix."""
    journal.lock()
    # A member's code may begin with another's and a hyphen; and as texts, 10000 stands before 9999.
    held = model.objects.filter(**{f"{field}__regex": rf"^{re.escape(prefix)}-[0-9]+$"})
    last = held.order_by(Length(field).desc(), f"-{field}").first()
    count = int(getattr(last, field).rsplit("-", 1)[1]) if last else 0
    return f"{prefix}-{count + 1:0{width}d}"
