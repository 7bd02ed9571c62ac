"""The clause library: both languages side by side, what holds a clause, and writing it with its faults in sight."""

import pytest
from django.urls import reverse

from licensing.models import Agreement, ClauseVersion

WRITTEN = {
    "code": "insurance",
    "family": "liability",
    "base": "liability",
    "rank": "approval",
    "owner": "legal",
    "condition": "",
    "heading_ja": "責任の制限",
    "heading_en": "Limitation of liability",
    "text_ja": "責任は、次の額を上限とする。\n- {liability_months}か月分の利用料\n\n前項は、{ref:claims}に適用しない。",
    "text_en": "The limit is:\n- the Fees of {liability_months} months\n\nThis does not apply to {ref:claims}.",
    "rationale_ja": "",
    "rationale_en": "",
    "opened": "",
}


@pytest.fixture
def legal(client, licensed_world):
    client.force_login(licensed_world.user("legal"))
    return client


@pytest.fixture
def second(licensed_world):
    from django.test import Client

    other = Client()
    other.force_login(licensed_world.user("second"))
    return other


def test_a_clause_stands_in_both_languages_with_its_blanks_named(legal):
    content = legal.get(reverse("licensing:clause", args=["audit"])).content.decode()
    assert "記録の保存及び利用料監査" in content
    assert "Records and royalty audit" in content
    assert "［利用料監査の予告（日）］" in content
    assert "{audit_notice_days}" not in content


def test_the_page_says_where_the_clause_is_used_and_what_may_stand_in_its_place(legal):
    content = legal.get(reverse("licensing:clause", args=["audit"])).content.decode()
    for agreement in Agreement.objects.all():
        assert agreement.number in content
    assert "standard@3" in content and "audit-certificate@2" in content and "要承認" in content


def test_the_library_is_searched_in_its_wording(legal):
    content = legal.get(reverse("licensing:clauses"), {"q": "公認会計士"}).content.decode()
    assert "audit@2" in content
    assert "delivery@1" not in content
    assert "audit@2" not in legal.get(reverse("licensing:clauses"), {"state": "draft"}).content.decode()


@pytest.mark.parametrize("username", ["robo", "tetsu"])
def test_the_library_is_the_secretariat_s(client, licensed_world, username):
    client.force_login(licensed_world.user(username))
    for name, arguments in (("clauses", []), ("clause", ["audit"]), ("clause_new", []), ("clause_edit", ["audit"])):
        assert client.get(reverse(f"licensing:{name}", args=arguments)).status_code == 404


def test_finance_reads_and_does_not_write(client, licensed_world):
    client.force_login(licensed_world.user("finance"))
    assert client.get(reverse("licensing:clause", args=["audit"])).status_code == 200
    assert client.get(reverse("licensing:clause_new")).status_code == 404


def test_faults_show_while_a_clause_is_written(legal):
    given = WRITTEN | {
        "text_en": "Liability is limited to:\n- the Fees of 6 months\n\nThis does not apply to {ref:gone}."
    }
    content = legal.post(reverse("licensing:clause_new"), given | {"preview": "1"}).content.decode()
    assert "liability_months" in content and "一方の言語" in content and "<form" not in content
    assert not ClauseVersion.objects.filter(clause__code="insurance").exists()
    differs = legal.post(reverse("licensing:clause_new"), WRITTEN | {"text_en": "One.", "preview": "1"})
    assert "構成が一致しません" in differs.content.decode()


def test_a_clause_is_written_by_one_and_approved_by_another(legal, second):
    assert (
        "No finding"
        in legal.post(
            reverse("licensing:clause_new"), WRITTEN | {"preview": "1"}, headers={"accept-language": "en"}
        ).content.decode()
    )
    assert legal.post(reverse("licensing:clause_new"), WRITTEN).status_code == 302
    page = reverse("licensing:clause", args=["insurance"])
    approve = reverse("licensing:clause_approve", args=["insurance", 1])
    assert approve not in legal.get(page).content.decode()
    assert approve in second.get(page).content.decode()
    assert "insurance@1" in second.get(reverse("licensing:inbox")).content.decode()
    wrong = second.post(approve, {"confirm": "insurance@2", "day": "2026-07-01"})
    assert wrong.status_code == 422
    assert second.post(approve, {"confirm": "insurance@1", "day": "2026-07-01"}).status_code == 302
    assert ClauseVersion.objects.get(clause__code="insurance").state == "approved"


def test_what_was_typed_is_kept_when_a_draft_is_refused(legal, second):
    legal.post(reverse("licensing:clause_new"), WRITTEN)
    stale = second.post(reverse("licensing:clause_edit", args=["insurance"]), WRITTEN | {"heading_ja": "別の見出し"})
    assert stale.status_code == 422
    assert "別の見出し" in stale.content.decode() and "他の人が保存" in stale.content.decode()


def test_a_version_is_compared_with_the_one_before(legal):
    typed = legal.get(reverse("licensing:clause_edit", args=["notice"])).context["form"].initial
    legal.post(reverse("licensing:clause_edit", args=["notice"]), typed | {"heading_ja": "通知及び連絡"})
    content = legal.get(reverse("licensing:clause", args=["notice"])).content.decode()
    assert "<ins>及び連絡</ins>" in content
