package dev.holdfast.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The kit runs where nothing is of what a node needs beside the pure part: the build's own class
 * path can have it, by the manifest of the node's jar.
 */
class PureClassPathTest {
  private static final List<String> ABSENT =
      List.of(
          "com.hazelcast.",
          "io.javalin.",
          "org.eclipse.jetty.",
          "org.sqlite.",
          "org.postgresql.",
          "com.zaxxer.",
          "org.flywaydb.",
          "com.github.luben.",
          "org.apache.logging.",
          "io.micrometer.",
          "org.agrona.",
          "picocli.");

  private static final class PureLoader extends URLClassLoader {
    private PureLoader(URL[] classPath) {
      super(classPath, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (ABSENT.stream().anyMatch(name::startsWith)) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }

  @Test
  void theKitRunsWithoutWhatANodeDragsIn() throws Exception {
    URL[] classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(PureClassPathTest::url)
            .toArray(URL[]::new);
    try (var loader = new PureLoader(classPath)) {
      assertThatThrownBy(() -> loader.loadClass("com.hazelcast.core.HazelcastInstance"))
          .isInstanceOf(ClassNotFoundException.class);
      Class<?> run = loader.loadClass(Run.class.getName());
      assertThat(run.getClassLoader()).isSameAs(loader);
      var callable = (Callable<?>) run.getDeclaredConstructor().newInstance();
      assertThat(callable.call()).isEqualTo("COMPLETED");
    }
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(entry, e);
    }
  }
}
