""".terraform.lock.hcl."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """# This file is maintained automatically by "terraform init".

provider "packages.example/hashicorp/aws" {
  version     = "5.31.0"
  constraints = "~> 5.0"
  hashes = [
    "h1:AA=",
    "zh:00",
  ]
}

provider "packages.example/hashicorp/random" {
  version = "3.6.0"
}
"""


def test_providers(locked: Read) -> None:
    found = locked({"infra/.terraform.lock.hcl": LOCK})
    assert [(p.ecosystem, p.name, p.version, p.line, p.direct, p.purl) for p in found.packages] == [
        ("Terraform", "hashicorp/aws", "5.31.0", 3, True, "pkg:terraform/hashicorp/aws@5.31.0"),
        ("Terraform", "hashicorp/random", "3.6.0", 12, True, "pkg:terraform/hashicorp/random@3.6.0"),
    ]


def test_a_lockfile_may_be_empty(locked: Read) -> None:
    assert locked({".terraform.lock.hcl": "# nothing\n"}) == Locked()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('provider "a/b/c" {\n}\nprovider "a/b/d" {\n', r"the provider b/c has no version \(line 1\)"),
        ('\nprovider "a/b/c" {\n', r"the provider b/c has no version \(line 2\)"),
        ("provider a {\n", r"not a provider as Terraform writes it \(line 1\)"),
        ('provider "a/b/c" { version = "1" }', r"not a provider as Terraform writes it \(line 1\)"),
        ('provider "a/b c" {\nversion = "1"\n', r"the name of a package .* \(line 1\)"),
    ],
)
def test_a_broken_file_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({".terraform.lock.hcl": text})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 350), noise=st.text(alphabet='"{}[]=\n a1#/', max_size=8))
def test_any_damage_is_read_or_a_clear_error(damaged: Read, cut: int, noise: str) -> None:
    found = damaged({".terraform.lock.hcl": LOCK[:cut] + noise + LOCK[cut:]})
    assert found is None or all(package.line for package in found.packages)
