#!/usr/bin/env bash
# Prints the folder of a JDK 25: JAVA_HOME where it is one, else one of this computer, else installed where this user may.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

wanted=25

fits() { [[ -x $1/bin/javac ]] && grep -qE "^JAVA_VERSION=\"$wanted([.\"])" "$1/release" 2>/dev/null; }

find_jdk() {
  local folder java
  for folder in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*"$wanted"* "$HOME"/.sdkman/candidates/java/"$wanted"* "$HOME"/.jdks/*"$wanted"*; do
    ! fits "$folder" || { echo "$folder" && return; }
  done
  if [[ -x /usr/libexec/java_home ]] && folder=$(/usr/libexec/java_home -v "$wanted" 2>/dev/null) && fits "$folder"; then
    echo "$folder" && return
  fi
  if java=$(command -v javac) && folder=$(dirname "$(dirname "$(readlink -f "$java")")") && fits "$folder"; then
    echo "$folder" && return
  fi
  return 1
}

(($# == 0)) || usage
find_jdk && exit
package=openjdk-$wanted-jdk-headless
advice="Install one from https://adoptium.net/temurin/releases/?version=$wanted and set JAVA_HOME to its folder."
[[ $(uname -s) != Darwin ]] || advice="Type: brew install --cask temurin@$wanted"
is_debian || die "no JDK $wanted is installed" "$advice"
! is_root || apt-cache show "$package" >/dev/null 2>&1 || retry 3 apt-get update -q >&2
apt-cache show "$package" >/dev/null 2>&1 || die "no JDK $wanted is installed, and there is no package $package here" "$advice"
install_packages "$package"
find_jdk || die "the package $package brought no JDK $wanted"
