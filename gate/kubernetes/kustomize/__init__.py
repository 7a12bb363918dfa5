"""Kustomize: what the overlays of a repository make of its manifests, by our own reading; nothing is started."""
