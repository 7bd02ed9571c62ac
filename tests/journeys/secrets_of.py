"""What each role must not find on any page: the figures and papers of a rival, and the other side's names.

Taken from the installation's own tables, so that a demo told differently is guarded too.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from journeys.stage import Stage

MEMBER_OF = {"nittetsu": "nipponsteel", "kobelco": "kobesteel", "honda": "honda"}
RIVAL_OF = {
    "nittetsu": "kobesteel",
    "kobelco": "nipponsteel",
    "honda": "sony",
    "shinonome": "aoba",
    "aoba": "shinonome",
}
LICENSEES = ("shinonome", "aoba", "hayama", "tsukimi", "kazemachi")
# Who is a member, holds which stake and voted how is known among members; what each put in is not.
NAMES_ARE_KNOWN = {
    "contributions:members", "contributions:member", "contributions:organizations", "contributions:organization",
    "licensing:ballots", "licensing:ballot", "contributions:search",
    "contributions:entries", "contributions:entry", "contributions:proof", "contributions:log",
    "contributions:facility", "contributions:compute", "contributions:exclusion_new", "licensing:invention_new",
}  # fmt: skip

NAMES = """SELECT name_ja, name_en, short_ja, short_en FROM contributions_organization WHERE code = ?"""
PAPERS = """
    SELECT d.number FROM contributions_dataset d JOIN contributions_member m ON d.member_id = m.id
      JOIN contributions_organization o ON m.organization_id = o.id WHERE o.code = :code
    UNION SELECT d.name_ja FROM contributions_dataset d JOIN contributions_member m ON d.member_id = m.id
      JOIN contributions_organization o ON m.organization_id = o.id WHERE o.code = :code
    UNION SELECT d.name_en FROM contributions_dataset d JOIN contributions_member m ON d.member_id = m.id
      JOIN contributions_organization o ON m.organization_id = o.id WHERE o.code = :code
    UNION SELECT p.number FROM licensing_payout p JOIN contributions_member m ON p.member_id = m.id
      JOIN contributions_organization o ON m.organization_id = o.id WHERE o.code = :code
"""
FIGURES = """
    SELECT s.grid_units, p.net FROM licensing_share s JOIN contributions_member m ON s.member_id = m.id
      JOIN contributions_organization o ON m.organization_id = o.id
      LEFT JOIN licensing_payout p ON p.member_id = m.id WHERE o.code = ?
"""
DEALS = """
    SELECT a.number FROM licensing_agreement a JOIN licensing_licensee l ON a.licensee_id = l.id
      JOIN contributions_organization o ON l.organization_id = o.id WHERE o.code = :code
    UNION SELECT i.number FROM licensing_invoice i JOIN licensing_agreement a ON i.agreement_id = a.id
      JOIN licensing_licensee l ON a.licensee_id = l.id
      JOIN contributions_organization o ON l.organization_id = o.id WHERE o.code = :code
"""


def leaks(site: Stage, username: str, page: str, source: str) -> Iterator[str]:
    """Which of the secrets a page's source gives away."""
    if username not in RIVAL_OF:
        return
    text = html.unescape(source)
    for secret in forbidden(site.home, username, page in NAMES_ARE_KNOWN):
        if re.search(rf"(?<![0-9A-Za-z,.]){re.escape(secret)}(?![0-9A-Za-z])", text):
            yield f"shows {secret!r}"


@lru_cache(maxsize=64)
def forbidden(home: Path, username: str, names_are_known: bool) -> tuple[str, ...]:
    site, rival = Stage(home), RIVAL_OF[username]
    if username in MEMBER_OF:
        # Two members with the same stake have the same vote: what is one's own figure too tells nothing.
        found = {*_column(site, PAPERS, rival), *_figures(site, rival)} - {*_figures(site, MEMBER_OF[username])}
        names = [] if names_are_known else _names(site, rival)
        return tuple({*found, *names, *(name for code in LICENSEES for name in _names(site, code))})
    members = [
        code
        for (code,) in site.rows(
            "SELECT o.code FROM contributions_member m JOIN contributions_organization o ON m.organization_id = o.id"
        )
    ]
    hidden = {name for code in members for name in (*_names(site, code), *_column(site, PAPERS, code))}
    return tuple({*hidden, *_names(site, rival), *_column(site, DEALS, rival)})


def _names(site: Stage, code: str) -> list[str]:
    return [name for row in site.rows(NAMES, [code]) for name in row]


def _column(site: Stage, query: str, code: str) -> list[str]:
    return [value for (value,) in site.rows(query, {"code": code})]


def _figures(site: Stage, code: str) -> list[str]:
    """A rival's share as pages write it, and its yen."""
    shares = [f"{units / 10_000:.4f}" for units, _ in site.rows(FIGURES, [code])]
    return [*shares, *(f"{net:,}" for _, net in site.rows(FIGURES, [code]) if net)]
