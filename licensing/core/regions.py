"""The countries and regions that a licence may name, by code, as contracts print them."""

from __future__ import annotations

from contributions.core import countries

REGIONS = countries.NAMES
