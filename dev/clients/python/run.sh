#!/usr/bin/env bash
# Runs a client program with its pinned packages.
#
#   run.sh ENVIRONMENT PROGRAM [ARGUMENT...]     with ENDPOINT_URL, ENDPOINT_KEY and CA_FILE set
#
# ENVIRONMENT is one of ../environment.sh, or none for a program that needs no package.
. "$(dirname "${BASH_SOURCE[0]}")/../../lib/shell.sh"

(($# >= 2)) || usage
if [[ $1 == none ]]; then
  need python3 python3
  python=python3
else
  python=$("$ROOT/dev/clients/environment.sh" "$1")/bin/python
fi
# LiteLLM would first try to fetch a list of prices.
export LITELLM_LOCAL_MODEL_COST_MAP=True
exec "$python" "$ROOT/dev/clients/python/$2.py" "${@:3}"
