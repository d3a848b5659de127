package org.libproc4j.freezer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Libc;

/**
 * Freezes a machine: all processes of a {@code /proc}, until they are thawed.
 *
 * <p>Never touched are this JVM, the PID namespace's pid 1, kernel threads, what has ended, and
 * what is excluded. What job control has stopped before stays stopped. It is all or nothing, unless
 * {@link #partialOk}: if one process cannot be frozen, none is. "Frozen" is verified: a last look
 * at every thread of every process finds it stopped, and nothing new.
 *
 * <p>Whatever happens to this JVM, everything is thawed: when it exits, is killed, hangs past the
 * deadline, or gets SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGALRM, SIGUSR1 or SIGUSR2. While something
 * is frozen, SIGTSTP is ignored and this JVM cannot dump core.
 *
 * <p>A freezer never changes: each method that sets something returns a new one. One freeze at a
 * time is all that a JVM can hold.
 *
 * <p>While the machine is frozen, everything that needs another process waits for the thaw: see
 * docs/freezer.md.
 */
public final class Freezer {
  private static final Path PROC = Path.of("/proc");

  private final Path proc;
  private Backend backend = Backend.AUTO;
  private Duration deadline = Duration.ofSeconds(10);
  private Duration perProcess = Duration.ofSeconds(1);
  private Set<Integer> excluded = Set.of();
  private List<Predicate<Candidate>> predicates = List.of();
  private boolean excludesAncestors;
  private boolean partialOk;
  private boolean signalChildren;
  private @Nullable Path journal;

  private Freezer(Path proc) {
    this.proc = proc;
  }

  private Freezer(Freezer other) {
    proc = other.proc;
    backend = other.backend;
    deadline = other.deadline;
    perProcess = other.perProcess;
    excluded = other.excluded;
    predicates = other.predicates;
    excludesAncestors = other.excludesAncestors;
    partialOk = other.partialOk;
    signalChildren = other.signalChildren;
    journal = other.journal;
  }

  /**
   * All processes that {@code /proc} shows.
   *
   * @return a freezer of them
   * @throws IllegalArgumentException if that is another PID namespace's
   */
  public static Freezer machine() {
    return machine(PROC);
  }

  /**
   * All processes that this {@code /proc} shows.
   *
   * @param proc where it is mounted
   * @return a freezer of them
   * @throws IllegalArgumentException if it is no procfs of this JVM's own PID namespace: the
   *     numbers in another's mean other processes to us (pid_namespaces(7))
   */
  public static Freezer machine(Path proc) {
    ProcRoot.requireOwn(proc);
    Preload.once();
    return new Freezer(proc);
  }

  /**
   * Chooses the means.
   *
   * @param value {@link Backend#AUTO} unless set
   * @return a new freezer
   */
  public Freezer backend(Backend value) {
    Freezer freezer = new Freezer(this);
    freezer.backend = Objects.requireNonNull(value);
    return freezer;
  }

  /**
   * Limits the time from the begin of the freeze to the moment when this JVM thaws by itself. A JVM
   * that has not done so 50 ms later is killed by the kernel, and all is thawed.
   *
   * @param limit 10 seconds unless set
   * @return a new freezer
   * @throws IllegalArgumentException if it is zero or negative
   */
  public Freezer deadline(Duration limit) {
    Freezer freezer = new Freezer(this);
    freezer.deadline = positive(limit);
    return freezer;
  }

  /**
   * Limits the time that a process may take to stop.
   *
   * @param limit 1 second unless set
   * @return a new freezer
   * @throws IllegalArgumentException if it is zero or negative
   */
  public Freezer perProcess(Duration limit) {
    Freezer freezer = new Freezer(this);
    freezer.perProcess = positive(limit);
    return freezer;
  }

