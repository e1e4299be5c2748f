package dev.holdfast.core.cel;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The sum of two lists. Sums share what they are made of: adding to the newest sum of a row appends
 * behind it, where no other sum looks, so that a loop that adds item by item takes linear time. For
 * one thread, which an evaluation has.
 */
final class ListSum extends CelList {
  private final ArrayList<Object> shared;
  private final int length;

  private ListSum(ArrayList<Object> shared) {
    this(shared, shared.size());
  }

  private ListSum(ArrayList<Object> shared, int length) {
    super(
        new AbstractList<>() {
          @Override
          public Object get(int index) {
            return shared.get(Objects.checkIndex(index, length));
          }

          @Override
          public int size() {
            return length;
          }
        });
    this.shared = shared;
    this.length = length;
  }

  static List<Object> of(List<?> first, List<?> second) {
    if (second.isEmpty() && first instanceof ListSum sum) {
      return sum;
    }
    ArrayList<Object> items = canGrow(first) ? ((ListSum) first).shared : new ArrayList<>(first);
    items.addAll(second instanceof ListSum sum ? new ArrayList<>(sum) : second);
    return new ListSum(items);
  }

  /** How many items adding the second to the first has to copy. */
  static long cost(List<?> first, List<?> second) {
    return second.size() + (canGrow(first) ? 0 : first.size());
  }

  private static boolean canGrow(List<?> list) {
    return list instanceof ListSum sum && sum.length == sum.shared.size();
  }

  @Override
  public String toString() {
    return "a list of " + length + " items";
  }
}
