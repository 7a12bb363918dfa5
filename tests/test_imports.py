"""Each module of the gate can be imported, without a warning of Python's."""

from importlib import import_module
from pkgutil import walk_packages

import pytest

import gate


@pytest.mark.every_python
def test_each_module_can_be_imported() -> None:
    names = [module.name for module in walk_packages(gate.__path__, "gate.") if not module.name.endswith("__main__")]
    assert len(names) > 1300
    for name in names:
        import_module(name)
