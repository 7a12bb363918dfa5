""".NET programs and Conda environments.

Goes through `gate/inventory/installed/dotnet.py`.
"""

import pytest

DEPS = """{"libraries": {
  "Shop/1.0.0": {"type": "project"},
  "Serilog/3.0.1": {"type": "package"},
  "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"type": "runtimepack"}
}}"""
RECORD = '{"name": "openssl", "version": "3.0.7", "build": "h0_0", "license": "Apache-2.0", "files": ["lib/x"]}'


def test_what_a_dotnet_program_loads(installed) -> None:
    found = installed({"app/Shop.deps.json": DEPS}, os_release=None)
    assert [(p.ecosystem, p.name, p.version, p.path) for p in found.packages] == [
        ("NuGet", "Microsoft.NETCore.App.Runtime.linux-x64", "8.0.1", "app/Shop.deps.json"),
        ("NuGet", "Serilog", "3.0.1", "app/Shop.deps.json"),
    ]


def test_what_is_in_a_conda_environment(installed) -> None:
    files = {
        "opt/conda/conda-meta/openssl-3.0.7-h0_0.json": RECORD,
        "opt/conda/conda-meta/history": "==> 2024 <==",
        "conda-meta/a-1-0.json": '{"name": "a", "version": "1"}',
    }
    assert [(p.ecosystem, p.name, p.version, p.license) for p in installed(files, os_release=None).packages] == [
        ("Conda", "a", "1", None),
        ("Conda", "openssl", "3.0.7", "Apache-2.0"),
    ]


@pytest.mark.parametrize("path", ["app/Shop.deps.json", "conda-meta/a.json"])
@pytest.mark.parametrize("content", ["", "[]", "{}", b"\xff\xfe", "[" * 100_000])
def test_a_broken_file_is_an_error_of_the_image(installed, path, content) -> None:
    (error,) = installed({path: content}, os_release=None).errors
    assert "cannot be parsed" in error.message
    assert "image stage" in error.hint
