package io.mistraloperator.operator.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.microprofile.config.spi.Converter;

/** What the chart tells the operator; every value has an environment variable of the same name. */
@ConfigMapping(prefix = "mistral")
public interface OperatorConfig {
  /** The platform namespace: routes, pools and the gateway are here. */
  String namespace();

  /** Region in host names (row A6.3). */
  @WithDefault("local")
  String region();

  /** Domain in host names (row A6.3). */
  @WithDefault("localhost")
  String domain();

  /** The data plane. */
  Gateway gateway();

  /** Certificate of the gateway. */
  Tls tls();

  /** Engine and helper images. */
  Images images();

  /** How images are pulled. */
  Image image();

  /** Cores that a project may use where its InferenceQuota does not say. */
  Quota quota();

  /** How weights come to the instances. */
  Weights weights();

  /** How new versions replace old ones. */
  Rollouts rollout();

  /** What use costs. */
  Billing billing();

  /** The operator's own pods. */
  Self self();

  /** Election of the one replica that writes. */
  LeaderElection leaderElection();

  /** The data plane. */
  interface Gateway {
    /** Name of its Service in the platform namespace. */
    @WithDefault("mistral-gateway")
    String service();

    /** Labels of its pods; they alone may reach engines. */
    @WithDefault("app.kubernetes.io/component=gateway,app.kubernetes.io/part-of=mistral")
    @WithConverter(LabelsConverter.class)
    Labels labels();

    /** Port that applications outside the cluster use; 443 stays out of URLs. */
    @WithDefault("443")
    int publicPort();

    /** Port of its pods on which they tell their load and which routes they serve. */
    @WithDefault("9000")
    int managementPort();
  }

  /** Labels of pods, sorted by key: what is made of them is the same in every process. */
  record Labels(SortedMap<String, String> byKey) {}

  /** Reads labels from {@code key=value,key=value}. */
  final class LabelsConverter implements Converter<Labels> {
    private static final long serialVersionUID = 1L;

    @Override
    public Labels convert(String text) {
      SortedMap<String, String> labels = new TreeMap<>();
      for (String pair : text.split(",")) {
        String[] parts = pair.strip().split("=", 2);
        if (parts.length != 2) {
          throw new IllegalArgumentException("labels must be key=value,key=value, not " + text);
        }
        labels.put(parts[0], parts[1]);
      }
      return new Labels(Collections.unmodifiableSortedMap(labels));
    }
  }

  /** Certificate of the gateway. */
  interface Tls {
    /** A Secret of the platform namespace made by others; absent: the operator makes its own. */
    Optional<String> secretName();
  }

  /** Engine and helper images. */
  interface Images {
    /** llama.cpp for CPU machines. */
    @WithDefault("mistraloperator/llamacpp:0.1.0")
    String llamacpp();

    /** vLLM for GPU machines. */
    @WithDefault("mistraloperator/vllm:0.1.0")
    String vllm();

    /** vLLM for CPU machines. */
    @WithDefault("mistraloperator/vllm-cpu:0.1.0")
    String vllmCpu();

    /** Fetches weights. */
    @WithDefault("mistraloperator/model-fetcher:0.1.0")
    String fetcher();
  }

  /** How images are pulled. */
  interface Image {
    /** Pull policy of engine pods. */
    @WithDefault("IfNotPresent")
    String pullPolicy();

    /** Secrets for private registries; each must exist in the namespace of the pods. */
    Optional<List<String>> pullSecrets();
  }

  /** Cores that a project may use where its InferenceQuota does not say (row D2.23). */
  interface Quota {
    /** Cores of each family without GPUs. */
    @WithDefault("256")
    int cpu();

    /** Cores of each family with GPUs. */
    @WithDefault("0")
    int gpu();

    /** Cores of single families, which go before the other two. */
    @WithConverter(CoresConverter.class)
    Optional<CoresByFamily> families();
  }

  /** How weights come to the instances. */
  interface Weights {
    /** Whether nothing may be fetched, and instances may not open connections at all. */
    @WithDefault("false")
    boolean offline();

    /** Claim that keeps fetched weights where a deployment does not say; one in each project. */
    Optional<String> cacheClaim();

    /** Seconds without a byte before a connection of the fetcher counts as dead. */
    @WithDefault("60")
    int stallSeconds();

    /** Failures in a row, without a byte gained, before the fetcher gives up. */
    @WithDefault("8")
    int attempts();

    /** Rate in MiB a second below which a fetch counts as slow. */
    @WithDefault("20")
    int slowMibPerSecond();
  }

  /** How new versions replace old ones. */
  interface Rollouts {
    /** Seconds that an instance more may wait for a node before an old one goes first. */
    @WithDefault("60")
    int surgePatienceSeconds();
  }

  /** What use costs. */
  interface Billing {
    /** Currency of all prices in the catalogue. */
    @WithDefault("USD")
    String currency();
  }

  /** The operator's own pods. */
  interface Self {
    /** Their labels; they may ask fetchers for their progress. */
    @WithDefault("app.kubernetes.io/component=operator,app.kubernetes.io/part-of=mistral")
    @WithConverter(LabelsConverter.class)
    Labels labels();
  }

  /** Cores of families. */
  record CoresByFamily(Map<String, Integer> byFamily) {}

  /** Reads cores from {@code family=cores,family=cores}. */
  final class CoresConverter implements Converter<CoresByFamily> {
    private static final long serialVersionUID = 1L;

    @Override
    public CoresByFamily convert(String text) {
      Map<String, Integer> cores = new TreeMap<>();
      for (String pair : text.split(",")) {
        String[] parts = pair.strip().split("=", 2);
        if (parts.length != 2 || !parts[1].matches("[0-9]{1,7}")) {
          throw new IllegalArgumentException(
              "cores must be family=cores,family=cores, not " + text);
        }
        cores.put(parts[0], Integer.valueOf(parts[1]));
      }
      return new CoresByFamily(Map.copyOf(cores));
    }
  }

  /** Election of the one replica that writes. */
  interface LeaderElection {
    /** Name of the Lease in the platform namespace. */
    @WithDefault("mistral-operator")
    String leaseName();
  }
}
