"""How the index holds what it holds: MessagePack, deflated with a dictionary of what advisories have in common.

Rows are small, so that without the dictionary each would repeat common vectors, words and links.
"""

import zlib
from typing import Any

import msgspec

COMMON = (
    b" a remote attacker can allow arbitrary code execution, denial of service, cross-site scripting, vulnerability in"
    b" the function, which could be exploited by sending a crafted request that is not validated. Users should upgrade"
    b" to version, any computer which installed this package is compromised, all secrets and keys must be rotated."
    b" Malicious\n### Impact\n### Patches\n### Workarounds\n### References\n"
    b"Affected versions of this package before are affected"
    b"https://www.openwall.com/lists/oss-security/https://bugzilla.redhat.com/show_bug.cgi?id="
    b"https://errata.almalinux.org/"
    b"https://security-tracker.debian.org/tracker/CVE-https://nvd.nist.gov/vuln/detail/CVE-202"
    b"https://github.com/advisories/GHSA-https://github.com//security/advisories/GHSA-/commit//pull//issues/"
    b"/releases/tag/v.htmlhttp://www.https://"
    b"criticalhighmediummoderatelowimportantunmaintained Malicious code in  (npm) (PyPI)"
    b"CWE-1321CWE-400CWE-918CWE-502CWE-94CWE-89CWE-78CWE-506CWE-352CWE-287CWE-200CWE-22CWE-20CWE-79"
    b"\xa7CVSS_V2\xa7CVSS_V4CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
    b"\xa7CVSS_V3\xd9\x2cCVSS:3.1/AV:L/AC:H/PR:L/UI:R/S:C/C:L/I:L/A:NCVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    b"\xb42025-01-01T00:00:00Z\xb42026-01-01T00:00:00Z\xadlast_affected\xa41.0.\xa599.0.0"
    b"\x92\x92\xaaintroduced\xa10\x92\xa5fixed\xa52.0.0\xc3\xc2MAL-2026-\xb3GHSA-CVE-2024-CVE-2025-CVE-2026-"
)


def pack(value: Any, level: int) -> bytes:
    """Return `value` as it is stored; the level is zlib's."""
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=COMMON)
    return deflate.compress(msgspec.msgpack.encode(value)) + deflate.flush()


def unpack(packed: bytes, limit: int = 0) -> bytes:
    """Return the MessagePack of what was packed, its first `limit` bytes if there is a limit."""
    return zlib.decompressobj(-zlib.MAX_WBITS, zdict=COMMON).decompress(packed, limit)
