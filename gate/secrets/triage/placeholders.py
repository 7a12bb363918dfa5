"""Values that stand for a secret which is filled in later: what is obvious in every mode; `standins` knows more."""

import re

from gate.core.lazy_regex import lazy_regex

_PLACEHOLDER = lazy_regex(
    r"<.*>|\$\{.*\}|\{\{.*\}\}|%\(?\w+\)?s?%?|(.)\1*"
    r"|.*(?:change[-_ ]?(?:me|it|this)|example|placeholder|dummy|xxxx|\*\*\*\*|your[-_ ]|replace[-_ ]?(?:me|this|with)"
    r"|redacted|insert[-_ ]|todo|fixme|not[-_ ]?(?:a[-_ ])?(?:real|secret)).*"
    r"|none|null|nil|true|false|undefined|test|secret|password|passwd|pass|foo|bar|foobar|string|empty|n/a|default",
    re.IGNORECASE | re.DOTALL,
)
"""Whole values that people write where a secret will go."""
_MAX_PLACEHOLDER = 100
"""Characters; what is longer was not typed by hand."""


def is_placeholder(value: str) -> bool:
    """True if a value obviously stands for one that is filled in later: `changeme`, `<token>`, `${TOKEN}`, `xxxx`."""
    text = value.strip()
    return len(text) <= _MAX_PLACEHOLDER and _PLACEHOLDER.fullmatch(text) is not None
