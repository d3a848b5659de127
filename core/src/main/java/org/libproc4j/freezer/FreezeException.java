package org.libproc4j.freezer;

import java.util.List;
import java.util.stream.Collectors;

/** Not all could be frozen, so that nothing is: what had been stopped already runs again. */
public final class FreezeException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int NAMED_AT_MOST = 10;

  private final transient FreezeReport report;

  FreezeException(String reason, FreezeReport report) {
    super(message(reason, report.failed()));
    this.report = report;
  }

  private static String message(String reason, List<Holdout> holdouts) {
    if (holdouts.isEmpty()) {
      return reason;
    }
    int more = holdouts.size() - NAMED_AT_MOST;
    return holdouts.stream()
        .limit(NAMED_AT_MOST)
        .map(Holdout::toString)
        .collect(
            Collectors.joining(
                "\n  ", reason + "\n  ", more > 0 ? "\n  and " + more + " more" : ""));
  }

  /**
   * Who could not be frozen.
   *
   * @return the threads; none if the reason is another
   */
  public List<Holdout> holdouts() {
    return report.failed();
  }

  /**
   * How far the freeze got.
   *
   * @return its report
   */
  public FreezeReport report() {
    return report;
  }
}
