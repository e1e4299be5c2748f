package dev.holdfast.core;

import java.util.ArrayList;
import java.util.List;

/** Lists of bounded length that keep the newest of what is added to them, oldest first. */
final class Newest {
  private Newest() {}

  /** The list with one more at its end; of a full one the oldest goes. */
  static <T> List<T> appended(List<T> list, T added, int max) {
    if (list.isEmpty()) {
      return List.of(added);
    }
    int dropped = list.size() < max ? 0 : 1;
    var longer = new ArrayList<T>(list.size() + 1);
    longer.addAll(list.subList(dropped, list.size()));
    longer.add(added);
    return List.copyOf(longer);
  }
}
