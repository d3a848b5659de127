/** The native surface: bindings generated from the system's C headers. */
module org.libproc4j.linux {
  exports org.libproc4j.linux to
      org.libproc4j;
}
