package io.mistraloperator.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.mistraloperator.operator.traffic.Split.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/troubleshooting.md knows every reason, and no other")
class TroubleshootingPageTest {
  private static final Path PAGE = Path.of("../docs/troubleshooting.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| ([^|]+) \\| ([^|]+) \\|");

  /** Rows of reasons; those of alerts, which follow, have a test of their own. */
  private static Stream<MatchResult> rows() throws IOException {
    return ROW.matcher(Files.readString(PAGE).split("(?m)^## Alerts$")[0]).results();
  }

  @Test
  void pageAndCodeHaveTheSameReasons() throws IOException {
    Set<String> inCode =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.mistraloperator.operator")
                .stream()
                .filter(JavaClass::isEnum)
                .filter(type -> type.getSimpleName().equals("Reason"))
                .flatMap(type -> Arrays.stream(type.reflect().getEnumConstants()))
                .map(constant -> ((Enum<?>) constant).name())
                .collect(Collectors.toCollection(TreeSet::new));
    EnumSet.complementOf(EnumSet.of(Standing.OnlyDeployment))
        .forEach(standing -> inCode.add(standing.name()));

    assertThat(rows().map(row -> row.group(1)))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(inCode);
  }

  @Test
  void everyReasonIsExplained() throws IOException {
    assertThat(rows())
        .allSatisfy(
            row -> {
              assertThat(row.group(2)).as(row.group(1)).isNotBlank();
              assertThat(row.group(3)).as(row.group(1)).hasSizeGreaterThan(10);
            });
  }
}
