#!/usr/bin/env bash
# Runs chat.py with the pinned packages; the first time it makes their virtual environment in the cache.
#
#   run.sh complete|stream     with ENDPOINT_URL, ENDPOINT_KEY and CA_FILE set
. "$(dirname "${BASH_SOURCE[0]}")/../../lib/shell.sh"

here=$ROOT/dev/clients/openai-python
sum=$(cksum <"$here/requirements.txt" | cut -d ' ' -f 1)
environment=$MISTRAL_CACHE/clients/openai-python-$sum

make_environment() {
  [[ ! -x $environment/bin/python ]] || return 0
  need python3 python3
  python3 -c 'import ensurepip' 2>/dev/null || install_packages python3-venv
  rm -rf "$environment.part"
  mkdir -p "${environment%/*}"
  # The folder is moved when complete: its scripts name it, so only its python is used.
  python3 -m venv "$environment.part"
  retry 3 "$environment.part/bin/python" -m pip install -q --disable-pip-version-check --no-deps -r "$here/requirements.txt"
  mv "$environment.part" "$environment"
}

(($# == 1)) || usage
with_lock openai-python make_environment >&2
exec "$environment/bin/python" "$here/chat.py" "$1"
