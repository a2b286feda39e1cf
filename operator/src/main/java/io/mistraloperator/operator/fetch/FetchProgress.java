package io.mistraloperator.operator.fetch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.mistraloperator.api.FetchStatus.Phase;

/**
 * What a fetcher says of itself; the contract is in inference-image/README.md.
 *
 * @param phase what it does
 * @param bytesDone bytes that are there
 * @param bytesTotal bytes of all files; {@code null} while unknown
 * @param bytesPerSecond mean rate of the last minute; {@code null} while unknown
 * @param secondsMeasured for how long the rate has been measured, up to a minute
 * @param trouble what went wrong, while it is tried again; else empty or {@code null}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record FetchProgress(
    Phase phase,
    long bytesDone,
    Long bytesTotal,
    Long bytesPerSecond,
    int secondsMeasured,
    String trouble) {}
