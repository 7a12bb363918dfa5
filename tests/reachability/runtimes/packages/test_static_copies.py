"""Copies of packages' scripts for browsers."""

import pytest

from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.packages.static_copies import original_of
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import states

OWN = {"!usr/local/bin/own": make_elf(needed=["libc.so.6"], strings=["/etc/own.conf"])}
SITE = "opt/venv/lib/python3.13/site-packages"
CART = f"{SITE}/shop/static/shop/cart.js"
SCRIPT = "run('memcached -m');\n"


@pytest.mark.parametrize(
    ("path", "content", "is_copy"),
    [
        ("app/static/shop/cart.js", SCRIPT, True),
        ("srv/www/all/shop/cart.js", SCRIPT, True),
        ("app/static/shop/cart.55e7cbb9ba48.js", SCRIPT, True),
        ("app/static/shop/cart.js", "memcached -m\n", False),
        ("app/static/shop/cart.js", SCRIPT.upper(), False),
        ("app/static/cart.js", SCRIPT, False),
        ("app/static/myshop/cart.js", SCRIPT, False),
        ("app/static/shop/other.js", SCRIPT, False),
        ("app/static/shop/cart.py", SCRIPT, False),
        (f"{SITE}/other/shop/cart.js", SCRIPT, False),
    ],
)
def test_a_copy_has_the_path_and_the_content_of_a_file_that_a_distribution_serves(make_files, path, content, is_copy):
    files = make_files({CART: SCRIPT, path: content})
    assert original_of(path, files) == (CART if is_copy else None)


def test_a_packed_file_is_a_copy_if_it_lies_at_one(make_files):
    files = make_files(
        {CART: SCRIPT, "app/shop/cart.js": SCRIPT, "app/shop/cart.js.gz": "x", "srv/shop/cart.js.gz": "x"}
    )
    assert original_of("app/shop/cart.js.gz", files) == CART
    assert original_of("srv/shop/cart.js.gz", files) is None


@pytest.mark.parametrize("other", [{"!usr/bin/node": ""}, {"opt/deno/bin/deno": ""}])
def test_where_something_runs_javascript_a_copy_is_a_script_like_any_other(make_files, other):
    assert original_of("app/shop/cart.js", make_files({CART: SCRIPT, "app/shop/cart.js": SCRIPT, **other})) is None


@pytest.mark.parametrize(
    ("packaged", "stated", "in_use"),
    [
        (SCRIPT, "", InUse.NO),
        ("// another script\n", "", InUse.UNKNOWN),
        (SCRIPT, "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", InUse.UNKNOWN),
    ],
)
def test_a_copy_of_what_a_package_brought_starts_nothing(packaged, stated, in_use):
    """The last one has been changed in the package, too."""
    tree = {path: content for path, content in TREE.items() if not path.endswith("/node")}
    files = OWN | {"etc/own.conf": "shown = /app/shop/cart.js\n", "app/shop/cart.js": SCRIPT}
    files |= {
        f"{SITE}/shop-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: shop\nVersion: 1\n",
        "opt/venv/pyvenv.cfg": "home = /usr/bin\n",
    }
    record = f"shop/static/shop/cart.js,{stated},\nshop-1.dist-info/RECORD,,\n"
    files |= {f"{SITE}/shop-1.dist-info/RECORD": record, CART: packaged}
    command = Runtime(cmd=["/usr/local/bin/own"], env=["PATH=/usr/bin:/usr/local/bin"])
    assert states({**tree, **files}, command)["libevent"].in_use is in_use
