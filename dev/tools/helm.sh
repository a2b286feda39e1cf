#!/usr/bin/env bash
# Prints the path of a helm: the one on PATH where it is new enough, else one of a pinned version, built once into the cache.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

version=v4.3.1
oldest=v3.14
folder=$MISTRAL_CACHE/tools/helm-$version

fits() {
  local found
  found=$(helm version --template '{{.Version}}' 2>/dev/null) || return 1
  [[ $(printf '%s\n' "$oldest" "$found" | sort -V | head -1) == "$oldest" ]]
}

go_install() { # folder, go command
  GOBIN=$1 GOFLAGS=-trimpath CGO_ENABLED=0 "$2" install \
    -ldflags "-s -w -X helm.sh/helm/v4/internal/version.version=$version" "helm.sh/helm/v4/cmd/helm@$version"
}

build() {
  local go
  [[ ! -x $folder/helm ]] || return 0
  go=$("$ROOT/dev/tools/go.sh")
  step "Building helm $version from its Go module (once)" go_install "$folder.part" "$go"
  rm -rf "$folder"
  mv "$folder.part" "$folder"
}

(($# == 0)) || usage
if has helm && fits; then command -v helm && exit; fi
with_lock helm build
echo "$folder/helm"
