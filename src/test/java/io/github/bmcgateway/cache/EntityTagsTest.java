package io.github.bmcgateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
  private final EntityTags tags;
  private final EntityTags others;

  EntityTagsTest() throws Exception {
    tags = new EntityTags(AssetKeyTest.key("/a.js"));
    others = new EntityTags(AssetKeyTest.key("/b.js"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"1\"", "W/\"1\"", "\"\"", "\"a,b\"", "\"-e-m\"", "W/\"W/\"", "\"0x~!#\""})
  void aTagComesBackAsItWas(String own) {
    String shown = tags.down(own).orElseThrow();

    assertEquals(own.startsWith("W/"), shown.startsWith("W/"));
    assertEquals(Optional.of(own), tags.original(shown));
    assertEquals(Optional.empty(), others.original(shown));
    assertEquals(Optional.empty(), tags.original(own));
    assertEquals(Optional.of(own), tags.up(shown).tags());
    assertNotEquals(shown, others.down(own).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "'1'", "\"1", "w/\"1\"", "\"a\"b\"", ""})
  void whatIsNoTagIsNotShown(String none) {
    assertEquals(Optional.empty(), tags.down(none));
  }

  @Test
  void ofAListOnlyTheTagsOfThisFileGoUp() {
    String mine = tags.down("\"1\"").orElseThrow();
    String weak = tags.down("W/\"2,3\"").orElseThrow();
    String foreign = others.down("\"1\"").orElseThrow();

    assertEquals(
        Optional.of("\"1\", W/\"2,3\""),
        tags.up(" ," + foreign + "," + mine + " , \"1\"," + weak + ",").tags());
    assertEquals(Optional.empty(), tags.up(foreign + ", \"1\"").tags());
    assertFalse(tags.up(foreign + ", \"1\"").known());
    assertEquals(Optional.of("*"), tags.up("*").tags());
  }

  @Test
  void whereATimeStandsForTheTagTheTimeAloneGoesUp() {
    EntityTags.Up up = tags.up(tags.ofTime("Sat, 21 Nov 2026 20:46:18 GMT"));

    assertEquals(Optional.empty(), up.tags());
    assertTrue(up.known());
    assertNotEquals(tags.ofTime("a"), tags.ofTime("b"));
    assertFalse(others.up(tags.ofTime("a")).known());
  }

  @Test
  void aConditionForWritingLosesNothing() {
    String mine = tags.down("\"1\"").orElseThrow();
    String foreign = others.down("\"1\"").orElseThrow();

    assertEquals("\"1\", " + foreign + ", \"x\"", tags.each(mine + "," + foreign + ", \"x\""));
    assertEquals("*", tags.each("*"));
  }

  @Test
  void aListEndsWhereItIsNoneAnyMore() {
    assertEquals(List.of("\"a\"", "W/\"b\""), EntityTags.list("\"a\", W/\"b\", c, \"d\""));
    assertEquals(List.of(), EntityTags.list("x"));
  }
}
