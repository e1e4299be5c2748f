package dev.holdfast.journal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random JSON values. */
public final class Values {
  private Values() {}

  public static @Nullable Object random(RandomGenerator random) {
    return random(random, 3);
  }

  private static @Nullable Object random(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 7)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong();
      case 3 -> (long) random.nextInt(100);
      case 4 -> random.nextDouble() * 1e6 - 5e5;
      case 5 -> text(random, random.nextInt(12));
      case 6 -> text(random, random.nextInt(400));
      case 7 -> {
        var list = new ArrayList<@Nullable Object>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(random(random, depth - 1));
        }
        yield list;
      }
      default -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(text(random, 1 + random.nextInt(9)), random(random, depth - 1));
        }
        yield map;
      }
    };
  }

  /** Letters of one to four bytes in UTF-8. */
  public static String text(RandomGenerator random, int letters) {
    var text = new StringBuilder();
    for (int i = 0; i < letters; i++) {
      text.appendCodePoint(
          switch (random.nextInt(12)) {
            case 0 -> 0xE4 + random.nextInt(20);
            case 1 -> 0x4E00 + random.nextInt(500);
            case 2 -> 0x1F600 + random.nextInt(40);
            default -> 'a' + random.nextInt(26);
          });
    }
    return text.toString();
  }
}
