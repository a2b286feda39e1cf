# shellcheck shell=bash
# Messages, checks and waits shared by every script under dev/. Source it; it changes no settings of the shell but these.
# Messages go to the standard error, so that a script's standard output holds its result alone.
set -euo pipefail

# shellcheck disable=SC2034 # for the scripts that source this
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export MISTRAL_CACHE=${MISTRAL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mistral-operator}

say() { printf '==> %s\n' "$*" >&2; }
note() { printf '    %s\n' "$*" >&2; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$1" >&2
  shift
  (($# == 0)) || printf '    %s\n' "$@" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# The usage text of a script is its leading comment.
usage() {
  awk 'NR > 1 && /^#/ { sub(/^# ?/, ""); print; next } NR > 1 { exit }' "$0" >&2
  exit 2
}

# wait_until SECONDS WHAT COMMAND...: tries the command until it succeeds; says every ten seconds how long it has waited.
# Returns 1 when the time is over; the caller says what to look at.
wait_until() {
  local limit=$1 what=$2 start=$SECONDS next=10
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS - start >= limit)); then
      warn "waited $((SECONDS - start)) s for $what"
      return 1
    fi
    if ((SECONDS - start >= next)); then
      note "waiting for $what ($((SECONDS - start)) s)"
      next=$((next + 10))
    fi
    sleep 0.2
  done
}

# retry TIMES COMMAND...: for what goes over a network.
retry() {
  local times=$1 try
  shift
  for ((try = 1; try < times; try++)); do
    ! "$@" || return 0
    warn "try $try of $times failed: $*"
    sleep "$try"
  done
  "$@"
}

# step WHAT COMMAND...: runs a long command with its output in a log file, and a line with the elapsed seconds now and then.
# A failing command's log is shown, and its exit status returned.
step() {
  local what=$1 log pid start=$SECONDS next=15 status=0
  shift
  log=$(mktemp "${TMPDIR:-/tmp}/mistral-step.XXXXXX")
  say "$what"
  # A process group of its own, so that an interrupt ends all of it.
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  set +m
  # shellcheck disable=SC2064 # the process and file of now
  trap "kill -TERM -- -$pid 2>/dev/null; rm -f '$log'; exit 130" INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    if ((SECONDS - start >= next)); then
      note "still at it after $((SECONDS - start)) s"
      next=$((next + 15))
    fi
    sleep 0.2
  done
  wait "$pid" || status=$?
  trap - INT TERM
  if ((status)); then
    warn "$what failed after $((SECONDS - start)) s (exit status $status):"
    tail -n 60 "$log" >&2
  else
    note "done in $((SECONDS - start)) s"
  fi
  rm -f "$log"
  return "$status"
}

is_root() { [[ $(id -u) == 0 ]]; }
is_debian() { has apt-get && has dpkg; }

# install_packages PACKAGE...: installs Debian packages where this user may, else names the command.
install_packages() {
  is_debian || die "missing: $*" "Install them with the package system of this computer."
  is_root || die "missing: $*" "Type: sudo apt-get update && sudo apt-get install -y $*"
  step "Installing $*" apt_install "$@" || die "could not install $*"
}

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y --no-install-recommends "$@" && return
  retry 3 apt-get update -q && retry 2 apt-get install -y --no-install-recommends "$@"
}

# need COMMAND PACKAGE: the command, from that Debian package where it is absent.
need() {
  has "$1" && return
  install_packages "$2"
  has "$1" || die "the package $2 brought no command $1"
}

# architecture: amd64 or arm64, as Docker, Go and Kubernetes say it.
architecture() {
  case $(uname -m) in
    x86_64 | amd64) echo amd64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) die "the processor $(uname -m) is not supported" ;;
  esac
}

# with_lock NAME COMMAND...: one at a time on this computer.
with_lock() {
  local lock_file=$MISTRAL_CACHE/locks/$1
  shift
  mkdir -p "$MISTRAL_CACHE/locks"
  if has flock; then
    (
      flock 9
      "$@" 9>&-
    ) 9>"$lock_file"
  else
    "$@"
  fi
}

docker_answers() { has docker && timeout_of 20 docker info >/dev/null 2>&1; }

# timeout_of SECONDS COMMAND...: macOS has no timeout command.
timeout_of() {
  if has timeout; then timeout "$@"; else
    shift
    "$@"
  fi
}

# registry_has IMAGE: a registry can be reached and has that image (MISTRAL_OFFLINE=1 says no without asking).
registry_has() {
  [[ -z ${MISTRAL_OFFLINE:-} ]] && timeout_of 15 docker manifest inspect "$1" >/dev/null 2>&1
}

# registry_answers: images of the usual distributions can be pulled.
registry_answers() { registry_has debian:trixie-slim; }
