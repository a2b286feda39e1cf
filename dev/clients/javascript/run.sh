#!/usr/bin/env bash
# Runs a client program with its pinned packages.
#
#   run.sh PROGRAM     with ENDPOINT_URL, ENDPOINT_KEY and CA_FILE set
. "$(dirname "${BASH_SOURCE[0]}")/../../lib/shell.sh"

(($# == 1)) || usage
here=$ROOT/dev/clients/javascript
environment=$("$ROOT/dev/clients/environment.sh" javascript)
# Node looks for packages beside the program alone.
ln -sfn "$environment/node_modules" "$here/node_modules"
NODE_EXTRA_CA_CERTS=$CA_FILE exec node "$here/$1.mjs"
