package org.libproc4j.examples;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Eight counters in a file that the demo and its target have both mapped. */
final class Counters {
  static final int COUNT = 8;

  /** The name of the thread that counts: what comes before its number. */
  static final String THREAD = "counter-";

  private static final int LINE = 64; // one cache line each
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer memory;

  private Counters(ByteBuffer memory) {
    this.memory = memory;
  }

  static Counters map(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new Counters(channel.map(MapMode.READ_WRITE, 0, (long) COUNT * LINE));
    }
  }

  void increment(int counter) {
    LONGS.setVolatile(memory, counter * LINE, get(counter) + 1);
  }

  long get(int counter) {
    return (long) LONGS.getVolatile(memory, counter * LINE);
  }

  long[] all() {
    long[] counts = new long[COUNT];
    for (int i = 0; i < COUNT; i++) {
      counts[i] = get(i);
    }
    return counts;
  }
}
