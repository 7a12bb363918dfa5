"""uWSGI: the application, settings and plug-ins that it is told to load."""

import pytest

TREE = {
    "!usr/bin/uwsgi": "",
    "!usr/bin/python3": "",
    "!opt/venv/bin/python3": "",
    "usr/lib/uwsgi/plugins/python3_plugin.so": "",
    "app/uwsgi.ini": "[uwsgi]\nplugins = python3\nmodule = site:app\n",
    "app/other.yaml": "uwsgi:\n  wsgi-file: site.py\n  chdir: /srv\n",
    "app/site.py": "",
    "srv/site.py": "",
}


@pytest.mark.parametrize(
    ("command", "opened"),
    [
        ("uwsgi --ini uwsgi.ini", {"app/uwsgi.ini", "usr/lib/uwsgi/plugins/python3_plugin.so", "app/site.py"}),
        ("uwsgi uwsgi.ini", {"app/uwsgi.ini", "usr/lib/uwsgi/plugins/python3_plugin.so", "app/site.py"}),
        ("uwsgi --yaml other.yaml", {"app/other.yaml", "srv/site.py"}),
        ("uwsgi --http :80 -w site", {"app/site.py"}),
        ("uwsgi --http=:80 --wsgi-file=site.py", {"app/site.py"}),
        ("uwsgi --chdir /srv --module site:app", {"srv/site.py"}),
    ],
)
def test_the_application_is_run_by_python(run, command, opened):
    assert set(run(TREE, command).certain) == {"usr/bin/uwsgi", "usr/bin/python3", *opened}


def test_the_interpreter_is_that_of_the_virtual_environment(run):
    found = run(TREE, "uwsgi --home /opt/venv -w site")
    assert "opt/venv/bin/python3" in found.certain
    assert "usr/bin/python3" not in found.certain


def test_an_application_that_a_placeholder_names_is_a_gap(run):
    assert run({**TREE, "app/uwsgi.ini": "module = %(name)\n"}, "uwsgi uwsgi.ini").gaps
