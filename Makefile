# Thin targets; the work is in the scripts under dev/.
MAVEN = JAVA_HOME="$$(dev/tools/jdk.sh)" && export JAVA_HOME && ./mvnw -B -ntp

.DEFAULT_GOAL := help
.PHONY: help build test test-vllm bench bench-micro bench-operator soak demo demo-down demo-env images crds errors engine-args catalogue conformance format clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## From nothing to an answered chat completion on this computer; MODEL=<id> takes a real model
	@MODEL="$(MODEL)" CLUSTER="$(CLUSTER)" VALUES="$(VALUES)" dev/demo/demo.sh up

demo-env: ## Print the demo's addresses and keys as export lines
	@CLUSTER="$(CLUSTER)" dev/demo/demo.sh env

demo-down: ## Remove every trace of the demo
	@CLUSTER="$(CLUSTER)" dev/demo/demo.sh down

test: ## Everything that can be tested on this computer
	@dev/tools/test.sh

test-vllm: ## The tests with a real vLLM on CPU
	@dev/tools/test.sh vllm

bench: ## Measure the gateway beside other proxies; writes docs/performance.md
	@dev/bench/bench.sh --write

bench-micro: ## Measure what scanner, readers and shaper of the gateway cost, without any network
	@$(MAVEN) verify -Pmicro -pl dev/bench/micro -am -DskipTests

bench-operator: ## Measure what the operator costs with 500 deployments; writes docs/performance-operator.md
	@KUBE_API_TEST_DIR="$$(dev/cluster/api-test-dir.sh)" && export KUBE_API_TEST_DIR && \
	  $(MAVEN) verify -Pbench -pl crds,operator -am -DskipTests -Dbench.document="$(CURDIR)/docs/performance-operator.md"

soak: ## Load the gateway for 20 minutes and see that it keeps nothing; writes docs/soak.md
	@dev/bench/bench.sh --soak --write

build: ## Compile and package, without tests
	@$(MAVEN) package -DskipTests

images: ## Build the images in the local Docker
	@dev/cluster/docker.sh
	@dev/images/build.sh

crds: ## Write the definitions anew from the Java types, with the chart's copies and docs/crds.md
	@$(MAVEN) test -pl crds -Dtest=CheckedInDefinitionsTest -Dcrds.write=true

errors: ## Write docs/errors.md anew from the gateway's table of codes
	@$(MAVEN) test -pl crds,gateway -Dtest=ErrorReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Derrors.write=true

engine-args: ## Write docs/engine-args.md anew from the operator's tables of arguments
	@$(MAVEN) test -pl crds,operator -Dtest=EngineArgsTest -Dsurefire.failIfNoSpecifiedTests=false -Dengine-args.write=true

catalogue: ## Write docs/catalogue.md anew from the chart's catalogue
	@$(MAVEN) test -pl crds,operator -Dtest=CataloguePageTest -Dsurefire.failIfNoSpecifiedTests=false -Dcatalogue.write=true

conformance: ## Write docs/conformance.md anew from the reports of the last 'make test'
	@python3 dev/tools/conformance.py . --write

format: ## Format the Java sources
	@$(MAVEN) spotless:apply

clean: ## Remove what the build wrote
	@$(MAVEN) clean
	@rm -rf build
