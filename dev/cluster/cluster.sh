#!/usr/bin/env bash
# A real single-node Kubernetes in one Docker container.
#
#   cluster.sh [-n NAME] up [-p [ADDRESS:]HOST_PORT:NODE_PORT]... [-- NODE_FLAGS...]
#   cluster.sh [-n NAME] load IMAGE|ARCHIVE.tar...   make local Docker images (or archives of them) usable by pods
#   cluster.sh [-n NAME] kubeconfig                  print the path of the kubeconfig file
#   cluster.sh [-n NAME] kubectl ARGUMENTS...        run the node's kubectl, standard input included
#   cluster.sh [-n NAME] status
#   cluster.sh [-n NAME] down                        remove the container, its volumes and the kubeconfig file
#
# NAME is "dev" unless given; clusters of different names run side by side. The API is published on 127.0.0.1 only, as are
# further ports unless an ADDRESS is given. MISTRAL_NODE_IMAGE names another node image, CLUSTER_TIMEOUT the seconds that
# "up" waits.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

state=$MISTRAL_CACHE/clusters
timeout=${CLUSTER_TIMEOUT:-180}
ready='Node controller sync successful'
name=dev

if [[ ${1:-} == -n ]]; then
  [[ -n ${2:-} ]] || usage
  name=$2
  shift 2
fi
[[ $name =~ ^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$ ]] || die "the name $name is not a lower-case DNS label"
node=mistral-node-$name
config=$state/$name.kubeconfig
command=${1:-}
[[ -n $command ]] || usage
shift

docker_answers || die "Docker does not answer" "Type: $ROOT/dev/cluster/docker.sh"

phase() { if docker container inspect "$node" >/dev/null 2>&1; then docker container inspect -f '{{.State.Status}}' "$node"; else echo absent; fi; }
need_running() { [[ $(phase) == running ]] || die "cluster $name is not running"; }
in_node() { docker exec -i "$node" "$@"; }

write_kubeconfig() {
  local endpoint
  endpoint=$(docker port "$node" 6443/tcp | head -1)
  [[ -n $endpoint ]] || die "the API port of $node is not published"
  mkdir -p "$state"
  (umask 077 && in_node cat /etc/rancher/k3s/k3s.yaml </dev/null | sed "s#https://127.0.0.1:6443#https://$endpoint#" >"$config.part")
  mv "$config.part" "$config"
}

# True once the node takes pods; an ended node ends the wait too.
started_or_ended() {
  [[ $(phase) == running ]] || return 0
  docker logs --since "$(docker container inspect -f '{{.State.StartedAt}}' "$node")" "$node" 2>&1 | grep "$ready" &&
    in_node kubectl get serviceaccount default -n default && in_node kubectl wait --for=condition=Ready --timeout=1s node --all
}

give_up() {
  docker logs --tail 40 "$node" >&2
  die "$1"
}

create() { # docker options..., --, node flags...
  local image options=()
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  image=$("$ROOT/dev/cluster/node-image.sh")
  # k3s arranges its control groups itself; our node wants a tree of its own on every kind of host.
  [[ $image != kubernetes-node:* ]] || options+=(--cgroupns private)
  docker run -d --name "$node" --hostname "$node" --label "io.mistraloperator.cluster=$name" --privileged \
    --tmpfs /run --tmpfs /var/run -p 127.0.0.1::6443 ${options[@]+"${options[@]}"} "$image" \
    server --tls-san=localhost --disable=traefik --disable=metrics-server "$@" >/dev/null || {
    docker rm -f -v "$node" >/dev/null 2>&1 || true
    die "the node's container cannot be started"
  }
}

up() {
  local ports=() start=$SECONDS
  while (($#)); do
    case $1 in
      -p)
        [[ ${2:-} =~ ^([0-9.]+:)?[0-9]+:[0-9]+$ ]] || die "-p wants [ADDRESS:]HOST_PORT:NODE_PORT"
        if [[ $2 == *:*:* ]]; then ports+=(-p "$2"); else ports+=(-p "127.0.0.1:$2"); fi
        shift 2
        ;;
      --)
        shift
        break
        ;;
      *) usage ;;
    esac
  done
  case $(phase) in
    running) ;;
    absent) create ${ports[@]+"${ports[@]}"} -- "$@" ;;
    *) docker start "$node" >/dev/null ;;
  esac
  wait_until "$timeout" "Kubernetes to start" started_or_ended || give_up "the node is not ready after $((SECONDS - start)) s"
  [[ $(phase) == running ]] || give_up "the node ended"
  write_kubeconfig
  note "cluster $name is ready after $((SECONDS - start)) s: export KUBECONFIG=$config"
}

# The name that containerd gives an image of Docker.
canonical() {
  case $1 in
    localhost/* | *.*/* | *:*/*) echo "$1" ;;
    */*) echo "docker.io/$1" ;;
    *) echo "docker.io/library/$1" ;;
  esac
}

# has_image IMAGE ID: the node's image of that name is this very one: its manifest names the ID as its configuration.
has_image() {
  # shellcheck disable=SC2016 # expanded in the node
  in_node sh -c 'digest=$(ctr -n k8s.io images ls "name==$1" | awk "NR == 2 { print \$3 }")
    [ -n "$digest" ] && { [ "$digest" = "$2" ] || ctr -n k8s.io content get "$digest" | grep -q "$2"; }' \
    sh "$(canonical "$1")" "$2" </dev/null
}

load() {
  local item id
  (($#)) || usage
  need_running
  for item; do
    if [[ -f $item ]]; then
      in_node ctr -n k8s.io images import - <"$item" >/dev/null
    else
      id=$(docker image inspect -f '{{.Id}}' "$item" 2>/dev/null) || die "no local image or archive $item"
      ! has_image "$item" "$id" || continue
      docker save "$item" | in_node ctr -n k8s.io images import - >/dev/null
      has_image "$item" "$id" || die "the node did not take the image $item"
    fi
    note "loaded $item"
  done
}

case $command in
  up) up "$@" ;;
  load) load "$@" ;;
  kubeconfig)
    need_running
    [[ -f $config ]] || write_kubeconfig
    echo "$config"
    ;;
  kubectl)
    need_running
    in_node kubectl "$@"
    ;;
  status)
    echo "container: $node $(phase)"
    [[ $(phase) == running ]] || exit 1
    docker port "$node"
    in_node kubectl get nodes,pods --all-namespaces -o wide </dev/null
    docker stats --no-stream --format 'memory: {{.MemUsage}}' "$node"
    ;;
  down)
    [[ $(phase) == absent ]] || docker rm -f -v "$node" >/dev/null
    rm -f "$config"
    rmdir "$state" 2>/dev/null || true
    note "cluster $name is down"
    ;;
  *) usage ;;
esac
