package io.github.bmcgateway.sim.ilo5;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON objects by name, read from the test class path; they can be changed. Thread-safe. */
final class Ilo5Tree {

  private final ObjectNode tree;

  /** Reads a file in which {@code @TAG@} stands for the unit's serial number. */
  Ilo5Tree(String file, String tag) {
    try (InputStream in = Ilo5Tree.class.getResourceAsStream(file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      tree = (ObjectNode) Ilo5Answers.JSON.readTree(text.replace("@TAG@", tag));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy of what has that name. */
  synchronized Optional<ObjectNode> find(String name) {
    return tree.get(name) instanceof ObjectNode object
        ? Optional.of(object.deepCopy())
        : Optional.empty();
  }

  /** Writes the given fields, and those in objects within, over what has that name. */
  synchronized void merge(String name, ObjectNode changes) {
    merge((ObjectNode) tree.get(name), changes);
  }

  private static void merge(ObjectNode into, ObjectNode changes) {
    changes
        .properties()
        .forEach(
            change -> {
              JsonNode old = into.get(change.getKey());
              if (old instanceof ObjectNode within
                  && change.getValue() instanceof ObjectNode further) {
                merge(within, further);
              } else {
                into.set(change.getKey(), change.getValue());
              }
            });
  }
}
