package io.mistraloperator.gateway.testing;

import io.mistraloperator.gateway.route.Route;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client on a bare socket, to leave when and how a test wants. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;

  public RawClient(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(10_000);
  }

  /** Posts a chat request. */
  public void chat(Route route, String body) throws IOException {
    post(route, "/chat/completions", body);
  }

  /** Posts a body to a path of the endpoint. */
  public void post(Route route, String path, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    write(
        "POST /endpoints/%s%s HTTP/1.1\r\nhost: x\r\napi-key: %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
            .formatted(route.endpoint(), path, Routes.PRIMARY, bytes.length));
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Sends text as it is. */
  public void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** Reads until {@code text} has come; fails at the end of the stream. */
  public String readUntil(String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new AssertionError("the connection ended after: " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  /** Reads everything up to the end of the connection. */
  public String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Whether the other side has closed; waits for it. */
  public boolean closedByServer() throws IOException {
    return socket.getInputStream().read() < 0;
  }

  public Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
