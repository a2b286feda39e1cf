#!/usr/bin/env bash
# Prints the folder in the cache with the pinned packages of client programs, and fills it the first time.
#
#   environment.sh python                 virtual environment of python/requirements.txt
#   environment.sh python-azure-b4        virtual environment of python/requirements-azure-b4.txt
#   environment.sh javascript             node_modules of javascript/package-lock.json
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

clients=$ROOT/dev/clients
name=${1:-}
case $name in
  python) pins=$clients/python/requirements.txt make=make_python ;;
  python-azure-b4) pins=$clients/python/requirements-azure-b4.txt make=make_python ;;
  javascript) pins=$clients/javascript/package-lock.json make=make_javascript ;;
  *) usage ;;
esac
environment=$MISTRAL_CACHE/clients/$name-$(cksum <"$pins" | cut -d ' ' -f 1)

make_python() {
  need python3 python3
  python3 -c 'import ensurepip' 2>/dev/null || install_packages python3-venv
  # The folder is moved when complete: its scripts name it, so only its python is used.
  python3 -m venv "$environment.part" || return
  step "Installing the Python packages of ${pins##*/}" \
    retry 3 "$environment.part/bin/python" -m pip install -q --disable-pip-version-check --no-compile --no-deps -r "$pins"
}

make_javascript() {
  need node nodejs
  need npm npm
  node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || die "Node $(node --version) is too old" "The packages need Node 20 or later."
  mkdir "$environment.part" && cp "$clients/javascript/package.json" "$pins" "$environment.part" || return
  step "Installing the JavaScript packages" \
    retry 3 npm ci --prefix "$environment.part" --ignore-scripts --no-audit --no-fund --no-update-notifier
}

fill() {
  [[ ! -d $environment ]] || return 0
  rm -rf "$environment.part"
  mkdir -p "${environment%/*}"
  "$make" || die "the packages of ${pins#"$ROOT/"} could not be installed" "A package registry must be reachable the first time."
  mv "$environment.part" "$environment"
}

with_lock "clients-$name" fill >&2
echo "$environment"
