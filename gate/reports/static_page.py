"""Static HTML pages: a template, the shared style, and a Content-Security-Policy that forbids all else."""

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gate.core.text import clipped, one_line, visible


def render(package: str, template: str, script_file: str = "", *, fetches: bool = False, **values: Any) -> str:
    """Return the page of the template in `package`; every value is escaped unless it is Markup.

    `script_file` of the package is the only script that may run; it gets no value, and finds what it needs in the page.
    With `fetches` it may fetch files of the page's own host.
    """
    style = _style()
    script = resources.files(package).joinpath(script_file).read_text("utf-8") if script_file else ""
    policy = f"default-src 'none'; style-src {hash_source(style)}; base-uri 'none'; form-action 'none'"
    if script:
        policy += f"; script-src {hash_source(script)}; require-trusted-types-for 'script'; trusted-types 'none'"
    if fetches:
        policy += "; connect-src 'self'"
    page = _environment(package).get_template(template)
    parts = {"style": Markup(style), "script": Markup(script)}  # noqa: S704  (files of this package)
    return page.render(policy=policy, **parts, **values)


def fragment(package: str, template: str, **values: Any) -> Markup:
    """Return a part of a page, for a page of any package; every value is escaped unless it is Markup."""
    return Markup(_environment(package).get_template(template).render(**values))  # noqa: S704  (an escaped template)


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=PackageLoader(package, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"visible": visible, "one_line": one_line, "clipped": clipped}
    return environment


@cache
def _style() -> str:
    colours = resources.files("gate.reports.html").joinpath("style", "colours.css").read_text("utf-8")
    return colours + resources.files("gate.reports").joinpath("static_page.css").read_text("utf-8")


def hash_source(text: str) -> str:
    """Return the source for a Content-Security-Policy that allows exactly this style or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
