"""Kubernetes manifests: what they let a workload do, and who may do what around it."""
