"""The timeline and the inbox of contributions: everything the reader may see, nothing else, and files to keep."""

from __future__ import annotations

import io
from datetime import date

import openpyxl

from contributions import services


def test_the_timeline_draws_what_the_reader_may_see_and_sums_by_kind_and_unit(contributed_world, reader, text):
    office = text(reader("legal").get("/contributions/timeline/"))
    assert 'class="chart"' in office and "Totals by kind and unit" in office and "C-ginko-0001" in office
    member = text(reader("tetsu").get("/contributions/timeline/"))
    assert "C-tetsu-0001" in member and "ginko" not in member and "Hagano" not in member


def test_half_an_hour_is_rounded_upward_in_the_picture(contributed_world, reader, text):
    contributed_world.people("tetsu", 292 * 60 + 30)
    assert ">293</text>" in text(reader("tetsu").get("/contributions/timeline/?kind=people"))


def test_the_timeline_is_narrowed_and_kept_as_csv_and_xlsx(contributed_world, reader, text):
    legal = reader("legal")
    narrowed = text(legal.get("/contributions/timeline/?member=ginko&kind=cash&format=csv"))
    assert "C-ginko-0001" in narrowed and "C-tetsu" not in narrowed
    book = openpyxl.load_workbook(io.BytesIO(legal.get("/contributions/timeline/?format=xlsx&kind=people").content))
    cells = list(book.worksheets[0].values)
    assert cells[0][0] == "Day" and cells[1][4] == "C-hagane-0002" and cells[1][6] == 9600


def test_the_inbox_counts_what_waits_for_the_reader_alone(contributed_world, reader, text):
    office = text(reader("legal").get("/contributions/inbox/"))
    assert "Accept a contribution" in office and "Attest metered compute" in office
    narrowed = text(reader("legal").get("/contributions/inbox/?kind=batch&format=csv"))
    assert "B-" in narrowed and "C-hagane" not in narrowed
    rival = text(reader("tetsu").get("/contributions/inbox/"))
    assert "C-hagane" not in rival and "Accept a contribution" not in rival
    assert "Nothing waits for you" in text(reader("ginko").get("/contributions/inbox/"))
    assert reader("robo").get("/contributions/inbox/").status_code == 404


def test_what_came_in_under_no_agreement_waits_for_its_member_and_for_legal(contributed_world, reader, text):
    world = contributed_world
    services.resources.record(
        member=world.of("hagane"), kind="people", title_ja="出向", title_en="Secondee", quantity=60, grade="senior",
        period_from=date(2026, 5, 1), period_until=date(2026, 6, 1), **world.by("hagane"),
    )  # fmt: skip
    page = text(reader("legal").get("/contributions/inbox/?kind=gap"))
    assert "Conclude the inbound agreement" in page and "Hand in evidence of the country" in page
    assert "Name the inbound agreement" in text(reader("hagane").get("/contributions/inbox/?kind=gap"))
    assert "C-hagane" not in text(reader("tetsu").get("/contributions/inbox/?kind=gap"))
