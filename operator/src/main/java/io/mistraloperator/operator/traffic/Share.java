package io.mistraloperator.operator.traffic;

import java.util.Optional;

/**
 * What one deployment asks of its endpoint.
 *
 * @param name of the deployment
 * @param asked percent of the endpoint's requests, 0 to 100; empty where the project says nothing
 * @param able whether it answers, or lets requests wait until it does
 */
public record Share(String name, Optional<Integer> asked, boolean able) {
  /** The share in words. */
  String words() {
    return name + " " + asked.map(percent -> percent.toString()).orElse("0 (not set)");
  }
}
