package dev.holdfast.node.server;

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
 * The folder that a node's durable state is in, held for this process alone by a lock on a file in
 * it. The operating system lets go of the lock when the process ends, however it ends.
 */
final class DataFolder implements AutoCloseable {
  private static final String LOCK_FILE = "node.lock";

  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Makes the folder when it isn't there, and takes it.
   *
   * @throws NodeStartException when another node has it, or it can't be written to
   */
  static DataFolder take(Path path) {
    FileChannel channel;
    try {
      Files.createDirectories(path);
      channel =
          FileChannel.open(
              path.resolve(LOCK_FILE),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new NodeStartException("can't write to the data folder " + path + ": " + e, e);
    }
    try {
      if (lock(channel) == null) {
        String holder = read(channel);
        channel.close();
        throw new NodeStartException(
            "the data folder "
                + path
                + " is in use by another node (process "
                + holder
                + ")."
                + " Stop that one first, or give this one another folder with --data.");
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new NodeStartException("can't lock the data folder " + path + ": " + e, e);
    }
    return new DataFolder(path, channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held within this very process
    }
  }

  private static String read(FileChannel channel) throws IOException {
    var bytes = ByteBuffer.allocate(20);
    channel.read(bytes, 0);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
  }

  Path path() {
    return path;
  }

  /** Lets go of the folder. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("can't let go of " + path, e);
    }
  }
}
