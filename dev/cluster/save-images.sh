#!/usr/bin/env bash
# Saves local Docker images as archives that a node of the tests imports, and prints their folder. An archive whose image has not
# changed is left alone.
#
#   save-images.sh IMAGE...     ->  <cache>/images/<name>.tar, the name being the part after the last slash, without tag
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

folder=$MISTRAL_CACHE/images

save() { # image
  local id archive name
  name=${1##*/}
  archive=$folder/${name%%:*}.tar
  id=$(docker image inspect -f '{{.Id}}' "$1" 2>/dev/null) || die "no local image $1"
  [[ ! -f $archive || $(cat "$archive.id" 2>/dev/null) != "$1 $id" ]] || return 0
  rm -f "$archive.id"
  docker save -o "$archive.part" "$1"
  mv "$archive.part" "$archive"
  echo "$1 $id" >"$archive.id"
  note "saved $1"
}

save_all() { for image; do save "$image"; done; }

(($#)) || usage
mkdir -p "$folder"
with_lock save-images save_all "$@"
echo "$folder"
