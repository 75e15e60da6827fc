#!/usr/bin/env bash
set -euo pipefail
export REGISTRY=registry.example.org
export TAG="${GITHUB_SHA:-latest}"
export KUBECONFIG=$HOME/.kube/config
docker build -t "$REGISTRY/app:$TAG" .
docker push "$REGISTRY/app:$TAG"
if [ "${1:-}" = "--apply" ]; then
  kubectl set image deployment/app app="$REGISTRY/app:$TAG"
fi
cat > /tmp/note <<'TEXT'
MESSAGE=deployed
TEXT
