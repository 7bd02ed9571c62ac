"""A code that is a page's address would never open."""

from __future__ import annotations

import pytest

from contributions.core import codes


@pytest.mark.parametrize("code", ["new", "New", "assets"])
def test_the_name_of_a_page_is_no_code(code):
    with pytest.raises(codes.CodeTaken, match=code):
        codes.check_free(code)


def test_a_code_that_only_begins_like_a_page_is_one():
    assert codes.check_free("newman") == "newman"
