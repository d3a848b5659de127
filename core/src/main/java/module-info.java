/** Process control for Java on Linux. */
module org.libproc4j {
  requires org.libproc4j.linux;
  requires org.libproc4j.procfs;
  requires static org.jspecify;

  exports org.libproc4j;
}
