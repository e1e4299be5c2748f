import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks ({@code check}) or rewrites ({@code write}) every Java file below a folder in
 * google-java-format's style.
 */
class Format {
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    Path root = Path.of(args[1]);
    List<Path> files;
    try (var walk = Files.walk(root)) {
      files =
          walk.filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.toString().contains("/target/"))
              .sorted()
              .toList();
    }
    var formatter = new Formatter();
    var unformatted = new ArrayList<Path>();
    for (Path file : files) {
      String source = Files.readString(file);
      String formatted = formatter.formatSourceAndFixImports(source);
      if (formatted.equals(source)) {
        continue;
      }
      unformatted.add(file);
      if (write) {
        Files.writeString(file, formatted);
      }
    }
    if (!unformatted.isEmpty() && !write) {
      unformatted.forEach(file -> System.err.println("not formatted: " + file));
      System.err.println("Mend with: mvn -N -Pformat process-sources");
      System.exit(1);
    }
  }
}
