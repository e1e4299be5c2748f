package dev.holdfast.core;

/**
 * How far a {@code forEach} task is with its items. Counted along with their events, so that an
 * item's end costs the same however many there are.
 *
 * @param count how many items the list has
 * @param next of the items before this number none is waiting to be begun
 * @param open how many have not ended
 * @param underWay how many of the open ones are no longer PENDING
 * @param failed how many have failed since the list was opened
 */
public record FanOut(int count, int next, int open, int underWay, int failed) {
  static FanOut of(int count) {
    return new FanOut(count, 0, count, 0, 0);
  }

  FanOut begun(int number) {
    return new FanOut(count, Math.max(next, number + 1), open, underWay + 1, failed);
  }

  /**
   * @param wasUnderWay false when it ended without having begun
   */
  FanOut ended(int number, boolean wasUnderWay, boolean hasFailed) {
    return new FanOut(
        count,
        next == number ? next + 1 : next,
        open - 1,
        wasUnderWay ? underWay - 1 : underWay,
        hasFailed ? failed + 1 : failed);
  }
}
