"""Templates: the tree in words, versions compared, specimens as files."""

import json

import pytest
from django.urls import reverse

from licensing.models import AgreementTemplate


@pytest.fixture
def legal(client, licensed_world):
    client.force_login(licensed_world.user("legal"))
    return client


def test_the_tree_is_read_with_its_conditions_in_words(legal):
    content = legal.get(reverse("licensing:template", args=["standard", 3])).content.decode()
    assert "最低利用料が 0 を超える場合" in content and "audit-certificate" in content and "総則" in content
    assert "nda@1" in legal.get(reverse("licensing:templates")).content.decode()


def test_a_next_version_is_compared_clause_by_clause_and_shows_what_keeps_it_from_being_approved(legal):
    edit = reverse("licensing:template_document", args=["nda"])
    document = json.loads(legal.get(edit).context["form"]["document"].value())
    document["clauses"] = [name for name in document["clauses"] if name != "nda-damages"] + ["nda-gone"]
    assert legal.post(edit, {"document": json.dumps(document), "opened": ""}).status_code == 302
    content = legal.get(reverse("licensing:template", args=["nda", 2])).content.decode()
    assert "nda-damages" in content and "承認済みの条項にありません" in content
    assert AgreementTemplate.objects.get(code="nda", version=2).state == "draft"


def test_what_is_no_json_is_said_and_kept(legal):
    answer = legal.post(reverse("licensing:template_document", args=["nda"]), {"document": "{", "opened": ""})
    assert answer.status_code == 422 and "JSON" in answer.content.decode()


def test_a_specimen_leaves_as_a_file(legal):
    answer = legal.get(reverse("licensing:template_specimen", args=["amendment", 1, "pdf"]))
    assert answer.content.startswith(b"%PDF") and "amendment-1-specimen.pdf" in answer["Content-Disposition"]
    assert legal.get(reverse("licensing:template_specimen", args=["amendment", 1, "exe"])).status_code == 404


@pytest.mark.parametrize("username", ["robo", "tetsu"])
def test_templates_are_the_secretariat_s(client, licensed_world, username):
    client.force_login(licensed_world.user(username))
    for name, arguments in (("templates", []), ("template", ["nda", 1]), ("template_specimen", ["nda", 1, "docx"])):
        assert client.get(reverse(f"licensing:{name}", args=arguments)).status_code == 404
