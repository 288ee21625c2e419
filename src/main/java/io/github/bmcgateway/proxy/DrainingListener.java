package io.github.bmcgateway.proxy;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.io.Content;

/** Reads the answer to its end although the browser has left: the BMC bears no broken exchange. */
final class DrainingListener extends BmcProxyServlet.AnswerListener {
  private final Turn turn;

  DrainingListener(
      BmcProxyServlet servlet, HttpServletRequest browser, HttpServletResponse answer, Turn turn) {
    servlet.super(browser, answer);
    this.turn = turn;
  }

  @Override
  public void onBegin(Response response) {
    if (!turn.isUnwanted()) {
      super.onBegin(response);
    }
  }

  @Override
  public void onHeaders(Response response) {
    if (!turn.isUnwanted()) {
      super.onHeaders(response);
    }
  }

  @Override
  boolean isAwaited() {
    return !turn.isUnwanted();
  }

  @Override
  void sendHead(Response response, Runnable sent) {
    DrainedResponse drained = new DrainedResponse(response, turn, sent);
    super.sendHead(drained, drained::demand);
  }

  @Override
  public void onContent(Response response, Content.Chunk chunk, Runnable demander) {
    if (turn.isUnwanted()) {
      demander.run();
    } else {
      DrainedResponse drained = new DrainedResponse(response, turn, demander);
      super.onContent(drained, chunk, drained::demand);
    }
  }

  @Override
  public void onSuccess(Response response) {
    if (!turn.isUnwanted()) {
      super.onSuccess(response);
    }
  }

  @Override
  public void onComplete(Result result) {
    if (turn.isUnwanted()) {
      failed(new EOFException("browser gone"));
    } else {
      super.onComplete(result);
    }
  }
}
