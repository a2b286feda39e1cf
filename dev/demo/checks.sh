# shellcheck shell=bash
# What the demo asks of the computer, checked before anything is made. Sourced by demo.sh.
. "$(dirname "${BASH_SOURCE[0]}")/names.sh"

min_disk_gib=6
min_memory_gib=4

free_gib() { df -Pk "$1" | awk 'NR == 2 { printf "%d", $4 / 1048576 }'; }

# The nearest folder that exists: the cache may not be there yet.
existing() {
  local folder=$1
  while [[ ! -d $folder ]]; do folder=$(dirname "$folder"); done
  echo "$folder"
}

check_disk() {
  local folder free
  for folder in "$(existing "$MISTRAL_CACHE")" "$(docker info -f '{{.DockerRootDir}}')"; do
    [[ -d $folder ]] || continue # Docker in a virtual machine has a disk of its own
    free=$(free_gib "$folder")
    ((free >= min_disk_gib)) || die "$folder has $free GiB free, the demo needs $min_disk_gib GiB" \
      "Free some space (docker system prune), or set MISTRAL_CACHE to a folder on another disk."
  done
}

check_memory() {
  local total
  total=$(docker info -f '{{.MemTotal}}')
  ((total >= min_memory_gib * 1000000000)) || die "Docker has $((total / 1000000000)) GB of memory, the demo needs $min_memory_gib GB" \
    "Give Docker more memory (Docker Desktop: Settings, Resources)."
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

check_port() {
  local published
  if ! [[ $port =~ ^[0-9]+$ ]] || ((port < 1 || port > 65535)); then die "DEMO_PORT=$port is no port"; fi
  if published=$(docker port "$node" 30443/tcp 2>/dev/null) && [[ -n $published ]]; then
    [[ ${published##*:} == "$port" ]] || die "the demo is running with port ${published##*:}" \
      "Type: DEMO_PORT=${published##*:} make demo, or make demo-down first."
  elif ! { current && forward_runs; } && listening "$port"; then
    die "port $port of this computer is taken by another program" "Type: DEMO_PORT=9443 make demo"
  fi
}

check_computer() {
  say "Checking this computer"
  need curl curl
  if ! ready_images; then
    "$ROOT/dev/cluster/docker.sh"
    check_disk
    check_memory
  fi
  check_port
  note "this computer is fine"
}
