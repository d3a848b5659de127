/** Measurements; never published. */
@SuppressWarnings("requires-automatic")
module org.libproc4j.benchmarks {
  requires com.github.oshi;
  requires com.github.oshi.common;
  requires jdk.management;
  requires org.libproc4j;
  requires org.libproc4j.procfs;
  requires jmh.core;
  requires static org.jspecify;
}
