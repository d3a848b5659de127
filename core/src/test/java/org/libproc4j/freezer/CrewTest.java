package org.libproc4j.freezer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.internal.ProcDir;
import org.libproc4j.testing.Leaks;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class CrewTest {
  private static final int ROUNDS = 2_000;

  @ParameterizedTest(name = "{0} helpers")
  @ValueSource(ints = {0, 1, 3})
  void eachIsLookedAtOnceAndIsKnownAfterwards(int helpers) {
    Leaks leaks = Leaks.baseline();
    try (Crew crew = gather(helpers)) {
      for (int round = 0; round < ROUNDS; round++) {
        int count = round % 300;
        AtomicIntegerArray looks = new AtomicIntegerArray(count);
        int[] known = new int[count];
        crew.each(
            count,
            (index, proc) -> {
              looks.incrementAndGet(index);
              known[index] = index + 1;
            });
        assertThat(IntStream.range(0, count).map(looks::get)).allMatch(n -> n == 1);
        assertThat(known).isEqualTo(IntStream.rangeClosed(1, count).toArray());
      }
    }
    leaks.assertNone();
  }

  @Test
  void eachThreadHasADirectoryOfItsOwn() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Set<ProcDir> directories = ConcurrentHashMap.newKeySet();
    try (Crew crew = gather(1)) {
      while (threads.size() < 2) { // a helper may wake up late
        crew.each(
            1_000,
            (_, proc) -> {
              threads.add(Thread.currentThread());
              directories.add(proc);
            });
      }
      assertThat(directories).hasSize(2).contains(crew.proc());
    }
  }

  @ParameterizedTest(name = "{0} helpers")
  @ValueSource(ints = {0, 1})
  void whatALookThrowsIsThrownOnceNobodyLooksAnyMore(int helpers) {
    try (Crew crew = gather(helpers)) {
      for (int round = 0; round < ROUNDS; round++) {
        int[] left = {0};
        assertThatThrownBy(
                () ->
                    crew.each(
                        100,
                        (index, _) -> {
                          if (index == 50) {
                            throw new IllegalStateException("at 50");
                          }
                        }))
            .hasMessage("at 50");
        crew.each(1, (_, _) -> left[0]++);
        assertThat(left[0]).isEqualTo(1);
      }
    }
  }

  @Test
  void anInterruptEndsNoLookAndIsKept() {
    try (Crew crew = gather(1)) {
      Thread.currentThread().interrupt();
      AtomicIntegerArray looks = new AtomicIntegerArray(1_000);
      crew.each(1_000, (index, _) -> looks.incrementAndGet(index));
      assertThat(IntStream.range(0, 1_000).map(looks::get)).allMatch(n -> n == 1);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static Crew gather(int helpers) {
    return Crew.gather(Libc.SYSTEM, "/proc", helpers);
  }
}
