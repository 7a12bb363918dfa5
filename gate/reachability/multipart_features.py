"""The feature of python-multipart that an advisory names.

FastAPI and Starlette load the package and take files apart with it by themselves: neither switches the feature on.
"""

import re

from gate.core.lazy_regex import lazy_regex
from gate.reachability.feature import Feature

MULTIPART_FEATURES = (
    Feature(
        "keeping uploads under the names that they come with",
        lazy_regex(r"\bArbitrary File Write via Non-Default Configuration\b"),
        None,
        lazy_regex(rb"UPLOAD_KEEP_FILENAME|\bFormParser\b"),
        known_by=lazy_regex(r"\.py\Z", re.IGNORECASE),
    ),
)
