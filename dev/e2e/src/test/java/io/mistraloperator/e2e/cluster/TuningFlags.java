package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

/** The arguments that docs/engine-args.md lets projects set. */
public final class TuningFlags {
  private static final Pattern ROW = Pattern.compile("\\| `(--[a-z0-9-]+)` \\|.*");

  private TuningFlags() {}

  /**
   * Every one is an argument of the server in the image.
   *
   * @param engine heading of its table
   * @param help what makes the server list its arguments
   */
  public static void assertKnown(
      Project project, String deployment, String engine, String... help) {
    List<String> flags = of(engine);
    String pod = project.engines(deployment).getFirst().getMetadata().getName();
    String told = project.exec(pod, help);
    assertThat(flags)
        .isNotEmpty()
        .allSatisfy(
            flag ->
                assertThat(
                        Pattern.compile("(?<![a-z-])" + flag + "(?![a-z-])").matcher(told).find())
                    .as(flag)
                    .isTrue());
  }

  private static List<String> of(String engine) {
    try {
      String page = Files.readString(Chart.ROOT.resolve("docs/engine-args.md"));
      String table = page.substring(page.indexOf("## " + engine + "\n"));
      return table
          .substring(0, table.indexOf("\n## "))
          .lines()
          .map(ROW::matcher)
          .filter(matcher -> matcher.matches())
          .map(matcher -> matcher.group(1))
          .toList();
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }
}
