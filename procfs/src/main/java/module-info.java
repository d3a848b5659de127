/** Bytes of {@code /proc} in, records out. */
@SuppressWarnings("module") // who may use the internal package is compiled after this one
module org.libproc4j.procfs {
  requires static org.jspecify;

  exports org.libproc4j.procfs;
  exports org.libproc4j.procfs.internal to
      org.libproc4j;
}
