"""detect-secrets is imported without what the gate does not use of it, and is all there for whoever asks for more."""

import subprocess
import sys

import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

from gate.secrets.engine import detect_secrets_adapter


def test_the_plugins_are_those_that_detect_secrets_has() -> None:
    theirs = list(get_mapping_from_secret_type_to_class().values())
    assert [detect_secrets_adapter.plugin_class(name) for name in detect_secrets_adapter.PLUGIN_MODULES] == theirs


def test_those_of_another_version_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(detect_secrets_adapter.PLUGIN_MODULES)
    monkeypatch.setattr(detect_secrets_adapter, "VERSION", "1.6.0")
    monkeypatch.setattr(detect_secrets_adapter, "_PLUGINS_OF_1_5", {})
    assert detect_secrets_adapter._plugin_modules() == known


def test_the_engine_loads_no_network_library() -> None:
    loaded = "(name for name in ('requests', 'urllib3') if name in sys.modules)"
    program = f"import sys, gate.secrets.engine.scan; print(*{loaded})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_real_library_can_still_be_imported() -> None:
    program = "import gate.secrets.engine.scan, requests; print(requests.get.__module__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "requests.api"


ASKED_FOR_LATER = """
import sys
import gate.secrets.engine.detect_secrets_adapter
assert "requests" not in sys.modules
assert "detect_secrets.core.scan" not in sys.modules
import detect_secrets
from detect_secrets import SecretsCollection
import pytest
from detect_secrets.core.plugins import Plugin, initialize
from detect_secrets.filters import wordlist
from detect_secrets.plugins.base import BasePlugin
assert detect_secrets.core.scan and detect_secrets.filters.gibberish
assert BasePlugin is gate.secrets.engine.detect_secrets_adapter.BasePlugin
"""


def test_what_was_left_out_is_there_when_asked_for() -> None:
    subprocess.run([sys.executable, "-c", ASKED_FOR_LATER], check=True)
