#!/usr/bin/env bash
# Prints the path of a go command: the one on PATH where it is new enough, else one of a pinned version from the Go module proxy.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

version=1.26.8
oldest=1.26
folder=$MISTRAL_CACHE/tools/go-$version

sum_of() { # architecture
  case $1 in
    amd64) echo 30c2b1bf7dcc88d3eb0a1364e47ddd9128edb3110a30e8a0ef61cd5856b31de7 ;;
    arm64) echo 02b36b6787b3ac767668f630e2998df45a3b1f9ffee08d1bf3ef6487cd658d99 ;;
  esac
}

fits() {
  local found
  has go || return 1
  found=$(GOTOOLCHAIN=local go env GOVERSION | sed 's/^go//')
  [[ $(printf '%s\n' "$oldest" "$found" | sort -V | head -1) == "$oldest" ]]
}

fetch() ( # checksum, architecture
  local proxy=${GOPROXY:-https://proxy.golang.org} name=v0.0.1-go$version.linux-$2
  cd "$folder.part" || return
  curl -sSfL -o go.zip "${proxy%%[,|]*}/golang.org/toolchain/@v/$name.zip" || return
  sha256sum -c <<<"$1  go.zip" || return
  unzip -q go.zip || return
  mv "golang.org/toolchain@$name" go || return
  chmod +x go/bin/* go/pkg/tool/*/*
)

provide() {
  local arch
  arch=$(architecture)
  [[ ! -x $folder/bin/go ]] || return 0
  need curl curl
  need unzip unzip
  rm -rf "$folder" "$folder.part"
  mkdir -p "$folder.part"
  step "Fetching Go $version from the module proxy" retry 3 fetch "$(sum_of "$arch")" "$arch"
  mv "$folder.part/go" "$folder"
  rm -rf "$folder.part"
}

(($# == 0)) || usage
if fits; then command -v go && exit; fi
[[ $(uname -s) == Linux ]] || die "Go $oldest or later is needed" "Install it from https://go.dev/dl/ (macOS: brew install go) and put it on PATH."
with_lock go provide
echo "$folder/bin/go"
