package org.libproc4j.freezer;

import java.util.List;

/**
 * A machine that stands still, until this is closed or the deadline has come. Any thread may use
 * it.
 */
public final class Frozen implements AutoCloseable {
  private final FreezeThread thread;

  Frozen(FreezeThread thread) {
    this.thread = thread;
  }

  /**
   * What was done, as of now.
   *
   * @return the report; {@link FreezeReport#thawed()} says whether all is frozen still
   */
  public FreezeReport report() {
    return thread.report();
  }

  /**
   * What has appeared since, or runs again: processes that pid 1 and excluded ones have started,
   * and what somebody has set running. Our own children are left out.
   *
   * @return the processes that are not held, but would have been; none after the thaw
   */
  public List<Candidate> newcomers() {
    return thread.newcomers();
  }

  /**
   * Sets everything running that was frozen here, and nothing that was stopped before. Returns when
   * that is done; after the first time, with the same report.
   *
   * @return the report
   * @throws ThawException if something could not be set running
   */
  public FreezeReport thaw() {
    return thread.thaw(ThawCause.REQUEST);
  }

  /**
   * Waits until somebody thaws: the deadline, a signal, or another thread.
   *
   * @return the report
   * @throws InterruptedException if the calling thread is interrupted; everything stays frozen
   * @throws ThawException if something could not be set running
   */
  public FreezeReport awaitThaw() throws InterruptedException {
    return thread.awaitThaw();
  }

  /** The same as {@link #thaw}. */
  @Override
  public void close() {
    thaw();
  }
}
