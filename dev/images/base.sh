#!/usr/bin/env bash
# Makes sure that a Debian base image is there: base.sh debian:trixie-slim|debian:forky-slim...
# Pulled where an image registry answers. Elsewhere made from Debian packages under the same name, and then it already holds
# the packages that the Dockerfiles would install, so that one Dockerfile fits both.
# DEBIAN_MIRROR may name another mirror.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

(($#)) || usage

# The packages that Dockerfiles on this base look for.
packages_of() {
  case $1 in
    debian:trixie-slim) echo ca-certificates python3 busybox-static ;;
    debian:forky-slim) echo ca-certificates curl llama.cpp-tools ;;
    *) die "no recipe for the base image $1" ;;
  esac
}

# shellcheck disable=SC2016 # the hook is expanded by mmdebstrap
make_base() { # image, packages separated by commas, recipe digest
  local suite=${1#debian:} archive
  suite=${suite%-slim}
  archive=$(mktemp --suffix=.tar)
  # shellcheck disable=SC2064 # the file of now
  trap "rm -f '$archive'" EXIT
  # forky's Release file may be past its validity on a mirror; documentation stays out as in Debian's slim images.
  mmdebstrap --quiet --variant=minbase --include="$2" \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/* "$1"/var/log/*' \
    "$suite" "$archive" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
  docker import --change 'CMD ["bash"]' --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change "LABEL io.mistraloperator.recipe=$3" "$archive" "$1"
}

ensure() {
  local image=$1 recipe made packages
  recipe=$(sha256sum <"${BASH_SOURCE[0]}" | cut -c 1-16)
  if made=$(docker image inspect -f '{{index .Config.Labels "io.mistraloperator.recipe"}}' "$image" 2>/dev/null); then
    # One that was pulled has no such label and is good as it is.
    [[ -n $made && $made != "$recipe" ]] || return 0
  elif registry_has "$image"; then
    step "Pulling $image" docker pull -q "$image"
    return
  fi
  packages=$(packages_of "$image" | tr ' ' ,)
  is_root || die "making $image from Debian packages needs root" "Type: sudo dev/images/base.sh $image"
  need mmdebstrap mmdebstrap
  step "Making the image $image from Debian packages" make_base "$image" "$packages" "$recipe"
}

for image; do
  with_lock "image-${image//[:\/]/-}" ensure "$image"
done
