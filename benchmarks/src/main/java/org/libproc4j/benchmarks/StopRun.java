package org.libproc4j.benchmarks;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.libproc4j.Errno;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A process of one thread, stopped and set running by a confined tracer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@NullUnmarked // JMH calls the set-up first
public class StopRun {
  private Sleepers target;
  private Tracer tracer;
  private ProcessHandle process;

  /** Takes control of a target. */
  @Setup
  public void grab() throws GrabException {
    target = new Sleepers(1);
    tracer = Tracer.ofConfined();
    process = tracer.grab(target.pid(), GrabOption.NOSTOP);
  }

  /** Lets go. */
  @TearDown
  public void release() {
    process.close();
    tracer.close();
    target.close();
  }

  /** One cycle. */
  @Benchmark
  public boolean stopAndRun() {
    return process.stop() == Errno.OK && process.setRun() == Errno.OK;
  }
}
