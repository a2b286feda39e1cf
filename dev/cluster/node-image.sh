#!/usr/bin/env bash
# Sees to it that an image of a single-node Kubernetes is there, and prints its name: the one that MISTRAL_NODE_IMAGE names,
# else k3s where an image registry answers, else our own: a minimal Debian with containerd, runc and the CNI plugins around the
# program of node-binary.sh. K3sContainer of Testcontainers and cluster.sh start both alike.
#
#   node-image.sh
#
# SUITE (trixie) and DEBIAN_MIRROR may be set in the environment.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

version=$(cat "$ROOT/dev/cluster/kubernetes-version")
k3s=rancher/k3s:v1.34.1-k3s1
own=kubernetes-node:$version
suite=${SUITE:-trixie}

present() { docker image inspect "$1" >/dev/null 2>&1; }
label() { docker image inspect -f "{{index .Config.Labels \"recipe\"}}" "$1" 2>/dev/null || true; }

import_as() { # name, archive, changes...; the image that had the name goes, unless it is in use
  local name=$1 archive=$2 old changes=() change
  shift 2
  for change; do changes+=(--change "$change"); done
  old=$(docker image inspect -f '{{.Id}}' "$name" 2>/dev/null || true)
  docker import "${changes[@]}" "$archive" "$name" >/dev/null
  [[ -z $old || $old == "$(docker image inspect -f '{{.Id}}' "$name")" ]] || docker rmi "$old" >/dev/null 2>&1 || true
}

file_system() { # folder of the binaries, folder to work in
  local root=$2/root mirror name
  mirror=${DEBIAN_MIRROR:-$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -1 || true)}
  mkdir -p "$root"/usr/{local/bin,share/kubernetes}
  install -m 755 "$1/kubernetes-node" "$root/usr/local/bin/k3s"
  for name in etcd kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubectl kubelet; do
    ln -s k3s "$root/usr/local/bin/$name"
  done
  tar -C "$1" -c pause | import_as localhost/pause:1 - 'ENTRYPOINT ["/pause"]'
  docker save localhost/pause:1 -o "$root/usr/share/kubernetes/pause.tar"
  # Documentation, and programs of these packages that are never started, stay out.
  # shellcheck disable=SC2016 # $1 is of the hook
  mmdebstrap --quiet --variant=essential \
    --include=ca-certificates,containerd,containernetworking-plugins,iproute2,iptables,mount,runc,tini \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/bin/containerd-stress' --dpkgopt='path-exclude=/usr/bin/containerd-shim' \
    --dpkgopt='path-exclude=/usr/bin/containerd-shim-runc-v1' \
    --customize-hook="copy-in $root/usr /" \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/* "$1"/var/log/*; for p in dhcp firewall macvlan ipvlan vlan host-device bandwidth vrf sbr static tuning; do rm -f "$1/usr/lib/cni/$p"; done' \
    "$suite" "$2/rootfs.tar" ${mirror:+"$mirror"}
}

build() { # folder of the binaries, recipe
  local work
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$work'" EXIT
  is_root || die "no image registry answers, and building the node image needs root" "Type: sudo $0"
  need mmdebstrap mmdebstrap
  step "Making the file system of the node image" file_system "$1" "$work"
  import_as "$own" "$work/rootfs.tar" \
    'ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/bin/k3s"]' \
    'CMD ["server"]' \
    "LABEL recipe=$2" \
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin KUBECONFIG=/etc/rancher/k3s/k3s.yaml CONTAINERD_NAMESPACE=k8s.io' \
    'VOLUME ["/var/lib/containerd", "/var/lib/etcd", "/var/lib/kubelet", "/var/lib/rancher/k3s/storage"]' \
    'EXPOSE 6443'
}

provide_own() {
  local binaries recipe
  binaries=$("$ROOT/dev/cluster/node-binary.sh")
  recipe=$(basename "$binaries")-$(sha256sum <"$0" | cut -c1-12)
  if ! present localhost/pause:1 || [[ $(label "$own") != "$recipe" ]]; then (build "$binaries" "$recipe"); fi
}

(($# == 0)) || usage
docker_answers || die "Docker does not answer" "Type: $ROOT/dev/cluster/docker.sh"
if [[ -n ${MISTRAL_NODE_IMAGE:-} ]]; then
  present "$MISTRAL_NODE_IMAGE" || [[ $MISTRAL_NODE_IMAGE == "$own" ]] ||
    step "Pulling $MISTRAL_NODE_IMAGE" docker pull "$MISTRAL_NODE_IMAGE" || die "there is no image $MISTRAL_NODE_IMAGE"
  [[ $MISTRAL_NODE_IMAGE != "$own" ]] || with_lock node-image provide_own
  echo "$MISTRAL_NODE_IMAGE"
elif present "$k3s"; then
  echo "$k3s"
elif registry_has "$k3s" && step "Pulling $k3s" docker pull "$k3s"; then
  echo "$k3s"
else
  with_lock node-image provide_own
  echo "$own"
fi
