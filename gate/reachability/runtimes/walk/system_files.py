"""Files in /etc that come with a distribution: they hold nothing secret, so results about them may be cached."""

import re

SHARED = frozenset({"", "usr", "etc", "var", "opt", "srv", "home", "root", "tmp", "lib", "run"})
"""Folders of many programs: of these only the files themselves are taken to be one's own."""
_OF_SYSTEM = re.compile(
    r"etc/(?:"
    r"alternatives/.+|ca-certificates\.conf|debian_version|environment|ethertypes|fstab|gai\.conf|group|host\.conf|hostname"
    r"|hosts|hosts\.(?:allow|deny)|inputrc|issue(?:\.net)?|ld\.so\.(?:cache|conf|preload)|ld\.so\.conf\.d/.+|locale\.(?:alias"
    r"|conf|gen)|localtime|login\.defs|machine-id|mime\.types|mke2fs\.conf|motd|netconfig|networks|nsswitch\.conf"
    r"|os-release|pam\.conf|passwd|profile|protocols|python3[.\d]*/sitecustomize\.py|resolv\.conf|rpc|securetty|services|shells"
    r"|ssl/(?:certs/.+|cert\.pem|openssl\.cnf)|pki/(?:tls/(?:certs/.+|cert\.pem|openssl\.cnf)|ca-trust/.+)"
    r"|terminfo/.+|timezone"
    r")"
)


def is_of_system(path: str) -> bool:
    """True for a file that a distribution or its installer writes, and that has no place for passwords."""
    return _OF_SYSTEM.fullmatch(path) is not None
