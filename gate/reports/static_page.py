"""HTML pages without scripts: a template, the shared style, and a Content-Security-Policy that forbids all else."""

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gate.core.text import clipped, one_line, visible


def render(package: str, template: str, **values: Any) -> str:
    """Return the page of the template in `package`; every value is escaped unless it is Markup."""
    style = _style()
    policy = f"default-src 'none'; style-src {hash_source(style)}; base-uri 'none'; form-action 'none'"
    page = _environment(package).get_template(template)
    return page.render(style=Markup(style), policy=policy, **values)  # noqa: S704  (a file of this package)


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
