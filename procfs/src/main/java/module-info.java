/** Bytes of {@code /proc} in, records out. */
module org.libproc4j.procfs {
  requires static org.jspecify;

  exports org.libproc4j.procfs;
}
