package org.libproc4j.freezer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.procfs.internal.ProcDir;

/**
 * Looks at many processes on several processors at once. Looks are most of what a freeze takes, and
 * what stands still needs no processor.
 *
 * <p>Used by the thread that made it alone. Its helpers only read, and none is necessary: where one
 * cannot be had, the others look at more.
 */
final class Crew implements AutoCloseable {
  /** A look at one of many, by whichever thread; the directory is that thread's own. */
  interface Look {
    void at(int index, ProcDir proc);
  }

  /** Two processors were measured; what more than four do to each other is not known. */
  private static final int MOST_HELPERS = 3;

  /** Fewer are seen before a helper has woken up. */
  private static final int FEW = 32;

  private static final int AT_ONCE = 16;
  private static final Job NONE = new Job(0, (_, _) -> {});
  private static final Job END = new Job(0, (_, _) -> {});

  private final Libc libc;
  private final String root;
  private final ProcDir proc;
  private final List<Thread> helpers = new ArrayList<>();
  private volatile Job current = NONE;

  private Crew(Libc libc, String root) {
    this.libc = libc;
    this.root = root;
    proc = ProcDir.open(libc, root);
  }

  /** Gets helpers ready, as many as there are other processors. */
  static Crew gather(Libc libc, String root) {
    int others = Runtime.getRuntime().availableProcessors() - 1;
    return gather(libc, root, Math.min(others, MOST_HELPERS));
  }

  static Crew gather(Libc libc, String root, int helpers) {
    Crew crew = new Crew(libc, root);
    Priority.bequeath(libc); // who starts a thread waits until that runs
    try {
      while (crew.helpers.size() < helpers) {
        Thread helper = Thread.ofPlatform().daemon().name("libproc4j-helper").unstarted(crew::help);
        helper.start();
        crew.helpers.add(helper);
      }
    } catch (OutOfMemoryError e) {
      // There can be no further thread: limits are reached just when one wants to freeze a machine.
    } finally {
      Priority.raise(libc, 0);
    }
    return crew;
  }

  /** The calling thread's. */
  ProcDir proc() {
    return proc;
  }

  /** Looks at each of so many, in no particular order; throws what a look has thrown. */
  void each(int count, Look look) {
    Job job = new Job(count, look);
    if (count >= FEW) {
      current = job;
      for (Thread helper : helpers) {
        LockSupport.unpark(helper);
      }
    }
    job.work(proc);
    job.await();
  }

  private void help() {
    Priority.raise(libc, 0);
    ProcDir theirs;
    try {
      theirs = ProcDir.open(libc, root);
    } catch (IllegalStateException e) {
      return; // no descriptor is left: then the others do it
    }
    try (theirs) {
      Job done = NONE;
      for (Job job; (job = current) != END; done = job) {
        if (job == done) {
          LockSupport.park(this);
          boolean _ = Thread.interrupted(); // it would never park again
        } else {
          job.work(theirs);
        }
      }
    }
  }

  /** Helpers end soon, and are not waited for: nothing that they do may delay a thaw. */
  @Override
  public void close() {
    current = END;
    helpers.forEach(LockSupport::unpark);
    proc.close();
  }

  /** Many looks, of which each thread takes a few at a time. */
  private static final class Job {
    private final int count;
    private final Look look;
    private final Thread owner = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger left;
    private volatile @Nullable Throwable thrown;

    Job(int count, Look look) {
      this.count = count;
      this.look = look;
      left = new AtomicInteger(count);
    }

    void work(ProcDir proc) {
      for (int from; (from = next.getAndAdd(AT_ONCE)) < count; ) {
        int to = Math.min(from + AT_ONCE, count);
        try {
          for (int index = from; index < to; index++) {
            look.at(index, proc);
          }
        } catch (RuntimeException | Error e) {
          thrown = e;
        } finally {
          if (left.addAndGet(from - to) == 0) {
            LockSupport.unpark(owner);
          }
        }
      }
    }

    /** Waits for what others are at yet. */
    void await() {
      boolean interrupted = false;
      while (left.get() > 0) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        owner.interrupt();
      }
      if (thrown instanceof RuntimeException e) {
        throw e;
      }
      if (thrown instanceof Error e) {
        throw e;
      }
    }
  }
}
