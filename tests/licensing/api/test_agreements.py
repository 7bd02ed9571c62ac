"""From a draft to an agreement in force and its audit report, each step by whoever may take it."""

import json

import pytest

from contributions.core import canonical


@pytest.mark.slow
def test_an_agreement_goes_all_the_way(licensed, call, post):
    number = licensed.draft("robo").number
    assert call("robo").get(f"/api/v1/agreements/{number}/").status_code == 404
    early = post("legal", f"agreements/{number}/offer")
    assert early.status_code == 422 and early.json()["code"]
    assert post("second", f"agreements/{number}/approve").json()["state"] == "approved"
    assert post("legal", f"agreements/{number}/offer").json()["state"] == "offered"
    assert post("robo", f"agreements/{number}/sign").status_code == 403
    assert post("legal", f"agreements/{number}/sign").json()["state"] == "signed"
    assert post("arm", f"agreements/{number}/countersign").status_code == 404
    done = post("robo", f"agreements/{number}/countersign").json()
    assert done["state"] == "executed"
    assert [one["stage"] for one in done["documents"]] == ["offered", "signed", "executed"]
    assert [one["party"] for one in done["signatures"]] == ["licensor", "licensee"]


def test_the_terms_as_data_have_the_digest_that_the_contract_prints(licensed, call):
    number = licensed.agreement("robo").number
    terms = call("robo").get(f"/api/v1/agreements/{number}/terms/").json()
    assert terms["agrees"] and terms["document"]["number"] == number
    assert canonical.sha256_hex(canonical.dumps(terms["document"])) == terms["sha256"]


def test_a_licensee_has_its_report_made_and_nobody_elses(settled, call, post):
    own, other = settled.agreement("robo").number, settled.agreement("arm").number
    report = post("robo", f"agreements/{own}/reports")
    assert report.status_code == 201, report.content
    number = report.json()["number"]
    facts = call("robo").get(f"/api/v1/reports/{number}/").json()["facts"]
    assert facts["allocation"]["sum"] == "1"
    assert canonical.sha256_hex(canonical.dumps(facts)) == report.json()["facts_sha256"]
    assert "tetsu" not in json.dumps(facts)
    assert post("robo", f"agreements/{other}/reports").status_code == 404
    assert call("arm").get(f"/api/v1/reports/{number}/").status_code == 404
    assert post("finance", f"agreements/{own}/reports").status_code == 403
