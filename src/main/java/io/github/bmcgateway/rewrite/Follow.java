package io.github.bmcgateway.rewrite;

/** What has to come behind a literal so that it counts as a match. */
enum Follow {
  /** Whatever comes. */
  ANYTHING {
    @Override
    Verdict judge(byte[] text, int at, int end, boolean last) {
      return Verdict.MATCH;
    }
  },

  /**
   * The end of a URL's authority: neither a byte that could belong to a longer host name or address
   * ({@code [0-9A-Za-z.-]}), nor a colon with a digit, which is a port.
   */
  END_OF_AUTHORITY {
    @Override
    Verdict judge(byte[] text, int at, int end, boolean last) {
      if (at == end) {
        return last ? Verdict.MATCH : Verdict.OPEN;
      }
      if (text[at] != ':') {
        return isOfHost(text[at]) ? Verdict.NO_MATCH : Verdict.MATCH;
      }
      if (at + 1 == end) {
        return last ? Verdict.MATCH : Verdict.OPEN;
      }
      return isDigit(text[at + 1]) ? Verdict.NO_MATCH : Verdict.MATCH;
    }
  };

  /** The most bytes behind a literal that a judgement takes. */
  static final int MAX_BYTES = 2;

  /**
   * Judges what follows a literal.
   *
   * @param at index of the first byte behind the literal, at most {@code end}
   * @param end where the known text ends
   * @param last whether nothing comes after {@code end}
   */
  abstract Verdict judge(byte[] text, int at, int end, boolean last);

  private static boolean isOfHost(byte b) {
    return isDigit(b) || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || b == '.' || b == '-';
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Whether a literal matches; {@link #OPEN} until more text is known. */
  enum Verdict {
    MATCH,
    NO_MATCH,
    OPEN
  }
}
