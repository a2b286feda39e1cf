#!/usr/bin/env bash
# Runs the tests that this computer can run, and prints their sum.
#
#   test.sh          everything but vLLM: format, shell and Python checks, unit tests, a real API server, a real cluster with real
#                    engines, chart, clients
#   test.sh vllm     the tests with a real vLLM on CPU in the cluster (its image weighs some GB)
#
# With CI=true a skipped test is a failure.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

cd "$ROOT"
tier=${1:-all}
if (($# > 1)) || [[ $tier != all && $tier != vllm ]]; then usage; fi
failed=()

prepare() {
  local version names=(operator gateway llamacpp model-fetcher tiny-models) images=()
  dev/cluster/docker.sh
  need python3 python3
  JAVA_HOME=$(dev/tools/jdk.sh)
  MISTRAL_NODE_IMAGE=$(dev/cluster/node-image.sh)
  KUBE_API_TEST_DIR=$(dev/cluster/api-test-dir.sh)
  [[ $tier != vllm ]] || names+=(vllm-cpu)
  client_packages
  dev/images/build.sh "${names[@]}"
  version=$(dev/tools/version.sh)
  images=("${names[@]/#/mistraloperator/}")
  MISTRAL_IMAGE_ARCHIVES=$(dev/cluster/save-images.sh "${images[@]/%/:$version}")
  export JAVA_HOME MISTRAL_NODE_IMAGE KUBE_API_TEST_DIR MISTRAL_IMAGE_ARCHIVES
  # No test may meet a cluster that the caller has.
  unset KUBECONFIG
  if [[ $MISTRAL_NODE_IMAGE == kubernetes-node:* ]]; then
    # No registry answers: Testcontainers must not pull images of its own.
    export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_TINYIMAGE_CONTAINER_IMAGE=localhost/pause:1
  fi
}

# Fetched here, so that no test waits for a network. Without them the tests of the programs that need them fail, and no others.
client_packages() {
  local name
  for name in python python-azure-b4 javascript; do
    dev/clients/environment.sh "$name" >/dev/null || warn "the clients of $name cannot run"
  done
}

check() { # what, command...
  "${@:2}" || {
    warn "$1 failed"
    failed+=("$1")
  }
}

scripts() {
  grep -rlE --include='*' --exclude-dir={.git,target,node_modules} -m1 '^(#!/usr/bin/env bash|#!/bin/sh|# shellcheck shell=)' \
    dev inference-image .ci examples helm 2>/dev/null | xargs -r awk 'FNR == 1 && /^#!.*sh$|^# shellcheck shell=/ { print FILENAME }'
}

shell_checks() {
  local found
  need shellcheck shellcheck
  found=$(scripts)
  # shellcheck disable=SC2086 # no name has a blank
  shellcheck $found && note "shellcheck: $(wc -w <<<"$found") scripts"
}

# What Maven's own libraries need to be quiet on this JDK.
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
maven() { ./mvnw -B -ntp verify --fail-at-end "$@"; }
# After everything else: what these tests see of the cluster must not depend on who else has the processor.
whole() { maven -pl dev/e2e -am -Dcrds.skipTests=true "$@"; }

rm -rf build/python-tests "build/$tier-tests.txt"
find . -name 'TEST-*.xml' -path '*/target/*-reports/*' -delete
start=$SECONDS
say "Preparing the tests"
prepare
if [[ $tier == all ]]; then
  say "Checking the scripts"
  check "shellcheck" shell_checks
  say "Python tests"
  check "Python tests" python3 dev/tools/python_tests.py inference-image dev
  say "Java tests (unit, API server)"
  check "Maven" maven -T 2 -pl '!dev/e2e'
  say "Java tests (cluster, chart, clients)"
  check "Maven of the whole" whole
  say "Which tests prove which rows"
  check "docs/conformance.md" python3 dev/tools/conformance.py .
else
  say "Tests with vLLM"
  check "Maven" whole -Dgroups=vllm
fi
mkdir -p build
sum() { python3 dev/tools/sum_tests.py . | tee "build/$tier-tests.txt"; }
check "the sum of the tests" sum
note "$((SECONDS - start)) s"
((${#failed[@]} == 0)) || die "failed: $(printf '%s, ' "${failed[@]}" | sed 's/, $//')"
