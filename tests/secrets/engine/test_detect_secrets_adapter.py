"""detect-secrets is used as it is; in the gate's own processes alone it is imported without its network library."""

import subprocess
import sys

import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

from gate.secrets.engine import detect_secrets_adapter

OWN = "from gate.__main__ import prepare_process; prepare_process()"
ENGINE = "import gate.secrets.engine.scan"


def printed_by(*statements: str) -> str:
    program = "\n".join(["import sys", *statements])
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_the_plugins_are_those_that_detect_secrets_has() -> None:
    theirs = list(get_mapping_from_secret_type_to_class().values())
    assert [detect_secrets_adapter.plugin_class(name) for name in detect_secrets_adapter.PLUGIN_MODULES] == theirs


def test_those_of_another_version_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(detect_secrets_adapter.PLUGIN_MODULES)
    monkeypatch.setattr(detect_secrets_adapter, "VERSION", "1.6.0")
    monkeypatch.setattr(detect_secrets_adapter, "_PLUGINS_OF_1_5", {})
    assert detect_secrets_adapter._plugin_modules() == known


def test_in_an_own_process_the_engine_and_its_plugins_load_neither_a_network_library_nor_a_scanner() -> None:
    plugins = (
        "from gate.secrets.engine.detect_secrets_adapter import PLUGIN_MODULES, plugin_class",
        "print(sum(plugin_class(name)() is not None for name in PLUGIN_MODULES))",
    )
    unused = "('requests', 'urllib3', 'inspect', 'logging', 'multiprocessing', 'detect_secrets.core.scan')"
    loaded = f"print(*(name for name in {unused} if name in sys.modules))"
    assert printed_by(OWN, ENGINE, *plugins, loaded) == "27"


def test_the_real_library_can_still_be_imported_there() -> None:
    assert printed_by(OWN, ENGINE, "import requests; print(requests.get.__module__)") == "requests.api"


def test_what_was_left_out_there_is_there_when_it_is_asked_for() -> None:
    asked = (
        "import detect_secrets",
        "from detect_secrets import SecretsCollection",
        "from detect_secrets.core.plugins import Plugin, initialize",
        "from detect_secrets.filters import wordlist",
        "from detect_secrets.plugins.base import BasePlugin",
        "from gate.secrets.engine import detect_secrets_adapter",
        "assert detect_secrets.core.scan and detect_secrets.filters.gibberish",
        "print(BasePlugin is detect_secrets_adapter.BasePlugin)",
    )
    assert printed_by(OWN, ENGINE, *asked) == "True"


def test_in_a_process_of_others_detect_secrets_is_as_its_own_packages_make_it() -> None:
    with_it = "import detect_secrets.plugins.base, requests; print(detect_secrets.plugins.base.requests is requests)"
    whole = "print(detect_secrets.SecretsCollection.__module__, detect_secrets.filters.gibberish.__name__)"
    shown = printed_by(ENGINE, with_it, whole)
    assert shown.split() == ["True", "detect_secrets.core.secrets_collection", "detect_secrets.filters.gibberish"]