  private static Duration positive(Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("the limit is " + limit + ": it must be positive");
    }
    return limit;
  }

  /**
   * Leaves processes alone. Their children are not excluded with them.
   *
   * @param pids their ids
   * @return a new freezer, which excludes these too
   */
  public Freezer exclude(int... pids) {
    Freezer freezer = new Freezer(this);
    Set<Integer> all = new TreeSet<>(excluded);
    Arrays.stream(pids).forEach(all::add);
    freezer.excluded = Set.copyOf(all);
    return freezer;
  }

  /**
   * Leaves processes alone that a predicate is true for. It is asked on a thread of the freezer's,
   * more than once, and while others are frozen already: it must depend on nothing but its argument
   * and what this JVM knows.
   *
   * @param which the predicate; what it throws fails the freeze, and is thrown by {@link #freeze}
   * @return a new freezer, which excludes these too
   */
  public Freezer exclude(Predicate<Candidate> which) {
    Freezer freezer = new Freezer(this);
    List<Predicate<Candidate>> all = new ArrayList<>(predicates);
    all.add(Objects.requireNonNull(which));
    freezer.predicates = List.copyOf(all);
    return freezer;
  }

  /**
   * Leaves the ancestors of this JVM alone: the shell that waits for it, and the terminal that
   * shows what it prints, among them.
   *
   * @return a new freezer
   */
  public Freezer excludeAncestors() {
    Freezer freezer = new Freezer(this);
    freezer.excludesAncestors = true;
    return freezer;
  }

  /**
   * Whether to go on without what cannot be frozen, and report it.
   *
   * @param ok false unless set
   * @return a new freezer
   */
  public Freezer partialOk(boolean ok) {
    Freezer freezer = new Freezer(this);
    freezer.partialOk = ok;
    return freezer;
  }

  /**
   * Whether {@link Backend#TRACE} may use SIGSTOP for what it cannot seize: children of this JVM,
   * whose reaper thread would take their stops for their end, and what others trace.
   *
   * @param ok false unless set: they are reported as holdouts
   * @return a new freezer
   */
  public Freezer signalChildren(boolean ok) {
    Freezer freezer = new Freezer(this);
    freezer.signalChildren = ok;
    return freezer;
  }

  /**
   * Where a journal is kept of what SIGSTOP stops and of control groups that are frozen, for {@link
   * #recover}.
   *
   * @param runDirectory {@code $XDG_RUNTIME_DIR/libproc4j}, or {@code /run/libproc4j} where that is
   *     not set, unless set here; made if it is missing
   * @return a new freezer
   */
  public Freezer journal(Path runDirectory) {
    Freezer freezer = new Freezer(this);
    freezer.journal = Objects.requireNonNull(runDirectory);
    return freezer;
  }

  // ---- doing it

  /**
   * Looks who would be frozen, and who not.
   *
   * @return what a freeze would do now
   * @throws java.io.UncheckedIOException if a file of {@code /proc} that has to be known cannot be
   *     read; the message names it
   */
  public FreezePlan plan() {
    return FreezePlan.of(this, Libc.SYSTEM.getpid());
  }

  /**
   * Freezes.
   *
   * @return what holds everything until it is closed, or the deadline has come
   * @throws FreezeException if something could not be frozen and {@link #partialOk} is not set, by
   *     the deadline, with permission, or at all; if a file of {@code /proc} that has to be known
   *     before cannot be read; also if the calling thread is interrupted, whose flag stays set.
   *     Nothing is frozen then
   * @throws IllegalStateException if this JVM holds a freeze already
   */
  public Frozen freeze() throws FreezeException {
    return FreezeThread.freeze(this);
  }

  /**
   * Freezes, does something, and thaws, also when that throws.
   *
   * @param body what to do
   * @throws FreezeException as {@link #freeze}; also if the deadline or a signal thawed everything
   *     before the body had ended
   */
  public void freezeThaw(Runnable body) throws FreezeException {
    try {
      freezeThaw(
          () -> {
            body.run();
            return true;
          });
    } catch (FreezeException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("a Runnable threw a checked exception", e);
    }
  }

  /**
   * Freezes, computes something, and thaws, also when that throws.
   *
   * @param <T> what is computed
   * @param body how
   * @return what the body returned
   * @throws FreezeException as {@link #freezeThaw(Runnable)}
   * @throws Exception what the body threw
   */
  public <T> T freezeThaw(Callable<T> body) throws Exception {
    T result;
    FreezeReport report;
    try (Frozen frozen = freeze()) {
      result = body.call();
      report = frozen.thaw();
    }
    if (report.thawed().filter(ThawCause.REQUEST::equals).isEmpty()) {
      throw new FreezeException("everything was thawed before the body had ended", report);
    }
    return result;
  }

  /**
   * Sets everything running that freezers have left stopped which were killed together with their
   * guardians. Only what is the same process still, by its start time, or the same control group,
   * by its inode, is touched; and nothing that a freezer holds which lives.
   *
   * @param runDirectory where the journals are: {@link #journal}
   * @return what was done
   * @throws IOException if a journal cannot be read, or removed
   */
  public static Recovery recover(Path runDirectory) throws IOException {
    return Recovery.from(Libc.SYSTEM, runDirectory);
  }

  /**
   * The same, where journals are unless {@link #journal} says otherwise.
   *
   * @return what was done
   * @throws IOException if a journal cannot be read, or removed
   */
  public static Recovery recover() throws IOException {
    return recover(Journal.directory(null));
  }

  // ---- for this package

  Path proc() {
    return proc;
  }

  Backend backend() {
    return backend;
  }

  Duration deadline() {
    return deadline;
  }

  Duration perProcess() {
    return perProcess;
  }

  Set<Integer> excluded() {
    return excluded;
  }

  List<Predicate<Candidate>> predicates() {
    return predicates;
  }

  boolean excludesAncestors() {
    return excludesAncestors;
  }

  boolean isPartialOk() {
    return partialOk;
  }

  boolean signalsChildren() {
    return signalChildren;
  }

  Path journalDirectory() {
    return Journal.directory(journal);
  }
}
