"""What a kind's row says about it, put together: who can have made such a value."""

import pytest

from gate.secrets.kinds.catalogue import KINDS

BY_RULE = {kind.rule: kind for kind in KINDS.values()}


@pytest.mark.parametrize(
    ("rule", "is_issued"),
    [
        ("SECRET-AWS", True),
        ("SECRET-GITHUB", True),
        ("SECRET-STRIPE", True),
        ("SECRET-AGE", False),  # age-keygen makes one for a test
        ("SECRET-WIREGUARD", False),
        ("SECRET-BITCOIN-WIF", False),
        ("SECRET-OTPAUTH", False),
        ("SECRET-AUTHORIZATION-BASIC", False),
        ("SECRET-PRIVATE-KEY", False),  # a block of a key
        ("SECRET-HTPASSWD", False),  # a hash
        ("SECRET-KEY-WITHOUT-ARMOUR", False),  # known by its place
        ("SECRET-KEYWORD", False),  # of medium confidence
    ],
)
def test_what_only_a_service_makes_is_issued(rule: str, is_issued: bool) -> None:
    assert BY_RULE[rule].is_issued is is_issued
