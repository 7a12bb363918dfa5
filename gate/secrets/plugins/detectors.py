"""Our tables as detect-secrets plugins: `detect-secrets scan -p gate/secrets/plugins/detectors.py` takes them all."""

from gate.secrets.kinds.detectors import __dir__, __getattr__

__all__ = ["__dir__", "__getattr__"]
