# shellcheck shell=bash
# Where the demo runs: a cluster of its own in a container, or the one that the user's KUBECONFIG names (CLUSTER=current).
# Sourced by demo.sh. Sets KUBECONFIG for what follows.
. "$(dirname "${BASH_SOURCE[0]}")/names.sh"

current() { [[ ${CLUSTER:-} == current ]]; }

# ready_images: the user's cluster takes images from where the values say.
ready_images() { current && [[ -n ${VALUES:-} ]]; }

cluster() { "$ROOT/dev/cluster/cluster.sh" -n demo "$@"; }

# use_target: KUBECONFIG of a target that exists already.
use_target() {
  if current; then
    k get namespace default >/dev/null 2>&1 || die "CLUSTER=current: the cluster of KUBECONFIG does not answer" "Try: kubectl get nodes"
  else
    docker_answers || die "Docker does not answer" "Type: $ROOT/dev/cluster/docker.sh"
    [[ $(docker container inspect -f '{{.State.Running}}' "$node" 2>/dev/null) == true ]] || die "the demo is not running" "Type: make demo"
    KUBECONFIG=$(cluster kubeconfig)
    export KUBECONFIG
  fi
}

make_target() {
  if ! current; then
    say "Starting Kubernetes"
    cluster up -p "$port:30443"
  fi
  use_target
  note "$(k get nodes --no-headers -o custom-columns=NAME:.metadata.name,VERSION:.status.nodeInfo.kubeletVersion | tr -s ' ' | paste -sd, -)"
}

# Before anything is made: can local images be brought to the user's cluster?
check_target() {
  current || return 0
  use_target
  ready_images || case $(k config current-context) in
    kind-* | k3d-* | minikube | docker-desktop | rancher-desktop | orbstack | colima*) ;;
    *) die "CLUSTER=current: no way is known to bring local images to the cluster $(k config current-context)" \
      "Put the images into a registry (make images builds them), and type: make demo CLUSTER=current VALUES=<file>," \
      "the file being values of the chart that name them (images.registry, ...)." ;;
  esac
}

# Makes the local images usable by the target's pods.
load_images() {
  local context image
  ! ready_images || return 0
  say "Loading the images into the cluster"
  if ! current; then
    cluster load "$@"
    return
  fi
  context=$(k config current-context)
  case $context in
    kind-*) kind load docker-image --name "${context#kind-}" "$@" ;;
    k3d-*) k3d image import --cluster "${context#k3d-}" "$@" ;;
    minikube) for image; do minikube image load "$image"; done ;;
    *) note "$context shares the images of this computer's Docker" ;;
  esac
}

# publish_gateway: the gateway at port $port of this computer. A cluster of our own publishes its node port.
publish_gateway() {
  local log=$state/port-forward.log
  current || return 0
  stop_forward
  mkdir -p "$state"
  nohup "$kubectl" -n "$system" port-forward "service/$gateway_service" "$port:443" >"$log" 2>&1 </dev/null &
  echo $! >"$state/port-forward.pid"
  echo "$port" >"$state/port"
  wait_until 30 "the port-forward to the gateway" listening "$port" || {
    cat "$log" >&2
    die "the gateway cannot be reached from this computer"
  }
}

forward_runs() { [[ -f $state/port-forward.pid ]] && ps -o args= -p "$(<"$state/port-forward.pid")" 2>/dev/null | grep -q port-forward; }

stop_forward() {
  local pid
  if forward_runs; then
    pid=$(<"$state/port-forward.pid")
    kill "$pid"
    wait_until 10 "the old port-forward to end" not_running "$pid" || return
  fi
  rm -f "$state/port-forward.pid"
}

not_running() { ! kill -0 "$1" 2>/dev/null; }

remove_target() {
  if current; then
    stop_forward
    ! k get namespace default >/dev/null 2>&1 || remove_release
  elif docker_answers; then
    cluster down
  else
    note "Docker does not answer: there is no cluster to remove"
  fi
}

remove_release() {
  say "Removing the demo from the cluster of KUBECONFIG"
  k delete namespace "$project" --ignore-not-found --timeout=120s >&2
  "$helm" uninstall mistral -n "$system" --ignore-not-found --wait >&2
  k delete namespace "$system" --ignore-not-found --timeout=120s >&2
  note "The definitions of our kinds stay. To remove them, and every object of them:"
  note "kubectl get crd -o name | grep mistraloperator.io | xargs kubectl delete"
}
