"""detect-secrets is imported without the library that it asks services with."""

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
