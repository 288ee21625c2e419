package io.github.bmcgateway.policy;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * Which one-time links were used. A mark says that the link opens no further session; the session
 * that it opened goes on. Nothing else about one-time sessions is state: whoever holds one proves
 * it by his cookie.
 *
 * <p>Answers may come from elsewhere, for nodes that share marks, and so may come later: no method
 * blocks, and the caller holds no thread meanwhile. A mark has to be set in one atomic step where
 * all nodes see it (in Redis, {@code SET id 1 NX PXAT exp}). What can't be asked or remembered is
 * {@link State#UNAVAILABLE}, never {@link State#FRESH}. Implementations are safe for use by several
 * threads.
 */
public interface UsedLinks {
  /** What is known of a link. */
  enum State {
    /** It was not used before. */
    FRESH,
    /** It was used. */
    USED,
    /** Nobody can say, or the use couldn't be remembered: the link opens nothing now. */
    UNAVAILABLE
  }

  /**
   * Uses the link up, if it is fresh. Of several callers one at most is told that it was.
   *
   * @param id identifies the link's token
   * @param expires when the token expires: until then the mark is kept
   */
  CompletionStage<State> use(String id, Instant expires);

  /**
   * What {@link #use} would say now; changes nothing.
   *
   * @param id identifies the link's token
   */
  CompletionStage<State> look(String id);
}
