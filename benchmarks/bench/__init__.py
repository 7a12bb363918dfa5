"""The gate beside what people would use instead, in one run: `make bench`, `make bench-check`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # the scripts there import one another by their plain names
