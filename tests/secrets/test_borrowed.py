"""detect-secrets is imported without what the gate does not use of it, and is all there for whoever asks for more."""

import subprocess
import sys


def test_the_engine_loads_no_network_library() -> None:
    program = "import sys, gate.secrets.scan; print(*(name for name in ('requests', 'urllib3') if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_real_library_can_still_be_imported() -> None:
    program = "import gate.secrets.scan, requests; print(requests.get.__module__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "requests.api"


ASKED_FOR_LATER = """
import sys
import gate.secrets.borrowed
assert "requests" not in sys.modules
assert "detect_secrets.core.scan" not in sys.modules
import detect_secrets
from detect_secrets import SecretsCollection
from detect_secrets.core.plugins import Plugin, initialize
from detect_secrets.filters import wordlist
from detect_secrets.plugins.base import BasePlugin
assert detect_secrets.core.scan and detect_secrets.filters.gibberish
assert BasePlugin is gate.secrets.borrowed.BasePlugin
"""


def test_what_was_left_out_is_there_when_asked_for() -> None:
    subprocess.run([sys.executable, "-c", ASKED_FOR_LATER], check=True)
