"""Rules on the capabilities of files."""

from collections.abc import Iterator

from gate.images.contents.observations import Privileged
from gate.images.rules.base import Hit, Subject, listed, rule
from gate.model import Severity

_AS_ROOT = frozenset(
    {"cap_bpf", "cap_chown", "cap_dac_override", "cap_dac_read_search", "cap_fowner", "cap_fsetid", "cap_mac_admin"}
    | {"cap_mac_override", "cap_mknod", "cap_net_admin", "cap_setfcap", "cap_setgid", "cap_setpcap", "cap_setuid"}
    | {"cap_sys_admin", "cap_sys_chroot", "cap_sys_module", "cap_sys_ptrace", "cap_sys_rawio"}
)
"""With each of them a program can take the rest of root's rights, or other users' (capabilities(7))."""


@rule(
    "GI029",
    Severity.MEDIUM,
    "Program with capabilities equivalent to root",
    why=(
        "Anyone who starts the program gets that privilege of root, and through it all others, whatever USER the "
        "image sets."
    ),
    mend="Remove the file or its attribute: RUN setcap -r FILE. Run with no-new-privileges and cap_drop: ALL.",
    references=("CWE-250", "CIS Docker 4.8"),
    bad='{"capable": [{"path": "usr/bin/python3", "capabilities": ["cap_setuid"], "layer": "sha256:0a"}]}',
    good='{"capable": [{"path": "usr/bin/ping", "capabilities": ["cap_net_raw"], "layer": "sha256:0a"}]}',
)
def amounts_to_root(image: Subject) -> Iterator[Hit]:
    for file in image.capable:
        strong = [name for name in file.capabilities if name in _AS_ROOT]
        if strong:
            yield Hit(
                message=f"{file.path} has {', '.join(strong)}",
                evidence=(file.path, *strong),
                path=file.path,
                layer=file.layer,
            )


@rule(
    "GI030",
    Severity.INFO,
    "Programs with capabilities",
    why="A program with a capability has that privilege of root, no matter who starts it.",
    mend="Remove programs that are not needed, or the capability: RUN setcap -r FILE. Run with no-new-privileges.",
    references=("CWE-250", "CIS Docker 4.8"),
    bad='{"capable": [{"path": "usr/bin/ping", "capabilities": ["cap_net_raw"], "layer": "sha256:0a"}]}',
    good='{"capable": []}',
)
def has_capabilities(image: Subject) -> Iterator[Hit]:
    weak = [file for file in image.capable if _AS_ROOT.isdisjoint(file.capabilities)]
    if weak:
        yield Hit(message=f"{len(weak):,} programs with capabilities: {listed([_shown(file) for file in weak])}")


def _shown(file: Privileged) -> str:
    return f"{file.path} ({', '.join(file.capabilities)})"
