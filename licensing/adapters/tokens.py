"""A licensor's key that never leaves its token: signing over PKCS#11."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from licensing.adapters.authorities import KeyUnreadable, Signer


def token_signer(module: Path, token: str, label: str, pin: str, name: str) -> Signer:
    """A signer whose key stays in a PKCS#11 token, where it stands with its certificate under one label.

    Needs the package python-pkcs11 on the server, which is no dependency: few tokens share a module, and most
    installations have none. A session that the token has ended is opened anew, once.
    """
    try:
        from pyhanko.sign import pkcs11
    except ImportError as wrong:
        raise KeyUnreadable(what="PKCS#11: python-pkcs11") from wrong
    reason: Exception | None = None
    for fresh in (False, True):
        if fresh:
            _session.cache_clear()
        try:
            key = pkcs11.PKCS11Signer(_session(str(module), token, pin), cert_label=label, key_label=label)
            assert key.signing_cert is not None  # reads it from the token, and so finds out whether that answers
            return Signer(name, False, key)
        except Exception as wrong:  # the module's own errors, which are not those of one library
            reason = wrong
    raise KeyUnreadable(what=f"PKCS#11: {type(reason).__name__}") from reason


@lru_cache(maxsize=4)
def _session(module: str, token: str, pin: str):
    """One session for a process: a token refuses a second login of the same user."""
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign import pkcs11

    return pkcs11.open_pkcs11_session(module, token_criteria=TokenCriteria(label=token), user_pin=pin or None)
