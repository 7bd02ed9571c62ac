"""Business days of Japanese banks: no Saturday, Sunday, public holiday, nor 31 December to 3 January."""

from datetime import date

import jpholiday


def is_business_day(day: date) -> bool:
    """Whether banks in Japan settle on that day."""
    turn_of_year = (day.month, day.day) in {(12, 31), (1, 1), (1, 2), (1, 3)}
    return day.weekday() < 5 and not turn_of_year and not jpholiday.is_holiday(day)
