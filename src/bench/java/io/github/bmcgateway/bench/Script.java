package io.github.bmcgateway.bench;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Text like minified JavaScript: always the same, in lines of some 4 KiB. */
public final class Script {
  private static final int LINE_CHARS = 4096;
  private static final List<String> SHAPES =
      List.of(
          "function %s(%s,%s){return %s.%s(%s)}",
          "var %s=%s[\"%s\"],%s=%s||{},%s=!0;",
          "if(null!==%s&&void 0!==%s.%s)for(var %s=0;%s<%s.length;%s++)",
          "%s.prototype.%s=function(){this.%s=\"/%s/%s/%s.json\"};",
          "$(\"#%s .%s\").on(\"click\",%s.%s.bind(%s));",
          "%s?%s(\"http://www.w3.org/2000/svg\",%s):%s+=\"px\";");

  private final Random random = new Random(42);
  private final List<String> names =
      IntStream.range(0, 400)
          .mapToObj(
              i ->
                  random
                      .ints(1 + random.nextInt(9), 'a', 'z' + 1)
                      .mapToObj(Character::toString)
                      .collect(Collectors.joining()))
          .toList();

  /**
   * The text.
   *
   * @param hits what stands in it now and then, each followed by a path; taken in turn
   * @param distance how many characters lie between two of them; 0 for none at all
   */
  public static String text(int length, List<String> hits, int distance) {
    return new Script().make(length, hits, distance);
  }

  private String make(int length, List<String> hits, int distance) {
    StringBuilder text = new StringBuilder();
    int seen = 0;
    int lineEnd = LINE_CHARS;
    while (text.length() < length) {
      Object[] eight = random.ints(8, 0, names.size()).mapToObj(names::get).toArray();
      text.append(SHAPES.get(random.nextInt(SHAPES.size())).formatted(eight));
      if (distance > 0 && text.length() >= distance * (seen + 1)) {
        String hit = hits.get(seen++ % hits.size());
        text.append('"').append(hit).append('/').append(names.get(random.nextInt(400)));
        text.append("\",");
      }
      if (text.length() >= lineEnd) {
        text.append('\n');
        lineEnd = text.length() + LINE_CHARS;
      }
    }
    return text.substring(0, length);
  }
}
