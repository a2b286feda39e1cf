package io.mistraloperator.operator.mistraldeployment.resources;

import java.util.List;

/**
 * Settings of the platform for all engine pods.
 *
 * @param fetcherImage fetches weights
 * @param pullPolicy pull policy of all images
 * @param pullSecrets names of Secrets for private registries
 * @param stallSeconds seconds without a byte before a connection of the fetcher counts as dead
 * @param attempts failures in a row, without a byte gained, before the fetcher gives up
 */
public record PodSettings(
    String fetcherImage,
    String pullPolicy,
    List<String> pullSecrets,
    int stallSeconds,
    int attempts) {}
