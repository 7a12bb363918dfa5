#!/bin/sh
# Rolls the images of one commit out to the cluster.
set -eu
commit=${1:?usage: deploy.sh COMMIT}
for service in api web worker shipping; do
    kubectl set image "deployment/$service" "$service=registry.storefront.example/shop/$service:$commit"
done
kubectl rollout status deployment/api --timeout=120s
