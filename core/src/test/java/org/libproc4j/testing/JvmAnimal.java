package org.libproc4j.testing;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/** A JVM among the animals: two of its threads count, one of them allocates meanwhile. */
public final class JvmAnimal {
  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final int SLOTS_IN_USE = 24;
  private static final int SLOTS = 4096;
  private static final int SLOT_BYTES = 64;

  private JvmAnimal() {}

  /** The animal. */
  public static void main(String[] arguments) throws IOException {
    ByteBuffer memory;
    String file = "/proc/self/fd/" + System.getenv("LIBPROC4J_TARGET_SHARED_FD");
    try (FileChannel channel =
        FileChannel.open(Path.of(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      memory =
          channel
              .map(FileChannel.MapMode.READ_WRITE, 0, channel.size())
              .order(ByteOrder.nativeOrder());
    }
    Thread.ofPlatform().start(() -> count(memory, 1));
    Thread.ofPlatform().start(() -> count(memory, 10_000));
    System.out.println("ready");
  }

  private static void count(ByteBuffer memory, int garbage) {
    int slot = SLOTS + SLOT_BYTES * (int) (long) WORD.getAndAdd(memory, SLOTS_IN_USE, 1L);
    WORD.setVolatile(memory, slot + 8, (long) ProcFiles.ownTid());
    WORD.setVolatile(memory, slot + 16, 1L);
    while (true) {
      WORD.getAndAdd(memory, slot, (long) new byte[garbage].length / garbage);
      LockSupport.parkNanos(10_000_000);
    }
  }
}
