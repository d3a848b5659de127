package org.libproc4j.daemons;

import java.io.IOException;
import java.nio.file.Path;

/** Sets a key and reads it again. */
final class RedisClient implements Load.Client {
  private final Conversation conversation;
  private final String key = "key" + System.nanoTime();
  private long value;

  RedisClient(Path socket) throws IOException {
    conversation = new Conversation(socket);
  }

  @Override
  public void ask() throws IOException {
    String text = Long.toString(++value);
    conversation.say("SET " + key + " " + text + "\r\n");
    conversation.expect("+OK\r\n");
    conversation.say("GET " + key + "\r\n");
    conversation.expect("$" + text.length() + "\r\n" + text + "\r\n");
  }

  @Override
  public void close() throws IOException {
    conversation.close();
  }
}
