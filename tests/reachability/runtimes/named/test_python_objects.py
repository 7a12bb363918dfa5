"""Objects that Python stored: the modules that loading them imports."""

import bz2
import gzip
import io
import lzma
import pickle
import zipfile
import zlib
from decimal import Decimal

import pytest

from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.named.python_objects import read_objects
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_states import states

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
SITE = "usr/local/lib/python3.13/site-packages"


def zipped(content, method):
    """An archive as PyTorch and NumPy write it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("model/data.pkl", content)
    return file.getvalue()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_modules_of_all_classes_are_found(protocol):
    found = read_objects(pickle.dumps([1, Decimal("2"), zlib.crc32], protocol))
    assert found.is_read
    assert {"decimal", "zlib"} <= set(found.modules)


@pytest.mark.parametrize(
    "pack",
    [
        zlib.compress,
        gzip.compress,
        lambda content: zipped(content, zipfile.ZIP_STORED),
        lambda content: zipped(content, zipfile.ZIP_DEFLATED),
        bz2.compress,
        lzma.compress,
    ],
    ids=["zlib", "gzip", "zip, stored", "zip", "bz2", "xz"],
)
def test_packed_objects_are_read(pack):
    found = read_objects(pack(pickle.dumps(Decimal("2"))))
    assert found.is_read
    assert "decimal" in found.modules


@pytest.mark.parametrize(
    "content",
    [
        b"\x28\xb5\x2f\xfd",
        zlib.compress(pickle.dumps(Decimal("2")))[:-6],
        gzip.compress(b"") + gzip.compress(b""),
        zipped(b"x", zipfile.ZIP_STORED)[:40],
    ],
    ids=["zstd", "zlib without its end", "two parts", "zip without its end"],
)
def test_what_is_packed_otherwise_or_damaged_is_not_read(content):
    assert not read_objects(content).is_read


def test_what_a_stored_model_names_may_be_loaded():
    """The program imports what loads it alone; the classes that it is made of stand in the model."""
    tree = {
        "!usr/bin/python3": make_elf(),
        "srv/app.py": "import store\nstore.load(FOLDER + '/m')\n",
        f"{SITE}/forest/__init__.py": "",
        f"{SITE}/forest-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: forest\nVersion: 1\n",
        f"{SITE}/forest-1.dist-info/RECORD": "forest/__init__.py,,\nforest-1.dist-info/METADATA,,\n",
    }
    model = b"\x80\x04\x95\x1a\0\0\0\0\0\0\0\x8c\x0bforest.tree\x94\x8c\x04Tree\x94\x93\x94."
    for more, in_use in (
        ({}, InUse.NO),
        ({"srv/m.joblib": b"\x80\x04\x8c\x05other\x8c\x01x\x93."}, InUse.NO),
        ({"var/cache/apt/pkgcache.bin": model}, InUse.NO),
        ({"srv/m.joblib": model}, InUse.UNKNOWN),
        ({"srv/m.pkl.gz": gzip.compress(model)}, InUse.UNKNOWN),
        ({"srv/m.pkl.bz2": bz2.compress(model)}, InUse.UNKNOWN),
        ({"srv/m.pkl.zst": b"\x28\xb5\x2f\xfd"}, InUse.UNKNOWN),
    ):
        assert states({**tree, **more}, Runtime(cmd=["python3", "/srv/app.py"]))["forest"].in_use is in_use, more


def test_an_object_that_a_start_is_given_is_read_whatever_it_is_called():
    site = "usr/lib/python3/dist-packages"
    tree = {
        "!usr/bin/python3": make_elf(),
        "srv/app.py": "import pickle\npickle.load(open('/srv/forest'))\n",
        "srv/forest": pickle.dumps(Decimal("2"), 4).replace(b"\x07decimal", b"\x07forests"),
        f"{site}/forests.py": "",
        "var/lib/dpkg/status": "Package: python3-forests\nStatus: install ok installed\nVersion: 1-1\n\n",
        "var/lib/dpkg/info/python3-forests.list": f"/{site}/forests.py\n",
        "etc/os-release": 'ID=debian\nVERSION_ID="13"\n',
    }
    found = states(tree, Runtime(cmd=["python3", "/srv/app.py"]))
    assert found["python3-forests"].in_use is InUse.UNKNOWN
