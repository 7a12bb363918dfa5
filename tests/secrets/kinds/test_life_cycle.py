"""What to do about a leaked credential: every kind says it, by its provider."""

from pathlib import Path

import pytest

from gate.secrets.kinds.catalogue import KINDS
from gate.secrets.kinds.life_cycle import PROVIDERS, if_made_up, life_cycle_of, purge

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "leaked-secret.md"


def test_every_provider_is_one_of_a_rule() -> None:
    assert PROVIDERS.keys() <= {kind.rule.removeprefix("SECRET-").partition("-")[0] for kind in KINDS.values()}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("SECRET-AWS", "CloudTrail"),
        ("SECRET-AWS-SESSION", "CloudTrail"),
        ("SECRET-GITHUB-OAUTH", "audit log"),
        ("SECRET-POSTGRES-URL", "connection log"),
        ("SECRET-OF-TOMORROW", "access log"),
    ],
)
def test_where_the_use_of_a_credential_shows(rule: str, words: str) -> None:
    assert words in life_cycle_of(rule).uses


def test_a_kind_says_how_to_revoke_what_to_have_instead_and_where_its_use_shows() -> None:
    mend = KINDS["AWS Access Key"].mend
    assert mend.index("Deactivate the key") < mend.index("let CI assume a role") < mend.index("CloudTrail, by")
    assert mend.endswith("it stays in the history.")


def test_before_a_push_the_commit_can_still_be_changed() -> None:
    assert "git rebase -i 0123456789ab~1" in purge("0123456789abcdef")
    assert purge(None) == ""


def test_what_was_made_up_need_not_be_revoked() -> None:
    assert "let the test generate it" in if_made_up("tests/certs/server.key")
    assert "an obvious placeholder" in if_made_up("docs/install.rst")
    assert if_made_up("src/app.py") == ""


def test_the_guide_shows_the_table() -> None:
    guide = HOW_TO.read_text(encoding="utf-8")
    missing = [cycle for cycle in PROVIDERS.values() if f"| {cycle.uses} | {cycle.instead} |" not in guide]
    assert missing == []
