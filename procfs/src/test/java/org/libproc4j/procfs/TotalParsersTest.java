package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the bytes are, a parser returns a value or throws the one documented exception, soon.
 *
 * <p>{@code mvn test -pl procfs -Dtest=TotalParsersTest -Dfuzz.seconds=3600} goes on for an hour. A
 * failure names its seed, which {@code -Dfuzz.seed} starts with.
 */
class TotalParsersTest {
  private static final List<Sample> SAMPLES = Sample.all();

  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 3);
  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

  /** Of the processor's time, which a busy machine may withhold: far more than any file takes. */
  private static final long HANGING_TICKS = 60 * 100;

  static List<Sample> samples() {
    return SAMPLES;
  }

  /** The files whose cut versions can all be told, because a newline ends the file. */
  static Stream<Sample> selfDelimiting() {
    return SAMPLES.stream().filter(TotalParsersTest::isStat);
  }

  private static boolean isStat(Sample sample) {
    return sample.fixture().source().toString().startsWith("stat-");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void ofEveryPrefix(Sample sample) {
    byte[] bytes = sample.fixture().bytes();
    for (int length = 0; length <= bytes.length; length++) {
      assertTotal(sample, sample.parser(), bytes, length);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void ofFilesMeantForAnother(Sample sample) {
    byte[] bytes = sample.fixture().bytes();
    for (Sample other : SAMPLES) {
      for (int length = 0; length < bytes.length; length += 1 + bytes.length / 16) {
        assertTotal(sample, other.parser(), bytes, length);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theWholeFileIsAValue(Sample sample) {
    byte[] bytes = sample.fixture().bytes();

    assertThat((Object) sample.parser().parse(sample.fixture().source(), bytes, bytes.length))
        .isNotNull();
  }

  @ParameterizedTest
  @MethodSource("selfDelimiting")
  void noProperPrefixIsTakenForTheWhole(Sample sample) {
    Fixture fixture = sample.fixture();
    byte[] bytes = fixture.bytes();
    for (int length = 0; length < bytes.length; length++) {
      int cut = length;
      assertThat(catchThrowable(() -> sample.parser().parse(fixture.source(), bytes, cut)))
          .isInstanceOf(MalformedProcException.class);
    }
  }

  @Test
  void ofRandomMutations() throws Exception {
    AtomicLong seed = new AtomicLong(SEED);
    FutureTask<Void> fuzzing = new FutureTask<>(() -> fuzz(seed), null);
    Thread.ofPlatform().daemon().name("fuzzer").start(fuzzing);
    try {
      long last = SEED;
      long since = ticks();
      while (!fuzzing.isDone()) {
        awaitEnd(fuzzing, 1);
        if (seed.get() == last) {
          assertThat(ticks() - since).as("ticks for -Dfuzz.seed=" + last).isLessThan(HANGING_TICKS);
        } else {
          last = seed.get();
          since = ticks();
        }
      }
      fuzzing.get();
    } finally {
      fuzzing.cancel(true);
    }
    System.out.printf("%,d mutated files parsed, none to complain about%n", seed.get() - SEED);
    assertThat(seed.get()).isGreaterThan(SEED);
  }

  /** The time that our threads have had on a processor. */
  private static long ticks() {
    ProcessFiles self = ProcFs.of().process((int) ProcessHandle.current().pid());
    Stat stat = self.stat().orElseThrow();
    return stat.utime() + stat.stime();
  }

  private static void awaitEnd(FutureTask<Void> task, int seconds) throws Exception {
    try {
      task.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // Has it got on meanwhile?
    }
  }

  private static void fuzz(AtomicLong seed) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    do {
      SplittableRandom random = new SplittableRandom(seed.get());
      Sample sample = SAMPLES.get(random.nextInt(SAMPLES.size()));
      Sample reader =
          random.nextInt(16) == 0 ? SAMPLES.get(random.nextInt(SAMPLES.size())) : sample;
      byte[] bytes = new Mutations(random, SAMPLES).of(sample.fixture().bytes());
      try {
        assertTotal(sample, reader.parser(), bytes, bytes.length);
        if (isStat(sample)) {
          OneProcess.assertSweptAsParsed(bytes);
        }
      } catch (Throwable t) {
        throw new AssertionError("-Dfuzz.seed=" + seed, t);
      }
      seed.incrementAndGet();
    } while (System.nanoTime() < end && !Thread.currentThread().isInterrupted());
  }

  private static void assertTotal(Sample sample, ProcParser<?> parser, byte[] bytes, int length) {
    byte[] before = bytes.clone();
    try {
      Object value = parser.parse(sample.fixture().source(), bytes, length);
      Accessors.callAll(value);
      assertThat(value.equals(parser.parse(sample.fixture().source(), bytes, length))).isTrue();
    } catch (MalformedProcException e) {
      assertThat(e.bytes()).hasSize(length);
      assertThat(e).hasMessageStartingWith(sample.fixture().source() + ": ");
    }
    assertThat(Arrays.equals(bytes, before)).isTrue();
  }
}
