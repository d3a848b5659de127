package org.libproc4j.testing;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The memory that a target shares with the test: {@code struct shared} of {@code target.h}. It can
 * be read while the target stands, and after its end.
 */
final class SharedMemory {

  /** Numbers of {@code target.h}. */
  static final int MAX_SLOTS = 32_768;

  static final int MAX_LOGGED = 4096;
  static final int ANSWERS_PING = 1;
  static final int COUNTS_SIGUSR1 = 2;
  static final int LOGS_SIGNALS = 4;

  private static final long MAGIC = 0x6c70346a30303033L;
  private static final int FAILURE_BYTES = 256;
  private static final int FAILURE_OFFSET = 96;
  private static final int SLOTS_OFFSET = 4096;
  private static final int SLOT_BYTES = 64;
  private static final int LOG_OFFSET = SLOTS_OFFSET + MAX_SLOTS * SLOT_BYTES;
  private static final int LOGGED_BYTES = 32;
  private static final int BYTES = LOG_OFFSET + MAX_LOGGED * LOGGED_BYTES;

  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer memory;

  private SharedMemory(ByteBuffer memory) {
    this.memory = memory;
  }

  /** Maps an open file of a nest. The mapping outlives the file and goes with its last reader. */
  static SharedMemory map(Path file) throws IOException {
    // A test about interrupts may come here with its flag set, which would close the channel.
    boolean interrupted = Thread.interrupted();
    try {
      return mapUninterrupted(file);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static SharedMemory mapUninterrupted(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SharedMemory shared =
          new SharedMemory(
              channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES).order(ByteOrder.nativeOrder()));
      if (shared.word(0) != MAGIC) {
        throw new IOException("target.h and SharedMemory.java disagree: rebuild the targets");
      }
      return shared;
    }
  }

  /** Moves of the nest's control thread. */
  long control() {
    return word(8);
  }

  /** How many SIGCHLDs about the target its parent has received. */
  long parentSignals() {
    return word(16);
  }

  /** Slots 0 … slots()−1 are in use. */
  int slots() {
    return (int) word(24);
  }

  /** How many self-checks of the target have failed. */
  long failures() {
    return word(32);
  }

  int logged() {
    return (int) Math.min(word(40), MAX_LOGGED);
  }

  /** {@link #ANSWERS_PING}, {@link #COUNTS_SIGUSR1} and {@link #LOGS_SIGNALS}, or 0. */
  long liveness() {
    return word(48);
  }

  /** The longest time in microseconds for which a running thread's counter may pause. */
  long periodMicros() {
    return word(56);
  }

  int generation() {
    return (int) word(72);
  }

  /** What the first failed self-check said. */
  String failure() {
    byte[] bytes = new byte[FAILURE_BYTES];
    memory.get(FAILURE_OFFSET, bytes);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  long count(int slot) {
    return word(slotOffset(slot));
  }

  /** The thread that counts there; 0 for none. */
  int tid(int slot) {
    return (int) word(slotOffset(slot) + 8);
  }

  /** Whether the counter goes up without being asked to. */
  boolean moves(int slot) {
    return word(slotOffset(slot) + 16) != 0;
  }

  /** What it is about: the kinds of {@code zoo.h}, 0 where there are none. */
  int kind(int slot) {
    return (int) word(slotOffset(slot) + 32);
  }

  /** Whether the entry has been written completely. */
  boolean loggedComplete(int i) {
    return word(LOG_OFFSET + i * LOGGED_BYTES) != 0;
  }

  LoggedSignal logged(int i) {
    int offset = LOG_OFFSET + i * LOGGED_BYTES;
    return new LoggedSignal(
        memory.getInt(offset + 8),
        memory.getInt(offset + 12),
        memory.getInt(offset + 16),
        memory.getInt(offset + 20),
        memory.getLong(offset + 24));
  }

  private static int slotOffset(int slot) {
    if (slot < 0 || slot >= MAX_SLOTS) {
      throw new IndexOutOfBoundsException(slot);
    }
    return SLOTS_OFFSET + slot * SLOT_BYTES;
  }

  private long word(int offset) {
    return (long) WORD.getVolatile(memory, offset);
  }
}
