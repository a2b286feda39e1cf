package io.mistraloperator.e2e.cluster;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** One Kubernetes node in a container. */
final class Node implements AutoCloseable {
  /** Node port of the gateway's HTTPS listener. */
  static final int GATEWAY_NODE_PORT = 30443;

  private static final String IMAGE =
      Optional.ofNullable(System.getenv("MISTRAL_NODE_IMAGE")).orElse("kubernetes-node:1.34.4");
  private static final Optional<Path> ARCHIVES =
      Optional.ofNullable(System.getenv("MISTRAL_IMAGE_ARCHIVES"))
          .filter(folder -> !folder.isBlank())
          .map(Path::of);
  private static final String ARCHIVES_IN_NODE = "/archives";

  private final K3sContainer container;

  private Node(K3sContainer container) {
    this.container = container;
  }

  /** Why no node can be started here, or empty. */
  static Optional<String> missing() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.of("Docker does not answer; 'make' starts it where it may");
    }
    return LocalImages.present(IMAGE)
        ? Optional.empty()
        : Optional.of("the node image " + IMAGE + " is absent; dev/cluster/node-image.sh makes it");
  }

  /** Why this image cannot be given to a node, or empty. */
  static Optional<String> missing(String image) {
    return archive(image).isPresent() || LocalImages.present(image)
        ? Optional.empty()
        : Optional.of("the image " + image + " is absent; 'make images' makes it");
  }

  static Node start() {
    // Closed by close(), or here where the start fails.
    @SuppressWarnings("resource")
    var container =
        new K3sContainer(DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("rancher/k3s"));
    container.addExposedPort(GATEWAY_NODE_PORT);
    ARCHIVES.ifPresent(folder -> container.withCreateContainerCmdModifier(mount(folder)));
    try {
      container.start();
    } catch (RuntimeException failed) {
      container.close();
      throw failed;
    }
    return new Node(container);
  }

  String kubeconfig() {
    return container.getKubeConfigYaml();
  }

  /** Port of this machine behind which the node port of the gateway is. */
  int gatewayPort() {
    return container.getMappedPort(GATEWAY_NODE_PORT);
  }

  /** Makes an image usable by pods under its name. */
  void load(String image) {
    Optional<Path> archive = archive(image);
    if (archive.isPresent()) {
      importArchive(ARCHIVES_IN_NODE + "/" + archive.get().getFileName());
      return;
    }
    Path saved = save(image);
    try {
      String inNode = "/tmp/" + saved.getFileName();
      container.copyFileToContainer(MountableFile.forHostPath(saved), inNode);
      importArchive(inNode);
      exec("rm", inNode);
    } finally {
      delete(saved);
    }
  }

  /** Gives an image of the node a second name. */
  void tag(String image, String other) {
    String prefix = "docker.io/";
    check(exec("ctr", "-n", "k8s.io", "images", "tag", prefix + image, prefix + other));
  }

  ExecResult exec(String... command) {
    try {
      return container.execInContainer(command);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in the node", stopped);
    }
  }

  void write(String content, String path) {
    container.copyFileToContainer(Transferable.of(content.getBytes(StandardCharsets.UTF_8)), path);
  }

  String log() {
    return container.getLogs();
  }

  @Override
  public void close() {
    container.close();
  }

  private static Consumer<CreateContainerCmd> mount(Path folder) {
    var bind =
        new Bind(folder.toAbsolutePath().toString(), new Volume(ARCHIVES_IN_NODE), AccessMode.ro);
    return command -> {
      HostConfig host = command.getHostConfig();
      List<Bind> binds = new ArrayList<>(List.of(host.getBinds()));
      binds.add(bind);
      host.setBinds(binds.toArray(Bind[]::new));
    };
  }

  private void importArchive(String path) {
    check(exec("ctr", "-n", "k8s.io", "images", "import", path));
  }

  private static void check(ExecResult result) {
    if (result.getExitCode() != 0) {
      throw new IllegalStateException(result.getStdout() + result.getStderr());
    }
  }

  private static Optional<Path> archive(String image) {
    String name = image.substring(image.lastIndexOf('/') + 1).replaceFirst(":.*", "");
    return ARCHIVES.map(folder -> folder.resolve(name + ".tar")).filter(Files::isRegularFile);
  }

  private static Path save(String image) {
    try {
      Path file = Files.createTempFile("image-", ".tar");
      try (InputStream content = DockerClientFactory.lazyClient().saveImageCmd(image).exec()) {
        Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
      }
      return file;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
