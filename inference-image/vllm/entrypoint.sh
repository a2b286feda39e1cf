#!/bin/sh
# Becomes the server, so that it is process 1 and gets the signals itself. All arguments are the server's own; the model is the first.
set -eu
exec vllm serve "$@"
