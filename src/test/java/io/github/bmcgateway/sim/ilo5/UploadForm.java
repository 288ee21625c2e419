package io.github.bmcgateway.sim.ilo5;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;

/**
 * A multipart form that is read part by part as it comes: fields are kept, the file is counted and
 * hashed. Not thread-safe.
 */
final class UploadForm extends MultiPart.AbstractPartsListener {

  private static final int BUFFER = 64 * 1024;
  private static final int LONGEST_FIELD = 64 * 1024;

  private final List<String> names = new ArrayList<>();
  private final Map<String, String> fields = new HashMap<>();
  private final MessageDigest digest;
  private ByteArrayOutputStream field = new ByteArrayOutputStream();
  private String fileName = "";
  private long fileBytes;
  private String fileSha256 = "";
  private boolean complete;

  private UploadForm() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a form to its end. */
  static UploadForm read(String boundary, InputStream body) throws IOException {
    UploadForm form = new UploadForm();
    MultiPart.Parser parser = new MultiPart.Parser(boundary, form);
    byte[] buffer = new byte[BUFFER];
    for (int length = body.read(buffer); length >= 0; length = body.read(buffer)) {
      parser.parse(Content.Chunk.from(ByteBuffer.wrap(buffer, 0, length), /* last= */ false));
    }
    parser.parse(Content.Chunk.EOF);
    return form;
  }

  @Override
  public void onPartContent(Content.Chunk chunk) {
    if (getFileName() != null) {
      fileBytes += chunk.remaining();
      digest.update(chunk.getByteBuffer().duplicate());
    } else if (field.size() < LONGEST_FIELD) {
      field.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
    }
  }

  @Override
  public void onPart(String name, String givenFileName, HttpFields headers) {
    names.add(name);
    if (givenFileName != null) {
      fileName = givenFileName;
      fileSha256 = HexFormat.of().formatHex(digest.digest());
    } else {
      fields.put(name, field.toString(StandardCharsets.UTF_8));
    }
    field = new ByteArrayOutputStream();
  }

  @Override
  public void onComplete() {
    complete = true;
  }

  /** Names of the parts, in order. */
  List<String> names() {
    return List.copyOf(names);
  }

  /** Value of a part that isn't a file; empty if there is none. */
  String field(String name) {
    return fields.getOrDefault(name, "");
  }

  /** Whether the closing boundary came. */
  boolean isComplete() {
    return complete;
  }

  Upload upload(String path) {
    return new Upload(path, fileName, fileBytes, fileSha256, field("parameters"));
  }
}
