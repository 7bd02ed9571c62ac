"""Where an installation lies."""

from __future__ import annotations

from config import settings


def test_a_home_that_is_named_empty_is_not_the_folder_we_stand_in(monkeypatch, tmp_path):
    """Keys and evidence would be written among the sources, and could be handed on with them."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("MOYAI_HOME", "")
    assert settings.home() == settings.BASE_DIR / "var"
    monkeypatch.setenv("MOYAI_HOME", str(tmp_path))
    assert settings.home() == tmp_path.resolve()
