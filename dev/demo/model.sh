# shellcheck shell=bash
# MODEL=<id>: a model of the catalogue in place of the tiny one. Sourced by demo.sh.
. "$(dirname "${BASH_SOURCE[0]}")/names.sh"

catalog=$ROOT/helm/mistral-operator/catalog/models

# The catalogue file of a model, by id, alias or name, whatever the case.
model_file() {
  local wanted file
  wanted=$(tr '[:upper:]' '[:lower:]' <<<"$1")
  for file in "$catalog"/*.yaml; do
    if tr '[:upper:]' '[:lower:]' <"$file" | grep -qxE "(  id:|  name:|    -) \"?${wanted//./\\.}\"?"; then
      echo "$file"
      return
    fi
  done
  return 1
}

model_id() { sed -n 's/^  id: *//p' "$1" | tr -d '"'; }
model_names() { for file in "$catalog"/*.yaml; do note "$(model_id "$file")"; done; }
model_urls() { sed -n 's/^ *url: *\(https:[^ ]*\.gguf\).*/\1/p' "$1"; }

# Before anything is made: is there such a model, and can its weights be had from here?
check_model() {
  local file id url
  [[ -n ${MODEL:-} ]] || return 0
  file=$(model_file "$MODEL") || { model_names && die "there is no model $MODEL in the catalogue" "Its models are above."; }
  id=$(model_id "$file")
  url=$(model_urls "$file" | head -1)
  [[ -n $url ]] || die "$id has no public weights for this computer's processor in the catalogue" \
    "Give it a source of your own: spec.source of a MistralDeployment, see examples/."
  say "Looking for the weights of $id"
  curl -sSfLI --connect-timeout 10 --max-time 30 -o /dev/null "$url" ||
    die "the weights of $id cannot be reached from here: $url" \
      "Without a hub, make demo (no MODEL) shows the same with a tiny model that is made on this computer."
  MODEL=$id
}

# The machine type of the node at hand: all of it but what the platform and the quickstart need.
apply_model() {
  local cores memory
  cores=$(k get nodes -o jsonpath='{.items[0].status.allocatable.cpu}')
  memory=$(k get nodes -o jsonpath='{.items[0].status.allocatable.memory}')
  [[ $cores == *m ]] && cores=$((${cores%m} / 1000))
  deployment=$(tr '[:upper:]_.' '[:lower:]--' <<<"$MODEL" | cut -c 1-32 | sed 's/-*$//')
  say "Deploying $MODEL as $deployment"
  k apply -f - >&2 <<YAML
apiVersion: mistraloperator.io/v1alpha1
kind: InstanceType
metadata:
  name: this-computer
spec:
  family: cpu
  cores: $((cores > 2 ? cores - 1 : 1))
  memory: $((${memory%Ki} / 1048576 - 3))Gi
YAML
  k apply -n "$project" -f - >&2 <<YAML
apiVersion: mistraloperator.io/v1alpha1
kind: MistralDeployment
metadata:
  name: $deployment
spec:
  model: $MODEL
  instanceType: this-computer
YAML
  # Some GB come over the network first.
  DEMO_TIMEOUT=${DEMO_TIMEOUT:-3600}
}
