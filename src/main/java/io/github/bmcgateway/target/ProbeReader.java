package io.github.bmcgateway.target;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;

/** Reads the beginning of one answer, and breaks it off when there is more. */
final class ProbeReader implements Response.Listener {
  private final CompletableFuture<ProbeAnswer> answer;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  ProbeReader(CompletableFuture<ProbeAnswer> answer) {
    this.answer = answer;
  }

  @Override
  public void onContent(Response response, ByteBuffer content) {
    byte[] bytes =
        new byte[Math.min(content.remaining(), ProbeAnswer.MAX_BODY_BYTES - body.size())];
    content.get(bytes);
    body.writeBytes(bytes);
    if (body.size() == ProbeAnswer.MAX_BODY_BYTES) {
      complete(response);
      response.abort(new CancellationException("enough of the probe's answer"));
    }
  }

  @Override
  public void onComplete(Result result) {
    Throwable failure = result.getFailure();
    if (failure == null) {
      complete(result.getResponse());
    } else {
      answer.completeExceptionally(failure);
    }
  }

  private void complete(Response response) {
    answer.complete(
        ProbeAnswer.of(response.getStatus(), response.getHeaders(), body.toByteArray()));
  }
}
