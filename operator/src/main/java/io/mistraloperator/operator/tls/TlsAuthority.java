package io.mistraloperator.operator.tls;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.tls.Certificates.Pair;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The gateway's certificate and the authority behind it, in Secrets of the platform namespace. Both
 * are renewed after two thirds of their life; an old authority stays in the bundle that clients
 * trust until it has expired. A serving certificate names every namespace that has an endpoint,
 * since a wildcard stands for one label only.
 */
@Singleton
public class TlsAuthority {
  static final String AUTHORITY_SECRET = "mistral-ca";
  static final String SERVING_SECRET = "mistral-gateway-tls";

  private static final Logger LOG = Logger.getLogger(TlsAuthority.class);
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";
  private static final String BUNDLE = "ca.crt";

  private final KubernetesClient client;
  private final OperatorConfig config;
  private final Clock clock;
  private final Certificates certificates;
  private Optional<State> known = Optional.empty();

  public TlsAuthority(
      KubernetesClient client, OperatorConfig config, Clock clock, SecureRandom random) {
    this.client = client;
    this.config = config;
    this.clock = clock;
    this.certificates = new Certificates(random);
  }

  /**
   * What clients of endpoints in {@code namespace} must trust, in PEM form; empty when the
   * platform's own certificate comes without an authority. Issues a certificate that names the
   * namespace where the present one does not.
   */
  public synchronized Optional<String> bundleFor(String namespace) {
    if (known.isEmpty() || !known.get().covers(namespace)) {
      refresh(Set.of(namespace));
    }
    return known.flatMap(State::bundle);
  }

  /** Looks at the Secrets again, makes what is missing and renews what is due. */
  public synchronized void refresh() {
    refresh(Set.of());
  }

  private void refresh(Set<String> namespaces) {
    known =
        Optional.of(
            config
                .tls()
                .secretName()
                .map(name -> new State(text(get(name), BUNDLE), Optional.empty()))
                .orElseGet(() -> own(namespaces)));
  }

  private State own(Set<String> namespaces) {
    Instant now = clock.instant();
    var stored = get(AUTHORITY_SECRET);
    var present =
        text(stored, CERTIFICATE)
            .flatMap(
                certificate ->
                    text(stored, KEY).flatMap(key -> Certificates.read(certificate, key)));
    boolean usable = present.filter(pair -> !pair.isDue(now) || !isOurs(stored)).isPresent();
    Pair authority = usable ? present.get() : certificates.authority(now);
    String bundle = bundle(authority, text(stored, BUNDLE), now);
    if (!usable) {
      if (stored.isPresent() && !isOurs(stored)) {
        throw new IllegalStateException(
            "Secret " + AUTHORITY_SECRET + " is not the operator's and holds no authority");
      }
      LOG.infof("A new certificate authority is made; Secret %s", AUTHORITY_SECRET);
    }
    boolean bundleIsOld = isOurs(stored) && text(stored, BUNDLE).filter(bundle::equals).isEmpty();
    if (!usable || bundleIsOld) {
      write(AUTHORITY_SECRET, authority, bundle);
    }
    return serve(authority, bundle, namespaces, now);
  }

  private State serve(Pair authority, String bundle, Set<String> namespaces, Instant now) {
    var stored = get(SERVING_SECRET);
    var present =
        text(stored, CERTIFICATE)
            .flatMap(
                certificate ->
                    text(stored, KEY).flatMap(key -> Certificates.read(certificate, key)));
    Set<String> wanted = names(namespaces);
    boolean usable =
        present
                .filter(pair -> !pair.isDue(now))
                .filter(pair -> pair.isSignedBy(authority.certificate()))
                .filter(pair -> pair.names().containsAll(wanted))
                .isPresent()
            && text(stored, BUNDLE).filter(bundle::equals).isPresent();
    if (usable) {
      return new State(Optional.of(bundle), Optional.of(present.get().names()));
    }
    LOG.infof("A new serving certificate is made; Secret %s", SERVING_SECRET);
    write(SERVING_SECRET, certificates.serving(authority, wanted, now), bundle);
    return new State(Optional.of(bundle), Optional.of(wanted));
  }

  /** The authority first, then earlier ones that clients may still meet. */
  private static String bundle(Pair authority, Optional<String> before, Instant now) {
    List<X509Certificate> all = new ArrayList<>();
    all.add(authority.certificate());
    before.map(Certificates::readAll).orElse(List.of()).stream()
        .filter(old -> !old.equals(authority.certificate()))
        .filter(old -> old.getNotAfter().toInstant().isAfter(now))
        .forEach(all::add);
    return Certificates.pem(all.toArray());
  }

  private Set<String> names(Set<String> namespaces) {
    String gateway = config.gateway().service();
    Set<String> names = new TreeSet<>();
    names.add("*." + config.region() + ".inference." + config.domain());
    names.add("*.services." + config.domain());
    names.add("localhost");
    names.add(gateway);
    names.add(gateway + "." + config.namespace());
    Stream.concat(
            Stream.concat(namespaces.stream(), Stream.of(config.namespace())),
            client
                .resources(InferenceRoute.class)
                .inNamespace(config.namespace())
                .withLabel(Labels.MANAGED_BY, Labels.OPERATOR)
                .list()
                .getItems()
                .stream()
                .flatMap(route -> Labels.owner(route).map(Labels.Owner::namespace).stream()))
        .forEach(
            namespace -> {
              names.add(inCluster(namespace));
              names.add(inCluster(namespace) + ".cluster.local");
            });
    return names;
  }

  private static String inCluster(String namespace) {
    return "*." + namespace + ".svc";
  }

  private Optional<Secret> get(String name) {
    return Optional.ofNullable(
        client.secrets().inNamespace(config.namespace()).withName(name).get());
  }

  private void write(String name, Pair pair, String bundle) {
    Map<String, String> data = new TreeMap<>();
    data.put(CERTIFICATE, Certificates.pem(pair.certificate()));
    data.put(KEY, Certificates.pem(pair.key()));
    data.put(BUNDLE, bundle);
    data.replaceAll(
        (entry, text) -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(config.namespace())
                .withLabels(Map.of(Labels.MANAGED_BY, Labels.OPERATOR, Labels.PART_OF, "mistral"))
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withData(data)
                .build())
        .fieldManager(Labels.OPERATOR)
        .forceConflicts()
        .serverSideApply();
  }

  private static boolean isOurs(Optional<Secret> secret) {
    return secret
        .flatMap(found -> Optional.ofNullable(found.getMetadata().getLabels()))
        .map(labels -> Labels.OPERATOR.equals(labels.get(Labels.MANAGED_BY)))
        .orElse(false);
  }

  private static Optional<String> text(Optional<Secret> secret, String entry) {
    return secret
        .flatMap(found -> Optional.ofNullable(found.getData()))
        .flatMap(data -> Optional.ofNullable(data.get(entry)))
        .map(base64 -> new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
  }

  /**
   * What was last seen.
   *
   * @param bundle what clients must trust
   * @param names names of the serving certificate; empty when it is made by others
   */
  private record State(Optional<String> bundle, Optional<Set<String>> names) {
    boolean covers(String namespace) {
      return names.map(all -> all.contains(inCluster(namespace))).orElse(true);
    }
  }
}
