"""Agreements as files: the same bytes each time, the stored PDF once it is offered, specimens that say they are."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

import world as cast
from contributions.core import canonical
from licensing import services
from licensing.models import AgreementTemplate
from licensing.services.renderings import EndingUnknown


@pytest.mark.slow
def test_a_draft_renders_to_equal_bytes_twice_and_its_data_to_its_digest(licensed_world):
    draft = cast.fresh(licensed_world.draft("robo"))
    data = services.renderings.of_agreement(draft, "json")
    assert canonical.sha256_hex(data) == draft.terms_sha256
    for ending in ("pdf", "docx"):
        assert services.renderings.of_agreement(draft, ending) == services.renderings.of_agreement(draft, ending)


def test_what_was_offered_is_the_stored_file(licensed_world):
    executed = licensed_world.agreement("robo")
    content = services.renderings.of_agreement(executed, "pdf")
    assert canonical.sha256_hex(content) == executed.documents.last().sha256


def test_an_amendment_is_drawn_from_its_draft_and_then_the_stored_file(licensed_world):
    world, change = (
        licensed_world,
        {"changes": {"report_days": 45}, "effective_from": date(2027, 1, 1), "reason": "短縮"},
    )
    row = services.amendments.draft(world.agreement("robo"), **change, **world.by("legal"))
    assert canonical.sha256_hex(services.renderings.of_amendment(row, "json")) == row.terms_sha256
    text = zipfile.ZipFile(io.BytesIO(services.renderings.of_amendment(row, "docx"))).read("word/document.xml").decode()
    assert "新旧対照表" in text and ">45<" in text
    drawn = services.renderings.of_amendment(row, "pdf")
    assert drawn.startswith(b"%PDF") and drawn == services.renderings.of_amendment(row, "pdf")
    row = services.amendments.approve(row, **world.by("second"))
    offered = services.amendments.offer(row, **world.by("legal"))
    stored = services.renderings.of_amendment(offered, "pdf")
    assert canonical.sha256_hex(stored) == offered.documents.last().sha256


def test_an_unknown_ending_is_refused(licensed_world):
    with pytest.raises(EndingUnknown, match="odt"):
        services.renderings.of_agreement(licensed_world.agreement("robo"), "odt")


@pytest.mark.parametrize("code", ["standard", "evaluation", "nda", "amendment"])
def test_every_template_has_a_specimen_that_says_so(licensed_world, code):
    row = AgreementTemplate.objects.get(code=code, state="approved")
    content = services.renderings.of_template(row, "docx", at=licensed_world.clock)
    text = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert "見本・架空" in text and row.document["title"]["ja"] in text and "{" not in text
