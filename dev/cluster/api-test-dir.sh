#!/usr/bin/env bash
# Lays out etcd, kube-apiserver and kubectl for the kube-api-test library (withTestDir, offline mode) and prints the folder:
#   api-test-dir.sh [DIR]      ->  DIR/k8s/<version>-linux-<arch>/{etcd,kube-apiserver,kubectl}
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

(($# <= 1)) || usage
[[ $(uname -s) == Linux ]] || die "the API server for the tests is built for Linux alone" "Run the tests on Linux."
base=${1:-$MISTRAL_CACHE/kubeapitest}
version=$(cat "$ROOT/dev/cluster/kubernetes-version")
binary=$("$ROOT/dev/cluster/node-binary.sh")/kubernetes-node
dir=$base/k8s/$version-linux-$(architecture)
mkdir -p "$dir"
for name in etcd kube-apiserver kubectl; do ln -sfn "$binary" "$dir/$name"; done
echo "$base"
