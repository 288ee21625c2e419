package io.github.bmcgateway.config;

/** Keys that the tests sign with; random, and good for nothing else. */
public final class TestKeys {
  public static final String FIRST = "9b1f6c0d2ae84375b6c9e01d47fa3852c7d80e6b93f1a254";
  public static final String SECOND = "Qx7vT2mLk9RzYw4NcB8pHs6JdF3gAe5UoWi1";

  private TestKeys() {}
}
