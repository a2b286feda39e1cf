package io.mistraloperator.operator.mistraldeployment.resources;

import java.util.List;

/**
 * Settings of the platform for all engine pods.
 *
 * @param fetcherImage fetches model files from URLs
 * @param pullPolicy pull policy of all images
 * @param pullSecrets names of Secrets for private registries
 */
public record PodSettings(String fetcherImage, String pullPolicy, List<String> pullSecrets) {}
