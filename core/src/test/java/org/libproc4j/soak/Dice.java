package org.libproc4j.soak;

import java.util.List;
import java.util.Random;

/**
 * Random choices that depend on nothing but the place where they are made: the seed, the worker,
 * the game, the step. So a worker's operations can be replayed, though not the moments of its
 * rivals'.
 */
final class Dice {
  private final Random random;

  private Dice(long seed) {
    random = new Random(seed);
  }

  static Dice at(long... place) {
    long mixed = 0;
    for (long coordinate : place) {
      mixed = (mixed ^ coordinate) * 0x9e3779b97f4a7c15L;
      mixed ^= mixed >>> 29;
    }
    return new Dice(mixed);
  }

  /** From 0 to {@code limit − 1}. */
  int below(int limit) {
    return random.nextInt(limit);
  }

  boolean oneIn(int times) {
    return below(times) == 0;
  }

  @SafeVarargs
  final <T> T of(T... choices) {
    return choices[below(choices.length)];
  }

  <T> T of(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  /** A short time that is often next to nothing: what races is to race. */
  long nanos() {
    return oneIn(3) ? below(20_000) : below(3_000_000);
  }

  /** A limit for a wait, in milliseconds. */
  int millis() {
    return of(1, 2, 5, 20);
  }
}
