"""The title of a vulnerability: what is wrong, not what the package is.

Many advisories have no summary, and their text begins with a sentence on the package: "Foo is a library for …".
"""

import re
from collections.abc import Sequence

from gate.core.lazy_regex import lazy_regex

_KINDS = {
    "CWE-20": "improper input validation",
    "CWE-22": "path traversal",
    "CWE-78": "command injection",
    "CWE-79": "cross-site scripting",
    "CWE-89": "SQL injection",
    "CWE-94": "code injection",
    "CWE-120": "buffer overflow",
    "CWE-125": "out-of-bounds read",
    "CWE-190": "integer overflow",
    "CWE-352": "cross-site request forgery",
    "CWE-400": "uncontrolled resource consumption",
    "CWE-416": "use after free",
    "CWE-444": "request smuggling",
    "CWE-502": "deserialization of untrusted data",
    "CWE-601": "open redirect",
    "CWE-787": "out-of-bounds write",
    "CWE-918": "server-side request forgery",
    "CWE-1321": "prototype pollution",
    "CWE-1333": "regular expression denial of service",
}
"""By CWE, what the flaw is called."""
_SENTENCE_END = lazy_regex(r"(?<=[.!?…])\s+(?=[A-Z])")
_DESCRIBES = r"\s+(?:library |package |module |framework |server )?(?:is|are|provides|implements)\s+(?:an?|the|one)\b"
"""What follows the name in a sentence that says what a package is."""
_HARM = (
    r"vulnerab|attack|flaw|overflow|injection|inject\b|travers|bypass|denial|disclos|leak|crash|exploit|arbitrary|"
    r"malicious|unsafe|insecure|improper|prior to|before [v\d]|affected|issue|susceptible"
)
_HARMS = lazy_regex(_HARM, re.IGNORECASE)
_FLAW = lazy_regex(rf"{_HARM}|allows?\b", re.IGNORECASE)
"""Words by which a sentence is about a flaw; a package "that allows users to …" has none of the others."""


def flaw_title(summary: str, name: str, cwes: Sequence[str], aliases: Sequence[str]) -> str:
    """Return `summary`, or, where it only says what the package `name` is, what the flaw is, with its CVE.

    The flaw is the first later sentence of the summary that is on one, else the kind of the first known CWE.
    """
    first, *later = _SENTENCE_END.split(summary)
    if not _only_describes(first, name):
        return summary
    cve = next((alias for alias in aliases if alias.startswith("CVE-")), "")
    kind = next((_KINDS[cwe] for cwe in cwes if cwe in _KINDS), "vulnerability")
    flaw = next((sentence for sentence in later if _FLAW.search(sentence)), kind)
    return f"{flaw} ({cve})" if cve and cve not in flaw else flaw


def _only_describes(sentence: str, name: str) -> bool:
    """True for a sentence on what a package is, that names it in the last part of its name or in one word."""
    last = re.escape(name.rpartition("/")[2])
    begins = re.match(rf"(?:the\s+)?(?:`|\")?(?:{last}|[\w.@/+-]+)(?:`|\")?{_DESCRIBES}", sentence, re.IGNORECASE)
    return begins is not None and not _HARMS.search(sentence)
