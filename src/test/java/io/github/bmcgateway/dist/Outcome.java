package io.github.bmcgateway.dist;

/** What became of one check in one container. */
sealed interface Outcome {

  /** What stands in the table. */
  String cell();

  /** It works. */
  record Passed() implements Outcome {
    @Override
    public String cell() {
      return "yes";
    }
  }

  /** There is nothing to check, for a reason that a page tells. */
  record NotApplicable(String reason) implements Outcome {
    @Override
    public String cell() {
      return "n/a: " + reason;
    }
  }

  /** It doesn't work. */
  record Failed(Throwable why) implements Outcome {
    @Override
    public String cell() {
      return "FAILED";
    }
  }
}
