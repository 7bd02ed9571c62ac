"""Lists as CSV: marked in a demo, and harmless in a spreadsheet."""

from __future__ import annotations

from contributions.models import LogHead
from contributions.views.exports import csv_file


def lines(response) -> list[str]:
    return response.content.decode("utf-8-sig").splitlines()


def test_the_first_row_of_a_demos_file_says_that_it_is_invented(world):
    assert lines(csv_file("x", ["a"], [[1]])) == ["a", "1"]
    LogHead.objects.update(demo=True)
    assert lines(csv_file("x", ["a"], [[1]]))[0].startswith('"見本・架空')


def test_a_text_that_a_spreadsheet_would_run_stays_a_text(world):
    rows = [["=1+1", "+81", "@x", "－1", -1, None]]
    assert lines(csv_file("x", ["a"] * 6, rows))[1] == "'=1+1,'+81,'@x,'－1,-1,"
