"""Small charts, which both our rendering and Helm's own are asked for."""

import io
import tarfile
from collections.abc import Mapping

_CHART = "apiVersion: v2\nname: shop\nversion: 1.2.3\nappVersion: '4.5'\n"
_HELPERS = """\
{{/* A comment: {{ nothing }} */}}
{{- define "shop.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- define "shop.labels" -}}
app: {{ include "shop.name" . }}
chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
"""
_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-{{ include "shop.name" . }}
  labels: {{- include "shop.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicas | int }}
  {{- end }}
  template:
    spec:
      {{- if and .Values.host .Values.pid }}
      hostPID: true
      {{- else if eq .Values.kind "agent" }}
      hostNetwork: true
      {{- else }}
      hostIPC: {{ .Values.ipc | default false }}
      {{- end }}
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          securityContext:
            {{- toYaml .Values.securityContext | nindent 12 }}
          env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name | upper }}
              value: {{ $value | quote }}
            {{- end }}
            {{- range .Values.more }}
            {{- if eq . "skip" }}{{ continue }}{{ end }}
            - {name: {{ . }}, value: {{ $.Values.kind | b64enc }}}
            {{- end }}
"""
_VALUES = """\
replicas: 2
autoscaling: {enabled: false}
host: true
pid: false
kind: agent
image: {repository: registry.example/shop}
labels: {team: &team shop, also: *team}
securityContext: {privileged: true}
env: {mode: test, level: 3}
more: [one, skip, two]
"""


def chart(values: str = _VALUES, deployment: str = _DEPLOYMENT, **more: str) -> dict[str, str]:
    """Return the files of a chart; further templates are named by what they are called without their ending."""
    further = {f"templates/{name}.yaml": text for name, text in more.items()}
    return {
        "Chart.yaml": _CHART,
        "values.yaml": values,
        "templates/_helpers.tpl": _HELPERS,
        "templates/deployment.yaml": deployment,
        "templates/NOTES.txt": "{{ .Values.nothing }}",
        **further,
    }


def _secret(line: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  a: {line}\n"


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """Return a gzipped tar of files, as `helm package` makes one."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as packed:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            held = content.encode() if isinstance(content, str) else content
            entry.size = len(held)
            packed.addfile(entry, io.BytesIO(held))
    return made.getvalue()


INNER = {
    "inner/Chart.yaml": "apiVersion: v2\nname: inner\nversion: 1.0.0\n",
    "inner/values.yaml": "size: 1\nother: 2\n",
    "inner/templates/_helpers.tpl": '{{ define "inner.size" }}{{ .Values.size }}{{ end }}',
    "inner/templates/a.yaml": _secret('"{{ include "inner.size" . }}{{ .Values.other }}{{ .Files.Get "a.txt" }}"'),
    "inner/a.txt": "packed",
}
"""A chart as its archive holds it."""

