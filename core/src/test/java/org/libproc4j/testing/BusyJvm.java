package org.libproc4j.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A JVM as a target: its threads allocate, so that the collector is always at work, and go from
 * method to method, so that the compilers are; each of them does everything twice and compares.
 *
 * <p>It obeys {@code check}, which it answers with {@code sound ROUNDS} once every thread has gone
 * on, or {@code unsound WHY}; and {@code exit}.
 */
public final class BusyJvm {
  private static final int THREADS = 4;
  private static final int LIVE_ARRAYS = 200;

  private final AtomicLong[] rounds = new AtomicLong[THREADS];
  private volatile String unsound = "";

  /** Starts one and waits until it works. */
  public static Target start() {
    List<String> command = new ArrayList<>(Jvm.command(BusyJvm.class, List.of()));
    command.addAll(
        1, List.of("-Xmx48m", "-XX:+UseG1GC")); // little memory, and a concurrent collector
    return Target.startProgram("ready", command.toArray(new String[0]));
  }

  private BusyJvm() {
    Arrays.setAll(rounds, i -> new AtomicLong());
  }

  /** The target. */
  public static void main(String[] arguments) throws IOException {
    new BusyJvm().serve();
  }

  private void serve() throws IOException {
    for (int i = 0; i < THREADS; i++) {
      AtomicLong done = rounds[i];
      int seed = i;
      Thread.ofPlatform().daemon().name("busy-" + i).start(() -> work(seed, done));
    }
    awaitRounds();
    System.out.println("ready");
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null && !line.equals("exit"); ) {
        awaitRounds();
        long total = Arrays.stream(rounds).mapToLong(AtomicLong::get).sum();
        System.out.println(unsound.isEmpty() ? "sound " + total : "unsound " + unsound);
        line = in.readLine();
      }
    }
  }

  /** Waits until every thread has done another round, or one has found a fault. */
  private void awaitRounds() {
    for (AtomicLong done : rounds) {
      long before = done.get();
      while (done.get() == before && unsound.isEmpty()) {
        Thread.onSpinWait();
      }
    }
  }

  private void work(int seed, AtomicLong done) {
    try {
      Random random = new Random(seed);
      List<long[]> live = new ArrayList<>();
      while (unsound.isEmpty()) {
        long value = random.nextLong();
        long[] array = fill(value, 1 + random.nextInt(2_000));
        if (live.size() < LIVE_ARRAYS) {
          live.add(array);
        } else {
          long[] old = live.set(random.nextInt(LIVE_ARRAYS), array);
          check(Arrays.equals(old, fill(old[0], old.length)), "an array has changed");
        }
        check(sort(array) == sort(array.clone()), "two sums differ");
        done.incrementAndGet();
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      unsound = e.toString();
    }
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      unsound = otherwise;
    }
  }

  private static long[] fill(long first, int length) {
    long[] array = new long[length];
    long value = first;
    for (int i = 0; i < length; i++) {
      array[i] = value;
      value = value * 6364136223846793005L + 1442695040888963407L;
    }
    return array;
  }

  private static long sort(long[] array) {
    Long[] boxed = new Long[array.length];
    Arrays.setAll(boxed, i -> array[i]);
    Arrays.sort(boxed);
    long sum = 0;
    for (Long value : boxed) {
      sum = sum * 31 + value;
    }
    return sum;
  }
}
