package io.mistraloperator.gateway.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** HTTP/1.1 on a bare socket that is used again: sends what no client library would let pass. */
public final class KeepAliveClient implements AutoCloseable {
  /** An answer, its header names in lower case. */
  public record Answer(int status, Map<String, String> headers, String body) {}

  private final int port;
  private Socket socket;

  public KeepAliveClient(int port) throws IOException {
    this.port = port;
    this.socket = connect();
  }

  private Socket connect() throws IOException {
    Socket connected = new Socket("127.0.0.1", port);
    connected.setSoTimeout(30_000);
    connected.setTcpNoDelay(true);
    return connected;
  }

  /** Sends a request and reads its answer. */
  public Answer send(String head, byte[] body) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    request.writeBytes(
        ("content-length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    request.writeBytes(body);
    socket.getOutputStream().write(request.toByteArray());
    Answer answer = read(socket.getInputStream());
    if ("close".equals(answer.headers.get("connection"))) {
      socket.close();
      socket = connect();
    }
    return answer;
  }

  private static Answer read(InputStream in) throws IOException {
    int status = Integer.parseInt(line(in).split(" ")[1]);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
        body.writeBytes(in.readNBytes(size));
        line(in);
      }
      line(in);
    } else {
      body.writeBytes(in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
    }
    return new Answer(status, headers, body.toString(StandardCharsets.UTF_8));
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended after: " + line);
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
