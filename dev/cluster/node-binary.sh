#!/usr/bin/env bash
# Prints the folder that holds kubernetes-node (all of Kubernetes and etcd in one program, chosen by the name it is called by)
# and pause, for the present sources in kubernetes/. They are built from Go modules once, in some minutes, into the cache.
#
#   node-binary.sh
#
# KUBERNETES_NODE_CACHE may name a folder with kubernetes-node-<version>-linux-<arch>.tar.xz; it is taken where the file
# .sources beside it holds the checksum of the present sources.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

version=$(cat "$ROOT/dev/cluster/kubernetes-version")
name=kubernetes-node-$version-linux-$(architecture)
sources=$ROOT/dev/cluster/kubernetes

checksum() (
  cd "$sources" || return
  find . -name '*.go' -o -name go.mod -o -name go.sum | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1
)

go_build() { # output, package, further linker flags
  (cd "$sources" && CGO_ENABLED=0 GOOS=linux "$go" build -trimpath -buildvcs=false -ldflags "-s -w ${3:-}" -o "$1" "$2")
}

build() { # folder
  local v=k8s.io/component-base/version
  go_build "$1/kubernetes-node" . "-X $v.gitVersion=v$version -X $v.gitMajor=1 -X $v.gitMinor=${version#*.} \
    -X $v.gitTreeState=clean -X $v.gitCommit=unknown -X $v.buildDate=1970-01-01T00:00:00Z"
  go_build "$1/pause" ./pause
}

provide() { # folder
  local go work=$1.part given=${KUBERNETES_NODE_CACHE:-}/$name
  [[ ! -x $1/pause ]] || return 0
  rm -rf "$work"
  mkdir -p "$work"
  if [[ -n ${KUBERNETES_NODE_CACHE:-} && $(cat "$given.sources" 2>/dev/null) == "$now" ]]; then
    need xz xz-utils
    step "Unpacking Kubernetes $version" tar -C "$work" -xJf "$given.tar.xz"
  else
    go=$("$ROOT/dev/tools/go.sh")
    step "Building Kubernetes $version from its Go modules (once, about six minutes on two cores)" build "$work"
  fi
  rm -rf "$1"
  mv "$work" "$1"
}

(($# == 0)) || usage
now=$(checksum)
folder=$MISTRAL_CACHE/kubernetes-node/$name-${now:0:12}
with_lock kubernetes-node provide "$folder"
echo "$folder"
