package io.github.bmcgateway.ops;

/**
 * What a gateway is asked at each scrape. Called on a thread that serves a request: quick, and safe
 * for use by several threads.
 */
public interface Readings {
  /** Whether it is ready for sessions. */
  boolean ready();

  /** Sessions under which something runs. */
  int sessions();

  /** Consoles that are open or being opened. */
  int consoles();

  /** How many there may be. */
  int consolesLimit();

  /** What BMCs are used for, and by how many. */
  BmcLoad bmcs();

  /** What became of changed settings. */
  Reloads reloads();

  /** Audit lines that were lost since the start. */
  long auditLinesLost();

  /** Whether what nodes share can be reached; also true when nothing is shared. */
  boolean shares();

  /** Bytes of request bodies that lie on disk. */
  long spooled();

  /** How many there may be. */
  long spoolLimit();

  /** What the asset cache holds and has done. */
  AssetUse assets();

  /**
   * The asset cache.
   *
   * @param bytes what it takes of the heap
   * @param limit what it may take
   * @param entries assets that it holds
   * @param hits requests that it has answered
   * @param misses requests for assets that the BMC was asked for
   * @param renewals times that a BMC said that an asset is still the same
   */
  record AssetUse(long bytes, long limit, long entries, long hits, long misses, long renewals) {}

  /**
   * Requests to all BMCs.
   *
   * @param running those that run
   * @param waiting those that wait for their turn
   * @param longestQueue those that wait at the BMC where most wait
   * @param inUse BMCs that something uses or waits for
   */
  record BmcLoad(int running, int waiting, int longestQueue, int inUse) {}
}
