package io.github.bmcgateway.sim.idrac8;

/**
 * One login.
 *
 * @param id number, also the last segment of its Redfish resource
 * @param cookie value of {@code -http-session-}
 * @param st1 the token that goes into addresses and into the cookie {@code tokenvalue}
 * @param st2 the token that goes into the header {@code ST2}
 * @param aimSession the number under which a console asks for its credentials
 */
record WebSession(int id, String cookie, String st1, String st2, int aimSession) {}
