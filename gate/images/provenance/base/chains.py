"""Chain ids: one digest for some layers in their order (OCI image specification, "Layer ChainID")."""

import hashlib
from collections.abc import Sequence
from itertools import accumulate


def chain_ids(diff_ids: Sequence[str]) -> list[str]:
    """Return the chain id of the first layer, of the first two, and so on."""
    return list(accumulate(diff_ids, _next))


def _next(chain: str, diff_id: str) -> str:
    return f"sha256:{hashlib.sha256(f'{chain} {diff_id}'.encode()).hexdigest()}"
