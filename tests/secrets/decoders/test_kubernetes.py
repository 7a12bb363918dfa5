"""Kubernetes Secret manifests: base64 under `data` is read as what it stands for."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.secrets.decoders.kubernetes import parts
from gate.secrets.engine.text import decode


def revealed(manifest: str) -> list[tuple[str, str, str, int]]:
    text = decode(manifest.encode())
    assert text is not None
    return [(one.text.content, one.path, one.within, one.line_of(1)) for one in parts(text, "s.yaml")]


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\n"
PASSWORD = b64("Krafel_72zor!")


@pytest.mark.parametrize(
    "manifest",
    [
        f"{SECRET}data:\n  DB_PASSWORD: {PASSWORD}\n",
        f"{SECRET}data:\n  DB_PASSWORD: '{PASSWORD}' # rotated\n",
        f"{SECRET}data:\n  DB_PASSWORD: !!binary {PASSWORD}\n",
        f"{SECRET}data:\n  DB_PASSWORD: >-\n    {PASSWORD[:8]}\n    {PASSWORD[8:]}\n",
        f"apiVersion: v1\n\ndata:\n  DB_PASSWORD: {PASSWORD}\nkind: Secret\n",
        f'{{\n  "kind": "Secret",\n  "data": {{\n    "DB_PASSWORD": "{PASSWORD}"\n  }}\n}}\n',
        f"kind: List\nitems:\n- kind: Secret\n  data:\n    DB_PASSWORD: {PASSWORD}\n",
        f"kind: ConfigMap\ndata:\n  A: {PASSWORD}\n---\n{SECRET}data:\n  DB_PASSWORD: {PASSWORD}\n",
        f"{{{{- if .Values.secret }}}}\n{SECRET}data:\n  {{{{ range }}}}\n  DB_PASSWORD: {PASSWORD}\n{{{{ end }}}}\n",
    ],
)
def test_a_value_is_revealed_on_its_line(manifest: str) -> None:
    number = next(n for n, line in enumerate(manifest.split("\n"), 1) if "DB_PASSWORD" in line)
    assert revealed(manifest) == [('DB_PASSWORD: "Krafel_72zor!"', "s.yaml", "key DB_PASSWORD", number)]


def test_a_value_of_several_lines_is_read_as_the_file_that_it_is_mounted_as() -> None:
    file = "[db]\npassword = Krafel_72zor!\n"
    assert revealed(f"{SECRET}data:\n  app.ini: {b64(file)}\n") == [(file, "s.yaml!/app.ini", "key app.ini", 6)]


@pytest.mark.parametrize(
    "manifest",
    [
        f"kind: ConfigMap\ndata:\n  DB_PASSWORD: {PASSWORD}\n",
        f"kind: SealedSecret\nencryptedData:\n  DB_PASSWORD: {PASSWORD}\n",
        f"{SECRET}metadata:\n  DB_PASSWORD: {PASSWORD}\n",
        f"{SECRET}data:\n  DB_PASSWORD: {{{{ .Values.password | b64enc }}}}\n",
        f"{SECRET}data:\n  picture: iVBORw0KGgoAAAANSUhEUg==\n",
        f"{SECRET}data: {{}}\n",
    ],
)
def test_what_is_no_secret_s_text_is_left_alone(manifest: str) -> None:
    assert revealed(manifest) == []


@given(st.text(alphabet="kindSecretdata: \n-{}'\"=|>#Ab9", max_size=300))
def test_every_text_is_read(text: str) -> None:
    lines = text.count("\n") + 40
    assert all(
        1 <= line <= lines for _, _, _, line in revealed(f"kind: Secret\n{text}\n{SECRET}data:\n  a: {PASSWORD}")
    )
