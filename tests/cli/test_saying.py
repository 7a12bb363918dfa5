"""Messages show no secret, and all else as it is."""

import pytest

from gate.cli.saying import without_secrets

TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe1f8rES"


@pytest.mark.parametrize(
    "text",
    [
        f"gate.yaml: unknown key {TOKEN} in the top level; did you mean tools?",
        f"GATE_JOBS: {TOKEN} is no whole number",
        f"--report: {TOKEN} is not of the form FORMAT=FILE",
        f"there is no rule '{TOKEN}'",
        f"https://user:{TOKEN}@example.com/p.yaml: cannot be fetched",
        "no such stage: " + "vK7#qT2m" + "Zx9!wRb4",
        "no such stage: " + "Zq7LmX2cVb9KtR4s" + "Wn8YpD3f",
    ],
)
def test_a_secret_is_hidden(text: str) -> None:
    shown = without_secrets(text)
    assert "…" in shown
    assert not any(len(word) > 20 and word in text and any(map(str.isdigit, word)) for word in shown.split())


@pytest.mark.parametrize(
    "text",
    [
        "gate.yaml:3: unknown key stages.dockerfile.rules.DL3057 in the top level",
        "/tmp/Build2Tree7Ab12Cd34/gate.yaml: cannot be read (No such file or directory)",
        "the policy's digest is sha256=0bd1fb0bb92db0b3b8f8cfb66a50bb0f3c6a4cfc5a4ed4a2b2e1a8b8fa9d4f1e",
        "registry.example.com/shop/api:1.4: the registry has no such image",
        "requests==2.31.0 is older than 2.32.4",
        "10.0.0.1 is not asked: 10.0.0.1 is no public address. If it is yours, say so: --trusted-hosts 10.0.0.1",
        "git knows no commit 0123456789abcdef0123456789abcdef01234567",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert without_secrets(text) == text
