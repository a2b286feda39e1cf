/** The product with a real vLLM on CPU. Run by {@code make test-vllm}: the image weighs 2.9 GB. */
package io.mistraloperator.e2e.vllm;
