package dev.holdfast.node.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What can be checked of the image without building it. */
class ImageTest {
  private static final Path ROOT = Path.of("..");
  private static final String HOME = "/opt/holdfast/";

  private final String dockerfile = read("Dockerfile");
  private final String pom = read("pom.xml");

  @Test
  void whatIsCopiedIsThereAndNotIgnored() {
    List<String> ignored = read(".dockerignore").lines().toList();
    assertThat(ignored).contains("*", "**/target");
    assertThat(all("(?m)^COPY (?!--from)(.+) \\S+$"))
        .hasSizeGreaterThan(5)
        .allSatisfy(copied -> {
          assertThat(ROOT.resolve(copied.group(1))).exists();
          assertThat(ignored).contains('!' + copied.group(1));
        });
  }

  @Test
  void bothStagesHaveTheProjectsJdk() {
    String release = first(pom, "<java.release>(\\d+)</java.release>");
    assertThat(all("(?m)^FROM (\\S+)"))
        .extracting(from -> from.group(1))
        .hasSize(2)
        .allSatisfy(image -> assertThat(image).containsPattern("[-:]" + release + "-"));
  }

  @Test
  void theManifestsRunThisImageAsItsUser() throws IOException {
    String version = first(pom, "<version>(\\S+)</version>");
    var pod = Manifests.of("single").members().getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers().getFirst().getImage()).isEqualTo("holdfast:" + version);
    assertThat(dockerfile).contains("docker build -t holdfast:" + version);
    long user = pod.getSecurityContext().getRunAsUser();
    assertThat(dockerfile).contains("USER " + user + ':' + user, "--uid " + user);
    assertThat(Manifests.of("single").member().getVolumeMounts())
        .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo(HOME + "config"));
    assertThat(dockerfile)
        .contains("\"@" + HOME + "config/jvm.options\"", "\"-Dholdfast.home=/opt/holdfast\"")
        .contains("EXPOSE " + Manifests.port(Manifests.of("single").member(), "http"));
  }

  @Test
  void theHeapIsAShareAndTheCommonPoolStaysAPool() {
    assertThat(dockerfile).contains("-XX:MaxRAMPercentage=").doesNotContain("-Xmx");
    assertThat(
            Integer.parseInt(
                first(read("config/jvm.options"), "ForkJoinPool.common.parallelism=(\\d+)")))
        .isGreaterThanOrEqualTo(2);
  }

  private List<MatchResult> all(String pattern) {
    return Pattern.compile(pattern).matcher(dockerfile).results().toList();
  }

  private static String first(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().findFirst().orElseThrow().group(1);
  }

  private static String read(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
