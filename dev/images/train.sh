#!/usr/bin/env bash
# Runs an image of the operator or the gateway once, against a stand-in for the cluster, and writes the JVM's cache of what that run
# loaded and linked. With the cache in the image a start takes less than half the time.
#
#   train.sh operator|gateway IMAGE CACHE
#
# The cache fits only the very runtime, flags and jars of that image, at their places in it.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

(($# == 3)) || usage
name=$1 image=$2 cache=$3
training=$ROOT/dev/images/training
# Python for the stand-in and openssl for its certificate.
companion=mistraloperator/model-fetcher:$("$ROOT/dev/tools/version.sh")
api=mistral-training-api-$$ app=mistral-training-app-$$
work=$(mktemp -d)

clean() {
  docker rm -f "$app" "$api" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean EXIT

fail() {
  docker logs "$app" 2>&1 | grep -vF -e '[aot]' -e 'AOT' | cut -c 1-300 | tail -n 30 >&2 || true
  die "the training run of $name failed: $1"
}

started() { docker logs "$app" 2>&1 | grep -q ' started in '; }
running() { [[ $(docker inspect -f '{{.State.Running}}' "$app") == true ]]; }

mkdir "$work/tls" "$work/out"
chmod 777 "$work/out"
docker run --rm --user 0 --entrypoint openssl -v "$work/tls:/tls" "$companion" req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
  -nodes -subj /CN=localhost -days 1 -keyout /tls/tls.key -out /tls/tls.crt 2>/dev/null
chmod -R a+rX "$work"

objects=()
[[ ! -f $training/$name.json ]] || objects=("/training/$name.json")
docker run -d --name "$api" --entrypoint python3 -v "$training:/training:ro" "$companion" /training/cluster.py "${objects[@]}" >/dev/null
# The image's own command, but writing the cache in place of reading it.
mapfile -t command < <(docker inspect -f '{{range .Config.Entrypoint}}{{println .}}{{end}}' "$image" | grep -v -e '^$' -e '^-XX:AOTCache=')
# The profile of so short a run makes the compiler settle for worse code than one of real traffic: a call costs a fifth more for good.
profile=()
[[ $name != gateway ]] || profile=(-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining)
docker run -d --name "$app" --network "container:$api" -v "$work/tls:/etc/mistral/tls:ro" -v "$work/out:/out" \
  -e KUBERNETES_MASTER=http://127.0.0.1:6443 -e MISTRAL_NAMESPACE=mistral-system -e MISTRAL_REGION=local -e MISTRAL_DOMAIN=localhost \
  --entrypoint "${command[0]}" "$image" -XX:AOTCacheOutput=/out/app.aot "${profile[@]}" "${command[@]:1}" >/dev/null

limit=$((SECONDS + 90))
until started; do
  running || fail "it ended"
  ((SECONDS < limit)) || fail "it did not start"
  sleep 0.2
done
docker exec "$api" python3 /training/visit.py "$name" || fail "it did not answer as it should"
docker stop -t 180 "$app" >/dev/null
[[ -s $work/out/app.aot ]] || fail "it wrote no cache"
cp "$work/out/app.aot" "$cache"
