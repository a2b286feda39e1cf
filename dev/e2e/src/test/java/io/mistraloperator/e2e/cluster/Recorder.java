package io.mistraloperator.e2e.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.ServerlessEndpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Writes down every version of every object, every event and every line that a pod logs, as long as
 * the cluster lives; and learns every key that ever was in a key Secret. So that the keys can be
 * searched for in all that a full run produced, also of objects that are gone (T-K2).
 */
public final class Recorder implements AutoCloseable {
  /** Where the record is. */
  public static final Path FOLDER = Dump.FOLDER.resolve("record");

  private static final List<String> KEY_ENTRIES = List.of("primaryKey", "secondaryKey");

  private final KubernetesClient client;
  private final List<SharedIndexInformer<?>> informers = new CopyOnWriteArrayList<>();
  private final Map<String, LogWatch> logs = new ConcurrentHashMap<>();
  private final List<OutputStream> files = new ArrayList<>();
  private final Set<String> keys = ConcurrentHashMap.newKeySet();

  Recorder(KubernetesClient client) {
    this.client = client;
  }

  /** Starts with the kinds that every cluster has. */
  void recordBuiltIn() {
    record(Pod.class);
    record(Event.class);
    record(Deployment.class);
    record(Service.class);
    record(EndpointSlice.class);
    record(ConfigMap.class);
    informers.add(client.secrets().inAnyNamespace().inform(new Each<Secret>(this::learnKeys)));
  }

  /** Adds the kinds that the chart has brought. */
  void recordOwnKinds() {
    record(MistralDeployment.class);
    record(ServerlessEndpoint.class);
    record(InferenceRoute.class);
  }

  /** Every key that was ever seen. */
  public Set<String> keys() {
    return Set.copyOf(keys);
  }

  private <T extends HasMetadata> void record(Class<T> kind) {
    OutputStream file = open(kind.getSimpleName() + ".jsonl");
    informers.add(
        client
            .resources(kind)
            .inAnyNamespace()
            .inform(
                new Each<T>(
                    object -> {
                      write(file, line(object));
                      if (object instanceof Pod pod) {
                        follow(pod);
                      }
                    })));
  }

  private static String line(HasMetadata object) {
    String json = Serialization.asJson(object).replace("\n", " ");
    return "{\"seen\": \"" + Instant.now() + "\", \"object\": " + json + "}\n";
  }

  private void learnKeys(Secret secret) {
    if (secret.getData() != null) {
      KEY_ENTRIES.stream()
          .flatMap(entry -> Stream.ofNullable(secret.getData().get(entry)))
          .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8))
          .forEach(keys::add);
    }
  }

  private void follow(Pod pod) {
    Stream.of(pod.getStatus().getInitContainerStatuses(), pod.getStatus().getContainerStatuses())
        .flatMap(List::stream)
        .filter(Recorder::hasLog)
        .forEach(
            container ->
                logs.computeIfAbsent(
                    container.getContainerID(), id -> follow(pod, container.getName(), id)));
  }

  private static boolean hasLog(ContainerStatus container) {
    return container.getContainerID() != null
        && (container.getState().getRunning() != null
            || container.getState().getTerminated() != null);
  }

  private LogWatch follow(Pod pod, String container, String id) {
    String namespace = pod.getMetadata().getNamespace();
    String name = pod.getMetadata().getName();
    String shortId = id.substring(id.lastIndexOf('/') + 1).substring(0, 12);
    try {
      return client
          .pods()
          .inNamespace(namespace)
          .withName(name)
          .inContainer(container)
          .watchLog(open(namespace + "." + name + "." + container + "." + shortId + ".log"));
    } catch (KubernetesClientException gone) {
      // The pod went before its log could be read: nothing of it is left to search either.
      return null;
    }
  }

  private OutputStream open(String name) {
    try {
      Files.createDirectories(FOLDER);
      OutputStream file =
          Files.newOutputStream(
              FOLDER.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      synchronized (files) {
        files.add(file);
      }
      return file;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void write(OutputStream file, String text) {
    try {
      synchronized (file) {
        file.write(text.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::close);
    logs.values().forEach(LogWatch::close);
    synchronized (files) {
      for (OutputStream file : files) {
        try {
          file.close();
        } catch (IOException failed) {
          throw new UncheckedIOException(failed);
        }
      }
    }
  }

  /** Hands every state of an object to one reader. */
  private record Each<T>(java.util.function.Consumer<T> reader) implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      reader.accept(object);
    }

    @Override
    public void onUpdate(T before, T now) {
      reader.accept(now);
    }

    @Override
    public void onDelete(T object, boolean unknown) {
      reader.accept(object);
    }
  }
}
