package io.mistraloperator.e2e.cluster;

import com.github.dockerjava.api.exception.NotFoundException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/** Replaces the image with which Testcontainers tries mounts by a local one, where there is one. */
public final class LocalImages extends ImageNameSubstitutor {
  private static final String TRIAL = "alpine";
  private static final String LOCAL_TRIAL = "localhost/pause:1";

  @Override
  public DockerImageName apply(DockerImageName original) {
    return original.getUnversionedPart().equals(TRIAL) && present(LOCAL_TRIAL)
        ? DockerImageName.parse(LOCAL_TRIAL)
        : original;
  }

  /** Whether Docker has this image without asking a registry. */
  static boolean present(String image) {
    try {
      DockerClientFactory.lazyClient().inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException absent) {
      return false;
    }
  }

  @Override
  protected String getDescription() {
    return "local images in place of Testcontainers' own";
  }
}
