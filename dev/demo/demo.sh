#!/usr/bin/env bash
# From nothing to an answered chat completion.
#
#   demo.sh up      cluster, images, chart, examples/quickstart.yaml, two calls; again: brings it up to date
#   demo.sh env     print export lines: KUBECONFIG GATEWAY_URL ENDPOINT_URL ENDPOINT_KEY SERVERLESS_URL SERVERLESS_KEY CA_FILE
#   demo.sh down    remove the cluster and the files
#
# CLUSTER=current takes the cluster that KUBECONFIG names; DEMO_PORT another port than 8443; MODEL=<id> a model of the catalogue
# in place of the tiny one; VALUES=<file> further values of the chart.
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/names.sh"
. "$here/checks.sh"
. "$here/target.sh"
. "$here/model.sh"
. "$here/calls.sh"

quickstart=$ROOT/examples/quickstart.yaml

find_tools() {
  kubectl=$("$ROOT/dev/tools/kubectl.sh")
  helm=$("$ROOT/dev/tools/helm.sh")
}

image_names() {
  local name
  for name in operator gateway llamacpp model-fetcher tiny-models; do echo "mistraloperator/$name:$version"; done
}

install_chart() {
  local options=(-f "$ROOT/dev/demo/values.yaml" --set "gateway.publicPort=$port") name
  current || options+=(--set "gateway.service.type=NodePort,gateway.service.httpsNodePort=30443")
  # The tag stays the same when an image is built anew; this makes the pods follow.
  ready_images || for name in operator gateway; do
    options+=(--set-string "$name.podAnnotations.demo-image=$(docker image inspect -f '{{.Id}}' "mistraloperator/$name:$version")")
  done
  [[ -z ${VALUES:-} ]] || options+=(-f "$VALUES")
  if ! step "Installing the chart" "$helm" upgrade --install mistral "$ROOT/helm/mistral-operator" -n "$system" --create-namespace \
    "${options[@]}" --wait --timeout 300s; then
    explain_pods "$system"
    die "the chart could not be installed" "The cluster is still there for a look; make demo-down removes it."
  fi
}

explain_pods() { # namespace
  local pod
  k -n "$1" get pods -o wide >&2 || true
  for pod in $(k -n "$1" get pods -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}' |
    awk '$2 != "True" { print $1 }'); do
    k -n "$1" describe pod "$pod" >&2 || true
    k -n "$1" logs "$pod" --all-containers --tail=20 >&2 || true
  done
}

# The quickstart's objects; with MODEL those of the serverless endpoint alone.
quickstart() {
  if [[ -z ${MODEL:-} ]]; then
    cat "$quickstart"
  else
    awk 'function flush() { if (document ~ /kind: ServerlessEndpoint/) print document; document = "" }
      /^---/ { flush(); next } { document = document $0 "\n" } END { flush() }' "$quickstart"
  fi
}

apply_quickstart() {
  say "Creating the project $project and applying examples/quickstart.yaml"
  k get namespace "$project" >/dev/null 2>&1 || k create namespace "$project" >&2
  quickstart | k apply -n "$project" -f - >&2
}

# Ends early where the object says that it needs a person.
ready() { # kind/name
  local end=$((SECONDS + ${DEMO_TIMEOUT:-300}))
  until k -n "$project" wait --for=condition=Ready --timeout=10s "$1"; do
    [[ $(k -n "$project" get "$1" -o jsonpath='{.status.conditions[?(@.type=="Stalled")].status}') != True ]] || return 1
    ((SECONDS < end)) || return 1
  done
}

wait_ready() { # kind/name...
  local object
  for object; do
    if ! step "Waiting until $object is ready" ready "$object"; then
      k -n "$project" describe "$object" >&2 || true
      explain_pods "$project"
      die "$object does not become ready; its conditions are above" "The cluster is still there for a look; make demo-down removes it."
    fi
  done
}

up() {
  check_computer
  check_model
  find_tools
  check_target
  make_target
  ready_images || "$ROOT/dev/images/build.sh"
  # shellcheck disable=SC2046 # one word each
  load_images $(image_names)
  install_chart
  apply_quickstart
  if [[ -n ${MODEL:-} ]]; then apply_model; fi
  wait_ready "mistraldeployment/$deployment" "serverlessendpoint/$serverless"
  publish_gateway
  read_endpoints
  call_both
  tell_what_next
}

print_env() {
  find_tools
  use_target
  read_endpoints
  printf 'export %s=%q\n' KUBECONFIG "${KUBECONFIG:-$HOME/.kube/config}" GATEWAY_URL "https://localhost:$port" \
    ENDPOINT_URL "$managed_url" ENDPOINT_KEY "$managed_key" SERVERLESS_URL "$serverless_url" SERVERLESS_KEY "$serverless_key" \
    CA_FILE "$ca_file"
}

down() {
  ! current || find_tools
  remove_target
  rm -rf "$state"
  say "The demo is gone (its images stay in Docker for the next time: docker images 'mistraloperator/*')"
}

# The port that the running demo was started with.
running_port() {
  local published
  if current; then
    [[ ! -f $state/port ]] || port=$(<"$state/port")
  elif published=$(docker port "$node" 30443/tcp 2>/dev/null); then
    port=${published##*:}
  fi
}

case ${1:-} in
  up) up ;;
  env)
    running_port
    print_env
    ;;
  down) down ;;
  *) usage ;;
esac
