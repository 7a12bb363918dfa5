"""The names that Compose looks for, and `compose.NAME.yaml`."""

import re

COMPOSE = re.compile(r"(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml", re.IGNORECASE)
