"""Tokens that are known by their shape. A few fixed prefixes are looked for first, so that most texts cost little."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

_SHAPES: Mapping[str, tuple[str, str]] = {
    "AWS access key": ("AKIA", r"AKIA[0-9A-Z]{16}(?![0-9A-Za-z])"),
    "temporary AWS access key": ("ASIA", r"ASIA[0-9A-Z]{16}(?![0-9A-Za-z])"),
    "GitHub token": ("ghp_", r"ghp_[A-Za-z0-9]{36}"),
    "GitHub OAuth token": ("gho_", r"gho_[A-Za-z0-9]{36}"),
    "GitHub app token": ("ghs_", r"ghs_[A-Za-z0-9]{36}"),
    "GitHub fine-grained token": ("github_pat_", r"github_pat_[A-Za-z0-9_]{40,255}"),
    "GitLab token": ("glpat-", r"glpat-[\w-]{20}"),
    "Slack token": ("xox", r"xox[abpors]-[A-Za-z0-9-]{20,255}"),
    "Stripe key": ("sk_live_", r"sk_live_[0-9A-Za-z]{16,255}"),
    "npm token": ("npm_", r"npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])"),
    "Python package index token": ("pypi-AgE", r"pypi-AgE[\w-]{50,1000}"),
    "Google API key": ("AIza", r"AIza[\w-]{35}"),
    "SendGrid key": ("SG.", r"SG\.[\w-]{22}\.[\w-]{43}"),
    "Docker Hub token": ("dckr_pat_", r"dckr_pat_[\w-]{20,100}"),
    "Hugging Face token": ("hf_", r"hf_[A-Za-z]{34}"),
    "DigitalOcean token": ("dop_v1_", r"dop_v1_[0-9a-f]{64}"),
    "Vault token": ("hvs.", r"hvs\.[\w-]{24,255}"),
    "age key": ("AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
}
_FEWEST_SIGNS = 8
"""Different characters behind the prefix: a token with fewer is a placeholder, such as `ghp_xxxx…`."""


def tokens_in(text: str) -> Iterator[str]:
    """Yield the kind of each token in `text`, never the token."""
    for kind, (prefix, shape) in _SHAPES.items():
        if prefix in text and any(_is_real(found[0].removeprefix(prefix)) for found in _compiled(shape).finditer(text)):
            yield kind


@lru_cache(maxsize=32)
def _compiled(shape: str) -> "re.Pattern[str]":
    return re.compile(shape, re.ASCII)


def _is_real(token: str) -> bool:
    return len(set(token)) >= _FEWEST_SIGNS and "EXAMPLE" not in token.upper()
