/** Process control for Java on Linux. */
module org.libproc4j {
  requires org.libproc4j.linux;
  requires transitive org.libproc4j.procfs;
  requires static org.jspecify;
  requires jdk.unsupported;

  exports org.libproc4j;
  exports org.libproc4j.freezer;
}
