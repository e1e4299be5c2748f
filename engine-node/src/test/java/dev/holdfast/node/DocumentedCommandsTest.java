package dev.holdfast.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the docs tell people to type is what the program takes. Nothing of it is carried out. */
class DocumentedCommandsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  /** A command in a block or within text; a block's line may go on in the next. */
  private static final Pattern COMMAND =
      Pattern.compile("(`?)\\./holdfast +((?:\\\\\\n|[^\\n])*?)(?:\\1(?<=`)|(?=\\n))");

  /** A word, in quotes or with quotes in it; or what ends a command in a shell. */
  private static final Pattern WORD =
      Pattern.compile(
          "((?:'[^']*'|\"(?:\\\\.|[^\"\\\\])*\"|\\\\\\n|[^\\s'\"&|;#>\\\\)])+)|([&|;#>)])");

  static Stream<Arguments> commands() throws IOException {
    try (var guide = Files.list(ROOT.resolve("docs/guide"));
        var docs = Files.list(ROOT.resolve("docs"))) {
      List<Path> pages =
          Stream.of(Stream.of(ROOT.resolve("README.md")), docs, guide)
              .flatMap(files -> files)
              .filter(file -> file.toString().endsWith(".md"))
              .sorted()
              .toList();
      var commands = new ArrayList<Arguments>();
      for (Path page : pages) {
        Matcher found = COMMAND.matcher(Files.readString(page) + "\n");
        while (found.find()) {
          commands.add(Arguments.of(page.getFileName().toString(), found.group(2)));
        }
      }
      return commands.stream();
    }
  }

  @Test
  void thereAreSome() throws IOException {
    assertThat(commands().count()).isGreaterThan(100);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("commands")
  void isTaken(String page, String command) {
    String[] words = words(command);
    assertThatCode(() -> Main.commandLine().parseArgs(words)).as(page).doesNotThrowAnyException();
  }

  /** As a shell would take it apart, with 1 for its variables. */
  private static String[] words(String command) {
    var words = new ArrayList<String>();
    Matcher word = WORD.matcher(command.replace("\\\n", " "));
    while (word.find() && word.group(2) == null) {
      words.add(word.group(1).replaceAll("^['\"]|['\"]$", "").replaceAll("\\$\\w+", "1"));
    }
    return words.toArray(String[]::new);
  }
}
