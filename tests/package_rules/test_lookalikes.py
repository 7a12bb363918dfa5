"""Names that nearly are a popular one are told, and honest names with near names are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.package_rules.lookalikes import lookalike


@pytest.mark.parametrize(
    ("ecosystem", "name", "popular", "slip"),
    [
        ("PyPI", "reqeusts", "requests", "two letters changed places"),
        ("PyPI", "rquests", "requests", "a letter is missing"),
        ("PyPI", "requuests", "requests", "a doubled letter"),
        ("PyPI", "djanga", "django", "another letter"),
        ("PyPI", "pillwo", "pillow", "two letters changed places"),
        ("PyPI", "beautifulsoop4", "beautifulsoup4", None),
        ("PyPI", "pythondateutil", "python-dateutil", "other separators"),
        ("npm", "loadsh", "lodash", "two letters changed places"),
        ("npm", "mongose", "mongoose", "a letter is missing"),
        ("npm", "crossenv", "cross-env", "other separators"),
        ("npm", "expresss", "express", "a doubled letter"),
        ("npm", "electorn", "electron", "two letters changed places"),
        ("crates.io", "serde_jsonn", "serde_json", "a doubled letter"),
        ("RubyGems", "nokogirii", "nokogiri", "a doubled letter"),
        ("NuGet", "Newtonsoft.Jsno", "newtonsoft.json", "two letters changed places"),
        ("Packagist", "symfony/http-kernal", "symfony/http-kernel", "another letter"),
    ],
)
def test_a_slip_of_hand_or_eye_is_told(ecosystem: str, name: str, popular: str, slip: str | None) -> None:
    found = lookalike(ecosystem, name)
    assert (found and (found.popular, found.slip)) == ((popular, slip) if slip else None)


@pytest.mark.parametrize(
    ("ecosystem", "names"),
    [
        (
            "PyPI",
            "requests request urllib urllib3 boto boto3 psycopg psycopg2 jinja jinja2 pyaml pyyaml attr attrs FLASK "
            "python_dateutil typing_extensions simpy sympy fastai cchardet scapy panda pandas-stubs colour tomli "
            "types-requests requests-mock numpyro django-filer h2 h11 httpx httpx2 six my-internal-thing",
        ),
        (
            "npm",
            "request requests react preact inferno chalk colors color next nest jest vuex vue express express-async "
            "eslint tslint inquirer enquirer prompts prompt @babel/core babel-core @types/node lodash.get lodash-es "
            "JSONStream jsonstream colord stylis jsonschema redux redis immer async",
        ),
        ("crates.io", "serde serde_json reqwest request bytes byte futures future tokio tracing rand rand_core"),
        ("RubyGems", "rails rack rake rspec devise device redis json"),
        ("Go", "github.com/gin-gonic/gim"),
        ("Debian:12", "opensl"),
    ],
)
def test_honest_names_are_left_alone(ecosystem: str, names: str) -> None:
    assert [name for name in names.split() if lookalike(ecosystem, name)] == []


@given(st.sampled_from(["PyPI", "npm", "NuGet"]), st.text(max_size=30))
def test_every_name_has_an_answer(ecosystem: str, name: str) -> None:
    found = lookalike(ecosystem, name)
    assert found is None or found.popular != name
