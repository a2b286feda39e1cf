#!/bin/sh
# Becomes the server, so that it is process 1 and gets the signals itself. All arguments are the server's own.
set -eu
export LLAMA_ARG_PORT="$ENGINE_PORT"
exec llama-server "$@"
