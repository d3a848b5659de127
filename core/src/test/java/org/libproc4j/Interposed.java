package org.libproc4j;

import java.io.IOException;
import org.libproc4j.internal.linux.InterposedLibc;

/**
 * The ways into the library that open a tracer themselves, with a test between it and the kernel.
 */
@SuppressWarnings("exports") // tests know what the module hides
public final class Interposed {
  private Interposed() {}

  /** As {@link ProcessHandle#grab(int, GrabOption...)}, with a tracer of its own. */
  public static ProcessHandle grab(InterposedLibc libc, int pid, GrabOption... options)
      throws GrabException {
    return Grabber.grab(libc, pid, Grabber.DEFAULT_LIMIT, options);
  }

  /** As {@link ProcessHandle#create(ProcessBuilder)}, with a tracer of its own. */
  public static ProcessHandle create(InterposedLibc libc, ProcessBuilder specification)
      throws IOException {
    return Creator.create(libc, specification);
  }
}
