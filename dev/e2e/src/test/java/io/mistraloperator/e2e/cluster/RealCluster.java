package io.mistraloperator.e2e.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class on the shared real cluster with the chart installed; its methods and constructors
 * take a {@link Cluster}. Skipped where Docker or an image is absent. What the cluster holds is
 * written to {@code target/cluster-logs} where a test fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("cluster")
@ExtendWith(ClusterExtension.class)
public @interface RealCluster {}
