package org.libproc4j.daemons;

import java.io.IOException;
import java.nio.file.Path;

/** Asks for a page again and again, by one connection. */
final class HttpClient implements Load.Client {
  /** What the page says. */
  static final String BODY = "all is well";

  private final Conversation conversation;

  HttpClient(Path socket) throws IOException {
    conversation = new Conversation(socket);
  }

  @Override
  public void ask() throws IOException {
    conversation.say("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    conversation.expect("HTTP/1.1 200 OK\r\n");
    conversation.skipTo(BODY);
  }

  @Override
  public void close() throws IOException {
    conversation.close();
  }
}
