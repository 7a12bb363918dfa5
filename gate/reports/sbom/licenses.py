"""Whether what a package states as its licence is an SPDX expression."""

from functools import lru_cache


@lru_cache(maxsize=4096)
def spdx_expression(text: str) -> str | None:
    """Return the licence as an SPDX expression in its canonical spelling, or None if it is other words."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return str(canonicalize_license_expression(text))
    except (InvalidLicenseExpression, RecursionError):
        return None
