"""Agreement pages: one next step for whom it is, the text in both languages, and nothing for anybody else."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from licensing import services
from licensing.models import Agreement, AuditReport

TYPED = {
    "term_from": "2026-07-01", "term_last": "2028-06-30", "var_licensor_address_ja": "大阪市",
    "var_licensor_address_en": "Osaka", "var_licensor_signatory_ja": "代表取締役",
    "var_licensor_signatory_en": "President", "var_licensee_address_ja": "名古屋市",
    "var_licensee_address_en": "Nagoya", "var_licensee_signatory_ja": "社長",
    "var_licensee_signatory_en": "President", "var_renewal": "automatic", "var_renewal_years": "1",
    "var_notice_months": "3", "var_report_period": "quarter", "var_report_days": "30",
    "var_acceptance_days": "10", "var_incident_hours": "72", "var_late_rate": "14.6%", "var_record_years": "7",
    "var_audit_notice_days": "30", "var_audit_threshold": "5%", "var_confidentiality_years": "5",
    "var_liability_months": "12", "var_cure_days": "30", "var_deletion_days": "30", "var_winddown_months": "6",
    "var_court_ja": "東京地方裁判所", "var_court_en": "the Tokyo District Court", "var_licence_back_years": "5",
}  # fmt: skip


@pytest.fixture
def enter(client):
    def enter(world, username):
        client.force_login(world.user(username))
        return client

    return enter


def number_of(code: str) -> str:
    return Agreement.objects.get(licensee__organization__code=code).number


def page(client, name: str, *arguments) -> str:
    response = client.get(reverse(f"licensing:{name}", args=arguments), headers={"accept-language": "ja"})
    assert response.status_code == 200
    return response.content.decode()


def test_a_draft_is_approved_only_by_typing_its_number(allocated_world, enter):
    world = allocated_world
    world.library()
    world.schedule()
    licensee = world.apply("robo")
    world.screen(licensee)
    world.approve(licensee)
    draft = world.draft("robo")
    client = enter(world, "second")
    url = reverse("licensing:agreement_approve", args=[draft.number])

    wrong = client.post(url, {"confirm": "L-2026-999"})
    assert wrong.status_code == 422
    assert Agreement.objects.get().state == "drafted"

    client.post(url, {"confirm": f" {draft.number} "})
    assert Agreement.objects.get().state == "approved"
    assert "6,000,000" in page(client, "agreement", draft.number)


def test_a_licensee_sees_a_draft_only_once_it_is_offered(allocated_world, enter):
    world = allocated_world
    world.library()
    world.schedule()
    licensee = world.apply("robo")
    world.screen(licensee)
    world.approve(licensee)
    draft = world.draft("robo")
    client = enter(world, "robo")
    assert client.get(reverse("licensing:agreement", args=[draft.number])).status_code == 404


def test_the_page_proves_the_figures_and_says_what_the_signatures_are_worth(licensed_world, enter):
    content = page(enter(licensed_world, "legal"), "agreement", number_of("robo"))
    assert 'id="proof"' in content
    assert "[0, 500) × 12000" in content
    assert content.count("改ざんはありません（試験用署名・法的効力なし）。") == 2


def test_the_whole_text_stands_in_both_languages_side_by_side(licensed_world, enter):
    content = page(enter(licensed_world, "robo"), "agreement_text", number_of("robo"))
    assert "基盤モデル利用許諾契約書" in content
    assert "Foundation Model Licence Agreement" in content


def test_the_stored_file_is_served_byte_for_byte_and_no_other_stage(licensed_world, enter):
    agreement = Agreement.objects.get(licensee__organization__code="robo")
    client = enter(licensed_world, "robo")
    stored = agreement.documents.get(stage="executed")
    served = client.get(reverse("licensing:agreement_pdf", args=[agreement.number, "executed"]))
    assert len(served.content) == stored.size
    assert served.content.startswith(b"%PDF")
    assert client.get(reverse("licensing:agreement_pdf", args=[agreement.number, "draft"])).status_code == 404


@pytest.mark.parametrize("username", ["arm", "tetsu", "desk", "reviewer"])
def test_for_a_rival_or_a_member_an_agreement_does_not_exist(licensed_world, enter, username):
    client = enter(licensed_world, username)
    for name in ("agreement", "agreement_text"):
        response = client.get(reverse(f"licensing:{name}", args=[number_of("robo")]))
        assert response.status_code == 404
        assert "Robo Industries" not in response.content.decode()
        assert "ロボ工業" not in response.content.decode()


def test_a_licensee_s_list_holds_its_own_agreements_alone(licensed_world, enter):
    content = page(enter(licensed_world, "robo"), "agreements")
    assert number_of("robo") in content
    assert number_of("arm") not in content


def test_consortium_matters_are_left_out_of_the_licensee_s_page(licensed_world, enter):
    content = page(enter(licensed_world, "robo"), "agreement", number_of("robo"))
    assert reverse("licensing:licensee", args=["robo"]) not in content
    assert "secondの担当" not in content


def test_an_audit_report_is_prepared_from_the_agreement(settled_world, enter):
    client = enter(settled_world, "robo")
    response = client.post(reverse("licensing:agreement_report", args=[number_of("robo")]))
    assert response.url == reverse("licensing:report", args=[AuditReport.objects.get().number])


def test_the_list_leaves_as_csv_with_the_licensee_s_name(licensed_world, enter):
    response = enter(licensed_world, "legal").get(reverse("licensing:agreements"), {"format": "csv"})
    assert response.content.decode("utf-8-sig").count("\r\n") == 3
    assert "ロボ工業" in response.content.decode("utf-8-sig")


def turn(client, agreement, verb: str, **given):
    return client.post(reverse("licensing:agreement_turn_down", args=[agreement.number, verb]), given)


def test_an_offer_is_declined_with_its_number_and_a_reason_that_both_sides_read(licensed_world, enter):
    world = licensed_world
    offered = services.agreements.offer(
        services.agreements.approve(world.draft("robo"), **world.by("second")), **world.by("legal")
    )
    client = enter(world, "robo")
    assert "提示を辞退する" in page(client, "agreement", offered.number)
    assert turn(client, offered, "decline", reason="価格が合いません。", confirm="L-2026-999").status_code == 422
    assert turn(client, offered, "decline", reason=" ", confirm=offered.number).status_code == 422
    assert Agreement.objects.get(pk=offered.pk).state == "offered"
    assert turn(client, offered, "decline", reason="価格が合いません。", confirm=offered.number).status_code == 302
    assert "価格が合いません。" in page(enter(world, "legal"), "agreement", offered.number)
    assert "提示を辞退する" not in page(enter(world, "robo"), "agreement", offered.number)


def test_nobody_turns_down_what_is_not_theirs_to(licensed_world, enter):
    world = licensed_world
    draft = services.agreements.approve(world.draft("robo"), **world.by("second"))
    given = {"reason": "理由", "confirm": draft.number}
    assert turn(enter(world, "robo"), draft, "withdraw", **given).status_code == 404
    assert turn(enter(world, "finance"), draft, "withdraw", **given).status_code in {403, 422}
    assert turn(enter(world, "legal"), draft, "burn", **given).status_code == 404
    assert Agreement.objects.get(pk=draft.pk).state == "approved"


def test_destinations_are_asked_for_field_by_field_and_every_refusal_stands_at_its_own(allocated_world, enter):
    world = allocated_world
    world.library()
    world.schedule()
    licensee = world.apply("robo")
    world.screen(licensee)
    world.approve(licensee)
    client = enter(world, "legal")
    chosen = {"licensee": "robo", "template": "standard", "schedule": "S-ROBOT@1", "release": "R-0.1"}
    url = reverse("licensing:agreement_new") + "?" + urlencode(chosen)
    form = client.get(url).context["form"]
    assert {"var_mfn", "var_alternatives_liability", "var_destinations_robot"} <= set(form.fields)
    assert "var_alternatives_fees" not in form.fields and "liability-unlimited" not in str(form), "nothing forbidden"
    typed = TYPED | {"var_on_board": "on", "var_fields": ["robot"], "var_regions": ["JP"]}

    refused = client.post(url, typed | {"var_destinations_vehicle": ["JP"], "var_cure_days": ""})
    assert refused.status_code == 422 and not Agreement.objects.exists()
    faults = refused.context["form"].errors
    assert set(faults) == {"var_destinations_robot", "var_destinations_vehicle", "var_cure_days"}
    unpriced = client.post(url, typed | {"var_destinations_robot": ["JP"], "var_renewal_years": ""})
    assert "renewal_years" in str(unpriced.context["form"].errors), "what cannot be assembled is said with its name"

    more = {"var_destinations_robot": ["JP"], "var_alternatives_liability": "liability-floor"}
    assert client.post(url, typed | more | {"var_liability_floor": "100万"}).status_code == 302
    drafted = Agreement.objects.get().variables
    assert drafted["destinations"] == {"robot": ["JP"]} and drafted["alternatives"] == {"liability": "liability-floor"}
    page(client, "agreement", Agreement.objects.get().number)
