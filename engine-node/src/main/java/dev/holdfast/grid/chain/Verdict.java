package dev.holdfast.grid.chain;

/** What a member says of a chain that another one has. */
enum Verdict {
  /** It has the whole chain, as far as that goes at least. */
  HAS(1),
  /** It gets what it lacks in the ordinary way, or fetches it by itself. */
  GETS(2),
  /** It would like to have it. */
  WANTS(3),
  /** It does not have all of it, or can't say yet. */
  LATER(4);

  private final int code;

  Verdict(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Verdict of(int code) {
    for (Verdict verdict : values()) {
      if (verdict.code == code) {
        return verdict;
      }
    }
    throw new IllegalArgumentException("no verdict " + code);
  }
}
