"""`.terraform.lock.hcl`, Terraform's and OpenTofu's dependency lock file: one block a provider."""

import re

from gate.inventory.dependency_role import DependencyRole
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_written, unparsable
from gate.trees import FileTree

_PROVIDER = re.compile(r'provider\s+"(?P<address>[^"]+)"\s*\{')
_VERSION = re.compile(r'version\s*=\s*"(?P<version>[^"]*)"')


def read(tree: FileTree, path: str) -> Locked:
    """Read a lock file of Terraform. The configuration asks for every provider itself: none brings in another."""
    listing = Listing("Terraform", path)
    name, begins = "", 0
    for number, row in enumerate(read_written(tree, path).split("\n"), 1):
        said = row.strip()
        if opened := _PROVIDER.fullmatch(said):
            if name:
                raise unparsable(path, f"the provider {name[:60]} has no version", begins)
            name, begins = _without_host(opened["address"]), number
        elif said.startswith("provider"):
            raise unparsable(path, "not a provider as Terraform writes it", number)
        elif name and (version := _VERSION.fullmatch(said)):
            listing.add(name, version["version"], begins, DependencyRole(direct=True))
            name = ""
    if name:
        raise unparsable(path, f"the provider {name[:60]} has no version", begins)
    return listing.locked


def _without_host(address: str) -> str:
    """Return `namespace/type` of `host/namespace/type`."""
    return address.partition("/")[2] if address.count("/") > 1 else address
