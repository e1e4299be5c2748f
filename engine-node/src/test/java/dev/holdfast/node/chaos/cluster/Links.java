package dev.holdfast.node.chaos.cluster;

import java.util.List;

/**
 * What members reach each other through, so that it can be cut between two of them. Clients reach
 * every member at all times. Members are numbered from 0. Thread-safe.
 */
public interface Links extends AutoCloseable {
  /** The address that a member listens on, HTTP and member port both. */
  String host(int member);

  /** A port of that address for members and thin clients. */
  int memberPort(int member);

  /** A port of that address for HTTP. */
  int httpPort(int member);

  /** What other members dial, {@code host:port}, where the member listens on that port. */
  String advertised(int member, int port);

  /** What stands before the command that runs a member. */
  List<String> prefix(int member);

  /** Nothing gets from one to the other any more, in both directions; nobody is told. */
  void cut(int one, int other);

  /** Everything gets through again. */
  void heal();

  @Override
  void close();
}
