"""Usage pages: the fee shows while figures are typed, faults are named by line, and nothing typed is lost."""

from datetime import date

import pytest
from django.urls import reverse

from licensing.models import Agreement, UsageReport

JUNE = "2026-06-24"


@pytest.fixture(autouse=True)
def october(monkeypatch):
    """The third quarter has ended."""
    for module in ("usage", "agreements", "licensees"):
        monkeypatch.setattr(f"licensing.views.{module}.localdate", lambda: date(2026, 10, 31))


@pytest.fixture
def licensed_world(licensed_world):
    """It is the middle of October."""
    licensed_world.wait_until("2026-10-10 09:00")
    return licensed_world


@pytest.fixture
def robo(client, licensed_world):
    client.force_login(licensed_world.user("robo"))
    return client


def form_url(code: str = "robo", start: str = JUNE) -> str:
    return reverse("licensing:usage_new", args=[Agreement.objects.get(licensee__organization__code=code).number, start])


def rows(*lines: tuple[str, str]) -> dict:
    return {
        "metric": ["robot"] * len(lines),
        "region": [region for region, _ in lines],
        "units": [units for _, units in lines],
        "note": "",
    }


def test_the_preview_rates_by_tiers_and_writes_nothing(robo):
    response = robo.post(form_url(), rows(("JP", "１，２００"), ("TH", "")) | {"preview": "1"})
    content = response.content.decode()
    assert "6,000,000" in content  # 500 × 12,000
    assert "6,300,000" in content  # 700 × 9,000
    assert "12,300,000" in content
    assert not UsageReport.objects.exists()


def test_a_fault_is_named_by_the_line_the_reader_sees_and_what_was_typed_stays(robo):
    response = robo.post(form_url(), rows(("JP", ""), ("TH", "about ten"), ("JP", "620")))
    content = response.content.decode()
    assert response.status_code == 422
    assert '#units-2"' in content
    assert "about ten" in content
    assert 'value="620"' in content
    assert not UsageReport.objects.exists()


def test_a_row_is_added_and_the_others_stay(robo):
    content = robo.post(form_url(), rows(("JP", "12")) | {"add": "1"}).content.decode()
    assert 'id="units-2"' in content
    assert 'value="12"' in content


def test_a_report_is_handed_in_once_and_then_leads_to_itself(robo):
    response = robo.post(form_url(), rows(("JP", "620")))
    report = UsageReport.objects.get()
    assert response.url == reverse("licensing:usage_report", args=[report.number])
    assert robo.get(form_url()).url == response.url


def test_nothing_used_is_reported_by_typing_the_agreement_s_number(robo):
    agreement = Agreement.objects.get(licensee__organization__code="robo")
    assert robo.post(form_url(), {"nothing": "1", "confirm": "yes"}).status_code == 422
    robo.post(form_url(), {"nothing": "1", "confirm": agreement.number})
    assert [line.units for line in UsageReport.objects.get().lines.all()] == ["0"]


@pytest.mark.parametrize("start", ["2026-10-01", "2026-06-25", "tomorrow"])
def test_a_period_that_is_not_owed_has_no_form(robo, start):
    assert robo.get(form_url(start=start)).status_code == 404


def test_another_licensee_s_form_does_not_exist(robo):
    assert robo.get(form_url("arm")).status_code == 404
    assert robo.post(form_url("arm"), rows(("JP", "1"))).status_code == 404


def test_finance_accepts_and_the_next_step_names_net_tax_and_gross(client, licensed_world):
    report = licensed_world.usage("robo", accepted=False)
    client.force_login(licensed_world.user("finance"))
    url = reverse("licensing:usage_report", args=[report.number])
    assert "7,080,000" in client.get(url).content.decode()  # 500 × 12,000 + 120 × 9,000
    client.post(reverse("licensing:usage_accept", args=[report.number]), {"confirm": report.number})
    content = client.get(url).content.decode()
    assert "708,000" in content
    assert "7,788,000" in content


def test_a_licensee_does_not_accept_its_own_report(robo, licensed_world):
    report = licensed_world.usage("robo", accepted=False)
    answer = robo.post(reverse("licensing:usage_accept", args=[report.number]), {"confirm": report.number})
    assert answer.status_code == 422
    assert UsageReport.objects.get().state == "submitted"


def test_a_rival_licensee_sees_neither_report_nor_figure(robo, licensed_world):
    report = licensed_world.usage("arm")
    assert robo.get(reverse("licensing:usage_report", args=[report.number])).status_code == 404
    assert report.number not in robo.get(reverse("licensing:usage_reports")).content.decode()
