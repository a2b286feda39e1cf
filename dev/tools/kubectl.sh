#!/usr/bin/env bash
# Prints the path of a kubectl: the one on PATH where it is new enough, else the one in the program of our own node image.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

oldest=v1.31

fits() {
  local found
  found=$(kubectl version --client 2>/dev/null | sed -n 's/^Client Version: //p') || return 1
  [[ -n $found && $(printf '%s\n' "$oldest" "$found" | sort -V | head -1) == "$oldest" ]]
}

(($# == 0)) || usage
if has kubectl && fits; then command -v kubectl && exit; fi
[[ $(uname -s) == Linux ]] || die "no kubectl $oldest or later is installed" "Type: brew install kubectl"
# The program acts by the name it is called by.
folder=$MISTRAL_CACHE/tools/kubectl-$(cat "$ROOT/dev/cluster/kubernetes-version")
binary=$("$ROOT/dev/cluster/node-binary.sh")/kubernetes-node
mkdir -p "$folder"
ln -sfn "$binary" "$folder/kubectl"
echo "$folder/kubectl"
