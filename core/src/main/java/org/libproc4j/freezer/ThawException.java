package org.libproc4j.freezer;

import java.util.List;
import java.util.stream.Collectors;

/** A process could not be set running again; all others were. */
public final class ThawException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> culprits;

  ThawException(List<String> culprits) {
    super(
        culprits.stream()
            .collect(Collectors.joining("\n  ", "not everything could be thawed:\n  ", "")));
    this.culprits = List.copyOf(culprits);
  }

  /**
   * What is still frozen.
   *
   * @return a line for each process or control group, with the reason
   */
  public List<String> culprits() {
    return culprits;
  }
}
