package dev.holdfast.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A node's data folder, locked for this process until it is closed or the process ends, however it
 * ends.
 */
public final class DataFolder implements AutoCloseable {
  private static final String LOCK_FILE = "holdfast.lock";
  private static final String DATABASE_FILE = "holdfast.db";

  /**
   * The lock is on a byte behind the text, which others may then read wherever locks are strict.
   */
  private static final long LOCKED_BYTE = 1 << 10;

  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Makes the folder where it isn't there, and locks it.
   *
   * @throws StoreException when another process has it, or it can't be written
   */
  public static DataFolder open(Path path) {
    FileChannel channel = null;
    try {
      Files.createDirectories(path);
      channel =
          FileChannel.open(
              path.resolve(LOCK_FILE),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        String owner = read(channel);
        channel.close();
        throw new StoreException(
            "the data folder "
                + path.toAbsolutePath()
                + " is in use by "
                + owner
                + ": stop that one first, or give another folder with --data");
      }
      write(channel, "process " + ProcessHandle.current().pid());
      return new DataFolder(path, channel);
    } catch (IOException e) {
      closeAfter(channel, e);
      throw new StoreException("can't use the data folder " + path.toAbsolutePath() + ": " + e, e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // This very process has it already.
      return false;
    }
  }

  private static String read(FileChannel channel) throws IOException {
    var bytes = ByteBuffer.allocate((int) LOCKED_BYTE);
    channel.read(bytes, 0);
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "another process" : text;
  }

  private static void write(FileChannel channel, String text) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((text + '\n').getBytes(StandardCharsets.UTF_8)), 0);
  }

  private static void closeAfter(@Nullable FileChannel channel, IOException failure) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** Where the SQLite store's database is. */
  public Path database() {
    return path.resolve(DATABASE_FILE);
  }

  /** Lets another process have the folder. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreException("can't unlock the data folder " + path, e);
    }
  }
}
