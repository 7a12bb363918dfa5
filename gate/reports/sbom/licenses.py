"""Recognising SPDX expressions among the licences that packages state."""

from functools import lru_cache

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression


@lru_cache(maxsize=4096)
def spdx_expression(text: str) -> str | None:
    """Return a licence as an SPDX expression in canonical form, or None if it is none."""
    try:
        return str(canonicalize_license_expression(text))
    except (InvalidLicenseExpression, RecursionError):
        return None
