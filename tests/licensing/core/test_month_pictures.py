"""The month as a picture: whole weeks, the finding in words, and nothing but shapes and text."""

from datetime import date
from xml.etree import ElementTree

from contributions.core.words import Text
from licensing.adapters.holidays import is_business_day
from licensing.core import month_pictures
from licensing.core.month_pictures import Mark

MONTH = date(2026, 12, 1)


def test_weeks_run_from_monday_and_hold_the_month():
    weeks = month_pictures.weeks(MONTH)
    assert weeks[0][0] == date(2026, 11, 30) and weeks[-1][-1] == date(2027, 1, 3)
    assert all(len(week) == 7 and week[0].weekday() == 0 for week in weeks)


def test_the_picture_is_well_formed_and_tells_its_finding():
    marks = [Mark(date(2026, 12, 31), "late", Text("報告 <期限>", "Report & due")) for _ in range(5)]
    svg = month_pictures.draw(MONTH, marks, today=date(2026, 12, 30), language="en", is_business_day=is_business_day)
    root = ElementTree.fromstring(svg)
    assert root.get("aria-label") == "2026-12: 5 days to keep, 5 of them past due."
    assert svg.count('class="stop"') == 3 and "+2" in svg
    assert svg.count("shut") == 4 * 2 + 2 + 2, "five weekends less what falls in one, and the turn of the year"
