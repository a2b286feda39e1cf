#!/usr/bin/env bash
# Prints the version of the product, which is also the tag of its images.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' "$ROOT/pom.xml" | head -1)
echo "${version%-SNAPSHOT}"
