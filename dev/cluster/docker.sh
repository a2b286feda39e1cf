#!/usr/bin/env bash
# Sees to it that Docker answers: installs and starts it where it does not and this user may (root on Debian or Ubuntu),
# else says what to type.
#
#   docker.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

start_timeout=60
log=$MISTRAL_CACHE/docker/dockerd.log

explain() {
  if [[ $(uname -s) == Darwin ]]; then
    die "Docker does not answer" "Start Docker Desktop, or type: colima start --cpu 4 --memory 8"
  elif [[ -d /run/systemd/system ]] && has dockerd; then
    die "Docker does not answer" "Type: sudo systemctl start docker" "and, so that you may use it: sudo usermod -aG docker $(id -un) && newgrp docker"
  elif is_debian; then
    die "Docker does not answer" "Type: sudo apt-get update && sudo apt-get install -y docker.io && sudo usermod -aG docker $(id -un) && newgrp docker"
  fi
  die "Docker does not answer" "Install it from the packages of this computer and start it."
}

install_docker() {
  has dockerd || install_packages docker.io iptables
  has docker || install_packages docker-cli
}

# A daemon that lacks capabilities can start privileged containers only through a runtime that asks for fewer.
lacks_capabilities() {
  local bounding last
  bounding=$(awk '/^CapBnd/ { print $2 }' /proc/self/status)
  last=$(cat /proc/sys/kernel/cap_last_cap)
  ((16#$bounding != (1 << (last + 1)) - 1))
}

start_by_hand() {
  local options=() path=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH
  mkdir -p "$MISTRAL_CACHE/docker"
  if lacks_capabilities; then
    need python3 python3-minimal
    # A copy: the daemon may outlive this working tree.
    install -m 755 "$ROOT/dev/cluster/bounded-runc" "$MISTRAL_CACHE/docker/bounded-runc"
    options+=(--add-runtime "bounded=$MISTRAL_CACHE/docker/bounded-runc" --default-runtime bounded)
  fi
  # A session of its own, so that the daemon outlives this shell and its terminal.
  PATH=$path setsid nohup dockerd "${options[@]}" >"$log" 2>&1 </dev/null 9>&- &
  disown
}

start_docker() {
  docker_answers && return
  install_docker
  docker_answers && return
  say "Starting Docker"
  if [[ -d /run/systemd/system ]]; then
    systemctl start docker
  else
    start_by_hand
  fi
  if ! wait_until "$start_timeout" "Docker" docker_answers; then
    [[ ! -f $log ]] || tail -n 30 "$log" >&2
    die "Docker does not start"
  fi
}

(($# == 0)) || usage
docker_answers && exit
[[ -z ${DOCKER_HOST:-} ]] || die "Docker at DOCKER_HOST=$DOCKER_HOST does not answer" "Unset DOCKER_HOST, or start that Docker."
if ! { is_root && is_debian && [[ $(uname -s) == Linux ]]; }; then explain; fi
with_lock docker start_docker
