# shellcheck shell=bash disable=SC2034 # for the scripts that source this
# What the demo's objects are called, and where they are. Sourced by the demo's scripts.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

[[ -n ${CLUSTER:-} ]] || unset CLUSTER
[[ -n ${MODEL:-} ]] || unset MODEL

system=mistral-system
project=team-a
deployment=assistant
serverless=assistant-serverless
gateway_service=mistral-gateway
port=${DEMO_PORT:-8443}
node=mistral-node-demo
state=$MISTRAL_CACHE/demo
version=$("$ROOT/dev/tools/version.sh")

# Filled by find_tools.
kubectl='' helm=''

k() { "$kubectl" "$@"; }
