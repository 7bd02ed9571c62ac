"""Audit report pages: facts that name no member, a paper, and a bundle that goes to its licensee alone."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from licensing import services
from licensing.models import Agreement


@pytest.fixture
def report(settled_world):
    agreement = Agreement.objects.get(licensee__organization__code="robo")
    return services.reports.prepare(agreement, **settled_world.by("robo"))


def test_the_facts_stand_in_words_and_name_no_member(client, settled_world, report):
    client.force_login(settled_world.user("robo"))
    content = client.get(reverse("licensing:report", args=[report.number])).content.decode()
    assert report.facts_sha256[:8] in content
    assert f"python -m licensing.core.verify licensee-{report.number}.zip --key log.vkey" in content
    agreement = report.agreement
    assert f'<span class="day">{agreement.term_until - timedelta(days=1)}</span>' in content, "its last day"
    for member in ("鉄山製鋼", "鋼野製鉄", "車田自動車", "銀河銀行", "Tetsuyama Steel", "Hagano Iron"):
        assert member not in content


def test_paper_and_bundle_are_served(client, settled_world, report):
    client.force_login(settled_world.user("robo"))
    assert client.get(reverse("licensing:report_pdf", args=[report.number])).content.startswith(b"%PDF")
    bundle = client.get(reverse("licensing:report_bundle", args=[report.number]))
    assert f"licensee-{report.number}.zip" in bundle.headers["Content-Disposition"]
    assert "report.json" in zipfile.ZipFile(io.BytesIO(bundle.content)).namelist()


@pytest.mark.parametrize("username", ["arm", "tetsu", "reviewer"])
@pytest.mark.parametrize("name", ["report", "report_pdf", "report_bundle"])
def test_for_a_rival_or_a_member_a_report_does_not_exist(client, settled_world, report, username, name):
    client.force_login(settled_world.user(username))
    assert client.get(reverse(f"licensing:{name}", args=[report.number])).status_code == 404
