"""Small trees with kustomizations, which both our rendering and Kustomize's own are asked for."""

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      volumes:
        - {name: cache, emptyDir: {}}
        - {name: socket, hostPath: {path: /var/run/docker.sock}}
      containers:
        - name: web
          image: registry.example/shop/web:1.0
          args: [--verbose, --port=80]
          env: [{name: MODE, value: test}, {name: LEVEL, value: debug}]
          ports: [{containerPort: 80}]
          securityContext: {privileged: true}
        - {name: side, image: "registry.example/side@sha256:0000"}
"""
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n"
BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: web}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, name: web}, {kind: ServiceAccount, name: other}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [secrets], verbs: [list]}]
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80, name: http}]}\n"
CUSTOM = """\
apiVersion: shop.example/v1
kind: Shop
metadata: {name: web}
spec: {containers: [{name: a, image: a:1}, {name: b, image: b:1}]}
"""
_HEAD = "resources: [web.yaml]\n"


def _with(kustomization: str, **files: str) -> dict[str, str]:
    named = {name.replace("_", "."): text for name, text in files.items()}
    return {"kustomization.yaml": _HEAD + kustomization, "web.yaml": WEB, **named}


_MENDED = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      volumes: [{name: socket, $patch: delete}]
      containers:
        - name: web
          securityContext: {privileged: null, runAsNonRoot: true}
          env: [{name: LEVEL, value: info}, {name: NEW, value: "1"}]
          args: [--quiet]
          ports: [{containerPort: 8080}]
        - {name: side, $patch: delete}
        - {name: added, image: added:1}
"""
CASES: dict[str, dict[str, str]] = {
    "a base that is used as it is": _with(""),
    "a strategic merge patch in a file": _with("patchesStrategicMerge: [patch.yaml]", patch_yaml=_MENDED),
    "a patch with a path": _with("patches: [{path: patch.yaml}]", patch_yaml=_MENDED),
    "a patch that stands in the kustomization": _with(
        "patches:\n  - target: {kind: Deployment}\n    patch: |\n"
        "      - {op: replace, path: /spec/template/spec/containers/0/securityContext/privileged, value: false}\n"
        "      - {op: add, path: /spec/template/spec/containers/0/args/-, value: --last}\n"
        "      - {op: add, path: /spec/template/spec/containers/0/args/0, value: --first}\n"
        "      - {op: remove, path: /spec/template/spec/volumes/1}\n"
    ),
    "a patch for a pattern of names": _with(
        "patches:\n  - target: {name: w.*}\n    patch: |-\n"
        "      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: any, labels: {team: shop}}\n"
    ),
    "pointers with escaped signs": _with(
        "patchesJson6902:\n  - target: {group: apps, version: v1, kind: Deployment, name: web}\n    path: patch.json\n",
        patch_json='[{"op": "add", "path": "/metadata/annotations", "value": {}}, '
        '{"op": "add", "path": "/metadata/annotations/a~1b", "value": "c"}]',
    ),
    "a deleted object": _with(
        "patches: [{path: patch.yaml}]",
        patch_yaml="apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n$patch: delete\n",
    ),
    "a replaced mapping": _with(
        "patches: [{path: patch.yaml}]",
        patch_yaml="apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: "
        "{containers: [{name: web, securityContext: {$patch: replace, runAsUser: 7}}]}}}\n",
    ),
    "a namespace, for bindings too": {
        "kustomization.yaml": "namespace: shop\nresources: [web.yaml, account.yaml, binding.yaml, ns.yaml]\n",
        "web.yaml": WEB,
        "account.yaml": ACCOUNT,
        "binding.yaml": BINDING,
        "ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: old}\n",
    },
    "a prefix and a suffix, for references too": {
        "kustomization.yaml": "namePrefix: a-\nnameSuffix: -z\nresources: [web.yaml, account.yaml, binding.yaml]\n",
        "web.yaml": WEB,
        "account.yaml": ACCOUNT,
        "binding.yaml": BINDING,
    },
    "images": _with(
        "images:\n  - {name: registry.example/shop/web, newName: mirror.example/web, newTag: '2.0'}\n"
        "  - {name: registry.example/side, newTag: '3'}\n  - {name: nothing, newTag: '4'}\n"
    ),
    "an image by its digest": _with("images: [{name: registry.example/shop/web, digest: 'sha256:1111'}]\n"),
    "labels with selectors": {
        "kustomization.yaml": "commonLabels: {team: shop}\nresources: [web.yaml, service.yaml]\n",
        "web.yaml": WEB,
        "service.yaml": SERVICE,
    },
    "labels without selectors": _with("labels: [{pairs: {team: shop}}]\ncommonAnnotations: {owner: me}\n"),
    "labels for templates": _with("labels: [{pairs: {team: shop}, includeTemplates: true}]\n"),
    "a component": {
        "kustomization.yaml": "resources: [web.yaml]\ncomponents: [part]\nnamePrefix: a-\n",
        "web.yaml": WEB,
        "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
        "resources: [service.yaml]\npatches: [{path: patch.yaml}]\n",
        "part/service.yaml": SERVICE,
        "part/patch.yaml": _MENDED,
    },
    "an overlay on an overlay": {
        "base/kustomization.yaml": "resources: [web.yaml]\nnamePrefix: a-\n",
        "base/web.yaml": WEB,
        "middle/kustomization.yaml": "resources: [../base]\nnamePrefix: b-\nnamespace: shop\n",
        "kustomization.yaml": "resources: [middle]\npatches: [{path: patch.yaml}]\n",
        "patch.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {paused: true}\n",
    },
    "generators": _with(
        "configMapGenerator: [{name: settings, literals: [A=1, 'B=x=y'], envs: [some.env]}]\n"
        "secretGenerator: [{name: login, literals: [user=me]}]\ngeneratorOptions: {disableNameSuffixHash: true}\n",
        some_env="# a comment\nC=3\n\n",
    ),
    "a replacement": _with(
        "replacements:\n  - source: {kind: Deployment, name: web, fieldPath: metadata.name}\n    targets:\n"
        "      - select: {kind: Deployment}\n"
        "        fieldPaths: ['spec.template.spec.containers.[name=web].env.0.value']\n"
        "      - select: {kind: Deployment}\n        fieldPaths: ['spec.template.spec.containers.1.image']\n"
        "        options: {delimiter: /, index: 0}\n"
    ),
    "a custom resource, whose lists are replaced": {
        "kustomization.yaml": "resources: [shop.yaml]\npatches: [{path: patch.yaml}]\n"
        "images: [{name: b, newTag: '2'}]\n",
        "shop.yaml": CUSTOM,
        "patch.yaml": "apiVersion: shop.example/v1\nkind: Shop\nmetadata: {name: web}\n"
        "spec: {containers: [{name: b, image: b:1}]}\n",
    },
    "ports of a service": {
        "kustomization.yaml": "resources: [service.yaml]\npatches: [{path: patch.yaml}]\n",
        "service.yaml": SERVICE,
        "patch.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
        "spec: {ports: [{port: 80, targetPort: 8}]}\n",
    },
    "a list of objects": {
        "kustomization.yaml": "resources: [all.json]\nnamespace: shop\n",
        "all.json": '{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "ServiceAccount", '
        '"metadata": {"name": "a"}}]}',
    },
}
