"""iCalendar: folded at 75 octets inside no character, escaped, CR LF, stable ids."""

from datetime import UTC, date, datetime, timedelta, timezone

from licensing.core import icalendar
from licensing.core.icalendar import Event

AT = datetime(2026, 10, 31, 5, tzinfo=UTC)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_every_line_is_short_and_reads_back():
    event = Event(
        "O-1@x", date(2026, 12, 31), "利用実績報告の提出；" * 9 + "a,b;c\\d", "一行目\n二行目", "https://x.example/o/"
    )
    text = icalendar.calendar("期日", [event], at=AT, language="ja")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = unfolded(text)
    assert f"SUMMARY:{'利用実績報告の提出；' * 9}a\\,b\\;c\\\\d" in lines
    assert "DESCRIPTION:一行目\\n二行目" in lines
    assert {"UID:O-1@x", "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101", "DTSTAMP:20261031T050000Z"} <= set(
        lines
    )
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2] == "END:VCALENDAR"


def test_no_text_breaks_a_line_and_the_stamp_is_in_utc():
    event = Event("O-1@x", date(2026, 12, 31), "見出し\rEND:VCALENDAR\x0b\x00")
    japan = AT.astimezone(timezone(timedelta(hours=9)))
    lines = icalendar.calendar("x", [event], at=japan, language="ja").splitlines()
    assert "SUMMARY:見出し\\nEND:VCALENDAR" in lines and lines.count("END:VCALENDAR") == 1
    assert "DTSTAMP:20261031T050000Z" in lines


def test_a_calendar_of_nothing_is_one():
    assert unfolded(icalendar.calendar("x", [], at=AT, language="en"))[-2] == "END:VCALENDAR"
