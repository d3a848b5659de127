package org.libproc4j.examples;

import org.libproc4j.procfs.ProcFs;
import org.libproc4j.procfs.Status;

/** Who traces whom. */
final class Tracing {
  private Tracing() {}

  /** "process 4711 (gdb)", for the id of a tracing thread, which is what the kernel shows. */
  static String describe(int tracerTid) {
    int pid = pidOf(tracerTid);
    return "process " + pid + " (" + Operand.nameOf(pid) + ")";
  }

  static int pidOf(int tracerTid) {
    return ProcFs.of().process(tracerTid).status().map(Status::tgid).orElse(tracerTid);
  }
}
