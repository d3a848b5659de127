package org.libproc4j;

import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.libproc4j.internal.linux.InterposedLibc;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.Snapshot;
import org.libproc4j.testing.Target;

/**
 * A target under control, not stopped, and the handle that something is tried on: the process's, or
 * that of the thread in one slot. Its tracer's calls can be interposed.
 */
final class Scene implements AutoCloseable {
  final Target target;
  final InterposedLibc libc = new InterposedLibc();
  final Tracer tracer;
  final ProcessHandle process;
  final Handle handle;

  /** The id of the thread that it is about; for a process, of any. */
  final int tid;

  private final boolean ofThread;
  private final int slot;

  private Scene(Target target, Way way, boolean ofThread, int slot) throws GrabException {
    this.target = target;
    this.ofThread = ofThread;
    this.slot = slot;
    tid = target.tid(slot);
    tracer = way.open(libc);
    try {
      process = tracer.grab(target.pid(), GrabOption.NOSTOP);
      handle = ofThread ? process.lwp(tid) : process;
    } catch (GrabException | RuntimeException e) {
      tracer.close();
      throw e;
    }
  }

  static Scene ofProcess(Target target, Way way, int slot) throws GrabException {
    return new Scene(target, way, false, slot);
  }

  static Scene ofThread(Target target, Way way, int slot) throws GrabException {
    return new Scene(target, way, true, slot);
  }

  /** Puts something between the tracer and the kernel, for its very next call. */
  void interpose(InterposedLibc.Interposer interposer) {
    libc.interpose(interposer);
    // A shared tracer is blocked in a wait of before: a command makes it wait anew.
    process.stop(StopRequest.PCNULL, 0).orThrow("PCNULL");
  }

  /** Asserts that what the handle stands for does not run, and nothing else is held. */
  void assertStill() {
    if (ofThread) {
      target.assertStill(slot);
      awaitRunning(target.movingSlotsBut(slot));
    } else {
      target.assertStill();
    }
  }

  /** Looks again and again, as the owner of a confined tracer must, until it has that state. */
  void awaitState(ProcessState state) {
    awaitState(handle, state);
  }

  /** As {@link #awaitState}, for the whole process. */
  void awaitProcess(ProcessState state) {
    awaitState(process, state);
  }

  private void awaitState(Handle watched, ProcessState state) {
    await(() -> watched.state() == state, state.toString());
  }

  /** Looks again and again until all counters have moved. */
  void awaitRunning() {
    awaitRunning(target.movingSlots());
  }

  private void awaitRunning(int... slots) {
    long[] before = target.counters();
    await(
        () -> IntStream.of(slots).allMatch(slot -> target.counter(slot) != before[slot]),
        "all counters moved");
  }

  /** Looks again and again until the target has said this. */
  void awaitLine(String regex) {
    await(() -> target.events().stream().anyMatch(line -> line.matches(regex)), regex);
  }

  /** As {@link #awaitLine}, among those said after a mark. */
  void awaitLineAfter(int mark, String regex) {
    await(() -> target.events().stream().skip(mark).anyMatch(line -> line.matches(regex)), regex);
  }

  /** Looks again and again until nobody traces that process. */
  void awaitUntraced(int pid) {
    await(
        () -> ProcFs.of().process(pid).status().orElseThrow().tracerPid() == 0,
        pid + " is untraced");
  }

  private void await(BooleanSupplier condition, String what) {
    boolean reached =
        Await.until(
            Target.LIMIT,
            () -> {
              process.stop(StopRequest.PCNULL, 0);
              return condition.getAsBoolean();
            });
    if (!reached) {
      throw new AssertionError("not " + what + " but " + handle + "\n" + target.dump());
    }
  }

  /** Whether the kernel says that it has ended, whatever the handle knows. */
  boolean isOver() {
    return ofThread
        ? isOver(target.states().getOrDefault(tid, 'X'))
        : target.states().values().stream().allMatch(Scene::isOver);
  }

  private static boolean isOver(char state) {
    return state == 'Z' || state == 'X';
  }

  /** Lets go, and asserts that nothing of it is left. */
  void assertClean() {
    close();
    target.assertClean();
  }

  /** Lets go, and asserts that it is as it was then. */
  void assertClean(Snapshot before) {
    close();
    target.assertClean(before);
  }

  /** Lets go, and asserts that the target has ended and left nothing. */
  void assertCleanEnd() {
    close();
    target.assertCleanEnd();
  }

  /** Lets go, however it is. The target is its owner's to close. */
  @Override
  public void close() {
    libc.interposeNothing();
    try {
      handle.close();
      process.close();
    } finally {
      tracer.close();
    }
  }
}
