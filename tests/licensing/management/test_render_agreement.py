"""render_agreement: an agreement as a file, in the form that the file's ending names."""

from __future__ import annotations

import json
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError


def test_an_agreement_is_written_as_pdf_docx_and_json(licensed_world, tmp_path):
    number = licensed_world.agreement("robo").number
    for ending, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("json", b"{")):
        out = tmp_path / f"agreement.{ending}"
        answer = StringIO()
        call_command("render_agreement", number, out=out, json=True, stdout=answer)
        assert out.read_bytes().startswith(start)
        assert json.loads(answer.getvalue())["sha256"] == sha256(out.read_bytes()).hexdigest()


def test_what_is_not_there_or_cannot_be_written_is_named(licensed_world, tmp_path):
    number = licensed_world.agreement("robo").number
    with pytest.raises(CommandError, match="L-1999-001"):
        call_command("render_agreement", "L-1999-001", out=tmp_path / "x.pdf", lang="en")
    with pytest.raises(CommandError, match="odt"):
        call_command("render_agreement", number, out=tmp_path / "x.odt", lang="en")
    with pytest.raises(CommandError, match="nowhere"):
        call_command("render_agreement", number, out=tmp_path / "nowhere" / "x.json", lang="en")
