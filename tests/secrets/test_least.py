"""The simpler patterns that the pre-filter runs for a kind miss nothing that the kind's own pattern matches."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.secrets.kinds import TOKENS
from gate.secrets.kinds.token import Token

pytestmark = pytest.mark.one_python

SIMPLER = [token for token in TOKENS if token.least]


@pytest.mark.parametrize("token", SIMPLER, ids=[token.rule for token in SIMPLER])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_least_is_in_whatever_the_pattern_matches(token: Token, data: Any) -> None:
    text = data.draw(st.from_regex(re.compile(token.pattern, re.ASCII)))
    if "\n" not in text:
        assert any(re.search(least, text.encode()) for least in token.sieve)
