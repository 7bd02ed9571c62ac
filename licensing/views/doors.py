"""Lists that a workplace has no part in: for it they do not exist."""

from __future__ import annotations

from contributions.core import roles
from contributions.core.roles import (
    AUDITOR,
    FINANCE,
    LEGAL,
    LICENSEE,
    MEMBER,
    OF_CONTRACTS,
    OF_MODELS,
    OF_MONEY,
    OF_USAGE,
)
from contributions.views.doors import open_to

OFFICE = frozenset({LEGAL, FINANCE, AUDITOR})
PARTIES = OFFICE | {LICENSEE}
PAYEES = OFFICE | {MEMBER}
ACCOUNTS = frozenset({FINANCE, AUDITOR})
RIGHTS = roles.OFFICE | {MEMBER}

__all__ = [
    "ACCOUNTS",
    "OFFICE",
    "OF_CONTRACTS",
    "OF_MODELS",
    "OF_MONEY",
    "OF_USAGE",
    "PARTIES",
    "PAYEES",
    "RIGHTS",
    "open_to",
]