CASES: dict[str, Mapping[str, str | bytes]] = {
    "a chart with helpers, conditions and loops": chart(),
    "a file of several objects, one of them switched off": chart(
        more="{{ if .Values.host }}\n"
        + _secret("x")
        + "{{ end }}\n---\n{{ if .Values.pid }}\n"
        + _secret("y")
        + "{{ end }}"
    ),
    "variables, and what changes them": chart(
        more="{{- $all := list -}}\n{{- range $k, $v := .Values.env }}"
        '{{ $all = append $all (printf "%s=%v" $k $v) }}{{ end -}}\n' + _secret('{{ join "," $all | quote }}')
    ),
    "dictionaries": chart(
        more='{{- $d := dict "a" 1 "b" (dict "c" "x") -}}{{- $_ := set $d "z" true -}}\n'
        + _secret('{{ printf "%v %s %v" (hasKey $d "b") (dig "b" "c" "no" $d) (keys $d | sortAlpha) | quote }}')
    ),
    "mappings that are merged": chart(
        more='{{- $d := dict "off" false "word" "" "in" (dict "a" false "b" 1) "one" 1 -}}\n'
        '{{- $more := dict "off" true "word" "x" "in" (dict "a" true "b" 2) "one" 0 -}}\n'
        + _secret("{{ list (merge (deepCopy $d) $more) (mergeOverwrite (deepCopy $d) $more) | toJson | quote }}")
    ),
    "a boundary without a line of its own": chart(
        more=_secret("x") + "---" + _secret("y").replace("name: ", "name: b-")
    ),
    "texts": chart(more=_secret('{{ "a-b c" | upper | replace " " "_" | trimPrefix "A" | quote }}')),
    "ternary, coalesce and empty": chart(
        more=_secret('{{ ternary "yes" "no" (empty .Values.none) }}-{{ coalesce .Values.none "" "last" }}')
    ),
    "a template that a value holds": chart(
        values=_VALUES + "text: '{{ .Values.kind }}-x'\n", more=_secret("{{ tpl .Values.text . }}")
    ),
    "versions": chart(
        more=_secret('{{ if semverCompare ">=1.20-0" .Capabilities.KubeVersion.Version }}new{{ else }}old{{ end }}')
    ),
    "what the API has": chart(
        more=_secret(
            '{{ .Capabilities.APIVersions.Has "shop.example/v1" }}{{ .Capabilities.APIVersions.Has "apps/v1" }}'
        )
    ),
    "a chart in a chart": {
        **chart(values=_VALUES + "inner: {size: 9}\nspare: {enabled: false}\nglobal: {zone: b}\n"),
        "Chart.yaml": _CHART + "dependencies:\n  - {name: inner, version: 1.0.0}\n"
        "  - {name: spare, version: 1.0.0, condition: spare.enabled}\n",
        "charts/inner/Chart.yaml": "apiVersion: v2\nname: inner\nversion: 1.0.0\n",
        "charts/inner/values.yaml": "size: 1\nother: 2\n",
        "charts/inner/templates/a.yaml": _secret('"{{ .Values.size }}{{ .Values.other }}{{ .Values.global.zone }}"'),
        "charts/spare/Chart.yaml": "apiVersion: v2\nname: spare\nversion: 1.0.0\n",
        "charts/spare/templates/a.yaml": _secret("off"),
    },
    "other files of the chart": {
        **chart(
            more=_secret('{{ .Files.Get "conf/a.ini" | quote }}{{ .Files.Get "missing" }}')
            + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata:\n"
            '{{ (.Files.Glob "conf/*").AsConfig | indent 2 }}\n'
            "---\napiVersion: v1\nkind: Secret\nmetadata: {name: c}\ndata:\n"
            '{{ (.Files.Glob "conf/**").AsSecrets | indent 2 }}\n'
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\ndata:\n"
            '{{- range $path, $_ := .Files.Glob "**.ini" }}\n'
            "  {{ base $path }}: {{ $.Files.Get $path | trim | quote }}\n{{- end }}\n"
            '{{- range $number, $line := .Files.Lines "lines.txt" }}\n'
            "  l{{ $number }}: {{ $line | quote }}\n{{- end }}\n"
            '  none: "{{ if .Files.Glob "none/*" }}some{{ else }}none{{ end }}"\n'
        ),
        "conf/a.ini": "[a]\nb = 1\n",
        "conf/deep/c.ini": "c = 2",
        "lines.txt": "one\ntwo\n",
    },
    "a chart in an archive, and one in an archive within it": {
        **chart(
            values=_VALUES + "inner: {size: 9}\n", more=_secret('{{ include "inner.size" (dict "Values" .Values) }}')
        ),
        "Chart.yaml": _CHART + "dependencies:\n  - {name: inner, version: 1.0.0}\n",
        "charts/inner-1.0.0.tgz": archive(
            {
                **INNER,
                "inner/Chart.yaml": INNER["inner/Chart.yaml"] + "dependencies: [{name: leaf, version: 1.0.0}]\n",
                "inner/charts/leaf-1.0.0.tgz": archive(
                    {
                        "leaf/Chart.yaml": "apiVersion: v2\nname: leaf\nversion: 1.0.0\n",
                        "leaf/templates/b.yaml": _secret("leaf").replace("name: a", "name: leaf"),
                    }
                ),
            }
        ),
    },
}
