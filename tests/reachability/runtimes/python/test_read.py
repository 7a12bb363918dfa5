"""What the text of a Python module says."""

import pytest

from gate.reachability.runtimes.python.read import read_code


@pytest.mark.parametrize(
    ("text", "imported"),
    [
        ("for package in ('urllib3', 'idna'):\n    locals()[package] = __import__(package)\n", {"urllib3", "idna"}),
        ("for each in ['shop.a']:\n    import_module(each)\n", {"shop.a"}),
        ("for each in ('shop',):\n    import_module(other)\n", set()),
        ("for each in NAMES:\n    import_module(each)\n", set()),
        ("def later():\n    for each in ('shop',):\n        import_module(each)\n", set()),
    ],
)
def test_a_loop_of_the_module_itself_imports_what_it_lists(text, imported):
    """As `requests.packages` imports urllib3 and idna."""
    assert {one.module for one in read_code(text, is_own=False).source.imports if not one.is_lazy} == imported


@pytest.mark.parametrize(
    ("text", "at_once", "ever"),
    [
        ("CONTENT_TYPES: Final[MimeTypes] = MimeTypes()  # mimetypes\n", True, True),
        ("import mimetypes\nmimetypes.add_type('text/css', '.css')\n", True, True),
        ("import mimetypes\nmimetypes.init()\n", True, True),
        ("import mimetypes\ndef send(path):\n    return mimetypes.guess_type(path)\n", False, True),
        ("import mimetypes\ninit()\nx.guess_type(path)\n", False, False),
        ("import mimetypes\n", False, False),
    ],
)
def test_the_system_s_types_of_media_are_read_at_the_first_question(text, at_once, ever):
    assert read_code(text, is_own=False).reads_types is at_once
    assert read_code(text, is_own=True).reads_types is ever


@pytest.mark.parametrize(("source", "is_read"), [("import types_of", True), ("def f():\n    pass", False)])
def test_an_import_reads_the_types_that_a_package_asks_for_when_it_is_imported(run, source, is_read):
    image = {
        "!usr/bin/python3.13": "",
        "usr/lib/python3.13/os.py": "",
        "usr/lib/python3/dist-packages/types_of.py": "import mimetypes\nmimetypes.init()\n",
        "etc/mime.types": "text/css css\n",
        "app/run.py": source,
    }
    assert ("etc/mime.types" in run(image, "/usr/bin/python3.13 run.py").certain) is is_read
