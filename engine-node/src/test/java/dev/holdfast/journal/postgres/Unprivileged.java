package dev.holdfast.journal.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;

/** Lets a process run as {@code nobody} where we are root, and as ourselves elsewhere. */
final class Unprivileged {
  private static final String NOBODY = "nobody";

  private Unprivileged() {}

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** The command, by {@code setpriv} where we are root. */
  static List<String> command(List<String> command) {
    if (!isRoot()) {
      return command;
    }
    var all =
        new ArrayList<>(
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=65534", "--clear-groups", "--"));
    all.addAll(command);
    return all;
  }

  /** Gives the folder and what is in it to who runs the commands. */
  static void give(Path folder) throws IOException {
    if (isRoot()) {
      UserPrincipal nobody =
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY);
      try (var files = Files.walk(folder)) {
        for (Path file : files.filter(file -> !Files.isSymbolicLink(file)).toList()) {
          Files.setOwner(file, nobody);
        }
      }
    }
  }
}
