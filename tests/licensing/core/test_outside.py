"""Outside agreements: their terms hold together, and the day of notice is counted."""

from __future__ import annotations

from datetime import date

import pytest

from licensing.core import outside as rules
from licensing.core.outside import Terms

BASE = {"kind": "framework", "title": "基本契約", "counterparty": "架空商事", "signed_on": date(2026, 3, 2)}
YEAR = {"term_from": date(2026, 4, 1), "term_until": date(2027, 4, 1)}


@pytest.mark.parametrize(
    ("until", "months", "day"),
    [
        (date(2027, 4, 1), 3, date(2026, 12, 31)),
        (date(2027, 4, 1), 1, date(2027, 2, 28)),
        (date(2027, 5, 31), 3, date(2027, 2, 27)),
    ],
)
def test_notice_can_be_given_up_to_the_last_day_before_its_months_begin(until, months, day):
    terms = Terms(**BASE, term_from=date(2026, 4, 1), term_until=until, notice_months=months)
    assert rules.notice_by(terms) == day


def test_without_an_end_or_a_notice_there_is_no_day_of_notice():
    assert rules.notice_by(Terms(**BASE, **YEAR)) is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"term_from": date(2027, 4, 1), "term_until": date(2027, 4, 1)}, rules.TermEmpty),
        ({"term_from": date(2026, 4, 1), "notice_months": 3}, rules.NoticeWithoutEnd),
        ({**YEAR, "renewal": "automatic"}, rules.RenewalLength),
    ],
)
def test_terms_that_do_not_hold_together_are_refused_at_their_field(changes, refusal):
    with pytest.raises(refusal) as raised:
        Terms(**(BASE | changes))
    assert raised.value.field


def test_a_term_that_renews_is_carried_on_by_whole_renewals():
    assert rules.ends(date(2027, 4, 1), "automatic", 12, date(2027, 3, 31)) == date(2027, 4, 1)
    assert rules.ends(date(2027, 4, 1), "automatic", 12, date(2027, 4, 1)) == date(2028, 4, 1)
    assert rules.ends(date(2027, 4, 1), "none", 0, date(2030, 1, 1)) == date(2027, 4, 1)


def test_a_file_is_what_its_first_bytes_say():
    assert rules.media_of("scan.pdf", b"\x89PNG\r\n") == "image/png"
    with pytest.raises(rules.UnknownMedia):
        rules.media_of("scan.pdf", b"MZ\x90")


def test_the_day_of_notice_comes_again_with_each_renewal_and_not_after_the_end():
    renewing = (date(2027, 4, 1), "automatic", 12, 3)
    assert rules.next_notice(*renewing, date(2026, 12, 31)) == date(2026, 12, 31)
    assert rules.next_notice(*renewing, date(2027, 1, 1)) == date(2027, 12, 31)
    assert rules.next_notice(*renewing, date(2029, 6, 1)) == date(2029, 12, 31)
    assert rules.next_notice(date(2027, 4, 1), "none", 0, 3, date(2027, 1, 1)) is None
    assert rules.next_notice(None, "none", 0, 3, date(2027, 1, 1)) is None
