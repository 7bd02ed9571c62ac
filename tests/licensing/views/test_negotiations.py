"""Pages of a negotiation: what was typed is never lost, and a licensee sees nothing of the secretariat's own."""

import re
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from negotiation_cases import LOSS, laid_open, typed

from licensing import services
from licensing.adapters import tracked
from licensing.models import Proposal


@pytest.fixture
def talks(db):
    return laid_open()


def url(world, name: str, *more) -> str:
    return reverse(f"licensing:{name}", args=[world.talks.agreement.number, *more])


def enter(client, world, username: str):
    client.force_login(world.user(username))
    return client


def post(client, address: str, data: dict):
    return client.post(address, data, headers={"accept-language": "ja"})


def test_a_draft_saved_over_a_newer_one_shows_both_texts(talks, client):
    enter(client, talks, "robo")
    texts = typed(talks, "liability", *LOSS)
    first = post(client, url(talks, "proposal_on", "wording", "liability"), texts | {"reason": "理由", "edition": 0})
    assert first.status_code == 302
    address = url(talks, "proposal_edit", 1)
    assert post(client, address, texts | {"reason": "先に保存", "edition": 1}).status_code == 302
    late = post(
        client,
        address,
        typed(talks, "liability", ("現実に生じた", "実際に生じた")) | {"reason": "後から", "edition": 1},
    )
    page = late.content.decode()
    assert late.status_code == 409
    assert "実際に生じた" in page and "通常の損害" in page and "別の人が" in page
    assert Proposal.objects.get().reason == "先に保存"


def test_what_was_typed_stands_in_the_form_again_when_it_is_refused(talks, client):
    enter(client, talks, "robo")
    texts = typed(talks, "liability")
    same = post(
        client, url(talks, "proposal_on", "wording", "liability"), texts | {"reason": "理由は書いた", "edition": 0}
    )
    assert same.status_code == 422
    assert "理由は書いた" in same.content.decode() and not Proposal.objects.exists()


def test_a_licensee_sees_the_same_state_and_nothing_of_the_secretariat(talks, client):
    services.negotiations.comment(talks.talks, clause="audit", text="内輪の話", internal=True, **talks.by("legal"))
    proposal = services.proposals.save(
        talks.talks,
        kind="wording",
        subject="liability",
        reason="実務",
        **typed(talks, "liability", *LOSS),
        **talks.by("robo"),
    ).proposal
    talks.talks = services.negotiations.hand_over(talks.talks, **talks.by("robo"))
    services.proposals.accept(proposal, reason="内部の理由", **talks.by("legal"))
    services.negotiations.comment(talks.talks, clause="gone", text="条の移った所見", internal=False, **talks.by("robo"))
    enter(client, talks, "robo")
    assert "条の移った所見" in client.get(url(talks, "negotiation")).content.decode(), "its clause stands no more"
    for address in (url(talks, "negotiation"), url(talks, "proposal", 1), url(talks, "agreement")):
        page = client.get(address, headers={"accept-language": "ja"}).content.decode()
        assert "決裁中" in page
        assert not any(word in page for word in ("内輪の話", "内部の理由", "DV-", "AP-2026", "リスク区分"))
    for name in ("deviations", "approvals", "mandate", "deputies"):
        assert client.get(reverse(f"licensing:{name}")).status_code == 404
    enter(client, talks, "second")
    page = client.get(reverse("licensing:approval", args=["AP-2026-001"])).content.decode()
    targets = page.partition('name="to"')[2].partition("</select>")[0]
    assert re.findall('value="([^"]*)"', targets) == ["applicant"], "nobody else has spoken yet"
    enter(client, talks, "arm")
    assert client.get(url(talks, "negotiation")).status_code == 404
    assert client.get(url(talks, "redline_docx")).status_code == 404


def test_a_redline_leaves_as_page_pdf_and_word_file(talks, client):
    services.proposals.save(
        talks.talks,
        kind="wording",
        subject="liability",
        reason="実務",
        **typed(talks, "liability", *LOSS),
        **talks.by("robo"),
    )
    services.negotiations.hand_over(talks.talks, **talks.by("robo"))
    enter(client, talks, "second")
    page = client.get(url(talks, "redline")).content.decode()
    assert "<del>かつ直接</del>" in page and "<del>and direct </del>" in page
    assert client.get(url(talks, "redline_pdf")).content.startswith(b"%PDF")
    assert client.get(url(talks, "redline_docx")).content.startswith(b"PK")


def test_a_file_with_macros_is_refused_with_the_name_of_its_part(talks, client):
    enter(client, talks, "robo")
    content = tracked.packed({"word/vbaProject.bin": "x", "word/document.xml": "<a/>", "[Content_Types].xml": "<a/>"})
    answer = post(client, url(talks, "counterpart"), {"file": SimpleUploadedFile("a.docx", content)})
    assert answer.status_code == 422
    assert "word/vbaProject.bin" in answer.content.decode() and "マクロ" in answer.content.decode()


def test_what_was_chosen_of_a_file_stands_there_again_when_it_is_not_taken_in(talks, client):
    enter(client, talks, "robo")
    version = talks.talks.agreement.versions.get()
    content = services.redlines.docx(talks.talks.agreement, version, version)
    with zipfile.ZipFile(BytesIO(content)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    text = parts["word/document.xml"].replace("通常かつ直接の損害", "通常の損害").replace("12,000円", "11,000円")
    text = text.replace("ordinary and direct loss", "ordinary loss")
    main = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    said = '<w:comment w:author="相手方"><w:p><w:r><w:t>譲れません。</w:t></w:r></w:p></w:comment>'
    note = f"<w:comments {main}>{said}</w:comments>"
    edited = tracked.packed(parts | {"word/document.xml": text, "word/comments.xml": note})
    page = post(client, url(talks, "counterpart"), {"file": SimpleUploadedFile("a.docx", edited)}).content.decode()
    assert "相手方" in page and "譲れません。" in page, "what was noted beside the text is shown"
    assert "11,000円" in page.partition('name="take"')[0], "a price is no wording: shown first, not dropped"
    sha256 = re.search(r'name="sha256" value="([0-9a-f]{64})"', page)[1]
    chosen = {"take": "1", "sha256": sha256, "clause": "liability", "reason": ""}
    answer = post(client, url(talks, "counterpart"), chosen)
    said = answer.content.decode()
    assert answer.status_code == 422 and 'value="liability" checked' in said and "通常の損害" in said
    gone = post(client, url(talks, "counterpart"), {"take": "1", "sha256": "../../../etc/passwd", "reason": "x"})
    assert gone.status_code == 302 and not Proposal.objects.exists()


@pytest.mark.slow
def test_what_the_concession_of_a_figure_comes_to_is_told_agreement_by_agreement(talks, client):
    asked = {"kind": "variable", "subject": "liability_months", "value": 18, "reason": "社内基準"}
    proposal = services.proposals.save(talks.talks, **asked, **talks.by("robo")).proposal
    services.negotiations.hand_over(talks.talks, **talks.by("robo"))
    services.proposals.accept(proposal, reason="許容の範囲", **talks.by("legal"))
    in_force = talks.execute(talks.draft("robo"))
    enter(client, talks, "second")
    page = client.get(reverse("licensing:deviations_from", args=["liability_months"])).content.decode()
    row = page.partition('id="cost"')[2]
    assert in_force.number in row and ">12<" in row and ">18<" in row and "A wording has no figure" not in row
