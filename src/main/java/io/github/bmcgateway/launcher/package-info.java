/**
 * What {@code java -jar} finds at the root of the WAR. Needs nothing but the JDK, and knows only
 * where the WAR keeps its classes.
 */
@NullMarked
package io.github.bmcgateway.launcher;

import org.jspecify.annotations.NullMarked;
