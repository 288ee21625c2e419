package io.github.bmcgateway.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A class with one test of Jazzer's, which in {@code mvn verify} takes the inputs that lie in the
 * test resources, and with {@code -Plong} makes up others for a minute. In a JVM of its own either
 * way.
 */
@Tag("fuzz")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Fuzz {}
