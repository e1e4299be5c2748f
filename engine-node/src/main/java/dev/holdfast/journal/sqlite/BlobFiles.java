package dev.holdfast.journal.sqlite;

import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.blob.BlobKey;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Contents of blobs as files: {@code TENANT/AB/ABCD…} of the hash's digits, and {@code uploads/}
 * for what is on its way. A file is synced before it gets its name, and its folder after, so that
 * what has a name is whole.
 */
final class BlobFiles {
  /** No tenant's name has a dot. */
  private static final String UPLOADS = "uploads.tmp";

  /** A folder can be synced where files are as POSIX has them, and needs not elsewhere. */
  private static final boolean SYNCS_FOLDERS = File.separatorChar == '/';

  private final Path root;
  private final AtomicLong uploads = new AtomicLong();

  /**
   * @param root made when the first blob comes; what was on its way when the process ended is
   *     removed
   */
  BlobFiles(Path root) {
    this.root = root;
    Path unfinished = root.resolve(UPLOADS);
    if (Files.isDirectory(unfinished)) {
      try (Stream<Path> files = Files.list(unfinished)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw failed("remove unfinished uploads from", unfinished, e);
      }
    }
  }

  /** A file of no name yet, which grows. */
  final class Growing {
    private final Path path;
    private @Nullable FileChannel channel;

    private Growing(Path path, FileChannel channel) {
      this.path = path;
      this.channel = channel;
    }

    void write(byte[] from, int count) {
      try {
        var bytes = ByteBuffer.wrap(from, 0, count);
        while (bytes.hasRemaining()) {
          open().write(bytes);
        }
      } catch (IOException e) {
        throw failed("write to", path, e);
      }
    }

    private FileChannel open() {
      FileChannel known = channel;
      if (known == null) {
        throw new IllegalStateException(path + " is closed");
      }
      return known;
    }

    /** It is on the disk, and closed. */
    void sync() {
      try {
        open().force(true);
        open().close();
        channel = null;
      } catch (IOException e) {
        throw failed("sync", path, e);
      }
    }

    /** Gives it the blob's name, in place of what had it. */
    void move(BlobKey key) {
      Path target = path(key);
      try {
        makeFolders(target.getParent());
        Files.move(
            path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(target.getParent());
      } catch (IOException e) {
        throw failed("keep", target, e);
      }
    }

    /** Removes it unless it was moved. */
    void discard() {
      try {
        FileChannel known = channel;
        if (known != null) {
          known.close();
          channel = null;
        }
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw failed("remove", path, e);
      }
    }
  }

  Growing begin() {
    Path path = root.resolve(UPLOADS).resolve(Long.toString(uploads.incrementAndGet()));
    try {
      makeFolders(path.getParent());
      return new Growing(
          path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw failed("begin", path, e);
    }
  }

  /** Some bytes from there on; null: there is no such file. */
  byte @Nullable [] read(BlobKey key, long from, int most) {
    Path path = path(key);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long left = channel.size() - from;
      var bytes = ByteBuffer.allocate(Math.clamp(left, 0, most));
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
        // A read may give less than there is.
      }
      return bytes.array();
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw failed("read", path, e);
    }
  }

  void delete(BlobKey key) {
    try {
      Files.deleteIfExists(path(key));
    } catch (IOException e) {
      throw failed("remove", path(key), e);
    }
  }

  /** The blobs that there are files of. */
  List<BlobKey> keys() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.find(root, 3, (path, about) -> about.isRegularFile())) {
      return files
          .map(root::relativize)
          .filter(path -> path.getNameCount() == 3)
          .map(path -> new BlobKey(path.getName(0).toString(), path.getName(2).toString()))
          .toList();
    } catch (IOException e) {
      throw failed("list", root, e);
    }
  }

  private Path path(BlobKey key) {
    return root.resolve(key.tenant()).resolve(key.sha256().substring(0, 2)).resolve(key.sha256());
  }

  /** Makes what is missing, and syncs what each new one is in. */
  private static void makeFolders(Path folder) throws IOException {
    var missing = new ArrayDeque<Path>();
    for (Path one = folder; one != null && !Files.isDirectory(one); one = one.getParent()) {
      missing.push(one);
    }
    for (Path one : missing) {
      Files.createDirectories(one);
      syncFolder(one.getParent());
    }
  }

  private static void syncFolder(@Nullable Path folder) throws IOException {
    if (SYNCS_FOLDERS && folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static StoreException failed(String doing, Path path, IOException e) {
    return new StoreException("can't %s %s: %s".formatted(doing, path, e.getMessage()), e);
  }
}
