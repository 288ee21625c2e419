package io.github.bmcgateway.proxy;

import org.eclipse.jetty.client.AsyncRequestContent;

/** A body that goes to the BMC with the length that the browser declared, never chunked. */
final class KnownLengthContent extends AsyncRequestContent {
  private final long length;

  KnownLengthContent(long length) {
    // Else a body whose browser names no type would get one on its way.
    super((String) null);
    this.length = length;
  }

  @Override
  public long getLength() {
    return length;
  }
}
