/**
 * Tries what {@code mvn package} makes in the servers it is made for: the published distributions
 * of Jetty and Tomcat, each in a process of its own.
 */
package io.github.bmcgateway.dist;
