#!/usr/bin/env bash
# Builds the project's images in the local Docker: build.sh [NAME...]
# Names: operator gateway llamacpp model-fetcher tiny-models vllm-cpu vllm. Without a name all but the last two, which are large.
# An image whose inputs have not changed since it was built is left alone. Tags are mistraloperator/NAME:VERSION.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/shell.sh"

images=$ROOT/dev/images
label=io.mistraloperator.inputs
version=$("$ROOT/dev/tools/version.sh")

# The files and folders under the root that go into an image; what a folder generates is not among them.
inputs_of() {
  case $1 in
    operator | gateway)
      echo pom.xml crds/pom.xml crds/src/main "$1/pom.xml" "$1/src/main" "$1/Dockerfile" \
        dev/images/java-runtime.sh dev/images/train.sh dev/images/training
      ;;
    llamacpp) echo inference-image/bin inference-image/llamacpp ;;
    vllm | vllm-cpu) echo inference-image/bin inference-image/vllm ;;
    model-fetcher) echo inference-image/fetcher ;;
    tiny-models) echo dev/models ;;
    *) die "there is no image $1" "Images: operator gateway llamacpp model-fetcher tiny-models vllm-cpu vllm" ;;
  esac
}

dockerfile_of() {
  case $1 in
    operator | gateway) echo "$1/Dockerfile" ;;
    model-fetcher) echo inference-image/fetcher/Dockerfile ;;
    tiny-models) echo dev/models/Dockerfile ;;
    vllm | vllm-cpu) echo inference-image/vllm/Dockerfile ;;
    *) echo "inference-image/$1/Dockerfile" ;;
  esac
}

base_of() {
  case $1 in
    vllm) sed -n 's/^ARG BASE=//p' "$ROOT/$(dockerfile_of vllm)" ;;
    vllm-cpu) "$images/vllm-cpu-base.sh" --name ;;
    *) sed -n 's/^FROM \([^ ]*\).*/\1/p' "$ROOT/$(dockerfile_of "$1")" | grep : ;;
  esac
}

ensure_base() {
  case $1 in
    vllm)
      docker image inspect "$2" >/dev/null 2>&1 || registry_has "$2" || die "no image registry has $2, and it cannot be made here"
      docker image inspect "$2" >/dev/null 2>&1 || step "Pulling $2" docker pull -q "$2"
      ;;
    vllm-cpu) "$images/vllm-cpu-base.sh" ;;
    *) "$images/base.sh" "$2" ;;
  esac
}

digest_of() { # name, base: of everything that the image is made from
  local paths
  read -ra paths <<<"$(inputs_of "$1")"
  {
    docker image inspect -f '{{.Id}}' "$2"
    cd "$ROOT"
    find "${paths[@]}" -type f ! -path '*/__pycache__/*' ! -path '*/tests/*' ! -name 'test_*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum | cut -c 1-16
}

maven() {
  if [[ -x $ROOT/mvnw ]]; then (cd "$ROOT" && ./mvnw "$@"); else (cd "$ROOT" && mvn "$@"); fi
}

# Fills the folder that the Dockerfile gets as its context.
stage() { # name, folder
  case $1 in
    operator | gateway)
      local runtime
      runtime=$("$images/java-runtime.sh")
      JAVA_HOME=$("$ROOT/dev/tools/jdk.sh") maven -B -ntp -q -pl "$1" -am package -DskipTests -Dquarkus.package.jar.type=aot-jar
      cp -a "$runtime" "$2/runtime"
      cp -a "$ROOT/$1/target/quarkus-app" "$2/app"
      ;;
    llamacpp | vllm | vllm-cpu) cp -a "$ROOT"/inference-image/{bin,llamacpp,vllm} "$2" ;;
    model-fetcher) cp -a "$ROOT"/inference-image/fetcher/src "$2" ;;
    tiny-models) python3 "$ROOT/dev/models/make_models.py" "$2/models" ;;
  esac
  cp "$ROOT/$(dockerfile_of "$1")" "$2/Dockerfile"
}

# Adds the JVM's cache, which needs a run of the image without it.
train() { # name, context
  local image=mistraloperator/$1:untrained
  docker build -q --label io.mistraloperator.stage=untrained -t "$image" "$2"
  "$images/train.sh" "$1" "$image" "$2/app/app.aot"
  docker rmi "$image"
}

make_image() { # name, base, digest
  local context=$MISTRAL_CACHE/images/context-$1
  rm -rf "$context"
  mkdir -p "$context"
  stage "$1" "$context"
  [[ $1 != operator && $1 != gateway ]] || train "$1" "$context"
  docker build -q --build-arg "BASE=$2" --label "$label=$3" -t "mistraloperator/$1:$version" "$context"
  docker image prune -f --filter label=io.mistraloperator.stage
  rm -rf "$context"
}

build() {
  local name=$1 image=mistraloperator/$1:$version base digest old
  base=$(base_of "$name")
  ensure_base "$name" "$base"
  # The training run takes its helpers from there.
  [[ $name != operator && $name != gateway ]] || with_lock image-model-fetcher build model-fetcher
  digest=$(digest_of "$name" "$base")
  old=$(docker image inspect -f "{{.Id}} {{index .Config.Labels \"$label\"}}" "$image" 2>/dev/null) || old=
  if [[ ${old#* } == "$digest" ]]; then
    note "$image is up to date"
    return
  fi
  step "Building $image" make_image "$name" "$base" "$digest"
  # The image that had the name goes, unless it is in use.
  [[ -z $old ]] || docker rmi "${old% *}" >/dev/null 2>&1 || true
}

(($#)) || set -- model-fetcher llamacpp tiny-models operator gateway
for name; do inputs_of "$name" >/dev/null; done
docker_answers || die "Docker does not answer" "Start it, or type: docker info"
for name; do with_lock "image-$name" build "$name"; done
