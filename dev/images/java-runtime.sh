#!/usr/bin/env bash
# Makes the Java runtime of the images with jlink from a JDK 25, once for each JDK, and prints its folder.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

# All of Java SE, and what servers use beyond it: DNS names, zip file systems, flight recordings, jcmd for diagnosis.
modules=java.se,jdk.attach,jdk.charsets,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.localedata
modules+=,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.unsupported,jdk.zipfs

link() { # JDK, target
  local draft=$2.new
  [[ ! -x $2/bin/java ]] || return 0
  rm -rf "$draft"
  mkdir -p "$(dirname "$draft")"
  "$1/bin/jlink" --add-modules "$modules" --include-locales=en --strip-java-debug-attributes --no-man-pages --no-header-files \
    --compress=zip-6 --output "$draft"
  # The class archive that the images' object headers need; the linked runtime has none at all.
  "$draft/bin/java" -XX:+UseCompactObjectHeaders -XX:SharedArchiveFile="$draft/lib/server/classes_coh.jsa" -Xshare:dump
  rm -rf "$2"
  mv "$draft" "$2"
}

[[ $(uname -s) == Linux ]] || die "the runtime of the images can be linked on Linux only"
jdk=$("$ROOT/dev/tools/jdk.sh")
version=$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$jdk/release")
target=$MISTRAL_CACHE/java-runtime/$version-$(architecture)-$(sha256sum <"${BASH_SOURCE[0]}" | cut -c 1-8)
[[ -x $target/bin/java ]] || step "Linking a Java $version runtime" with_lock java-runtime link "$jdk" "$target"
echo "$target"
